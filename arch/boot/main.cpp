// SPDX-License-Identifier: MIT
// The order of start-up on the boot CPU, from the loader's word to the portable
// part. Traps come first, so that a mistake further down prints instead of
// resetting the machine; then whatever lets it print.
#include "arch/boot/ap_start.hpp"
#include "arch/boot/memory_map.hpp"
#include "arch/boot/multiboot.hpp"
#include "arch/cpu/barriers.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/init.hpp"
#include "arch/mm/image.hpp"
#include "arch/mm/init.hpp"
#include "arch/mm/isolation.hpp"
#include "arch/mm/paging.hpp"
#include "arch/platform/init.hpp"
#include "arch/platform/serial_console.hpp"
#include "kernel/base/log.hpp"
#include "kernel/machine/console.hpp"

namespace {

// Too large for the stack, and kernel_main keeps views into it.
constinit boot::BootRecord record;

constexpr u64 boot_map_bytes = u64{4} << 30;  // what start.S mapped

void read_boot_information(u32 magic, u32 info) {
    CheckedBytes const memory{{reinterpret_cast<u8 const*>(arch::direct_base), boot_map_bytes}};
    boot::Outcome outcome = boot::parse_multiboot(memory, magic, info, record);
    if (outcome)
        outcome = boot::check(record, arch::load_address, arch::image_maddr(image_end));
    if (!outcome)
        machine::panic(outcome.error());
}

void log_memory(BootInfo const& info) {
    for (MemoryRange const& r : info.memory)
        log("memory {:#012x}..{:#012x} {}", r.start, r.start + r.size, boot::type_name(r.type));
}

}  // namespace

extern "C" [[noreturn]] void arch_main(u32 magic, u32 info_address) {
    constexpr CpuId boot_cpu{0};
    arch::init_traps(boot_cpu, arch::cpuid(1).b >> 24);
    arch::init_serial();
    arch::detect_features();
    read_boot_information(magic, info_address);
    BootInfo const info = record.info();
    log_memory(info);

    arch::init_paging(info);
    arch::init_cpu(boot_cpu);
    arch::choose_isolation(info.cmdline);
    arch::choose_barriers(info.cmdline);
    arch::hand_over_memory(info);
    auto const processors = arch::init_platform(info);
    boot::start_other_cpus(processors.view(), info);
    arch::prepare_device_maps();
    kernel_main(info);
}
