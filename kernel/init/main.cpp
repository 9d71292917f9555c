// SPDX-License-Identifier: MIT
// Start-up of the portable part: says who we are, reads the command line,
// builds the initial domain and lets it run.
#include "kernel/base/log.hpp"
#include "kernel/base/version.hpp"
#include "kernel/console/input.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/init/boot_info.hpp"
#include "kernel/init/dom0.hpp"
#include "kernel/init/options.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/mm/e820.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/call_counts.hpp"
#include "kernel/monitor/faults.hpp"
#include "kernel/monitor/programs.hpp"
#include "kernel/monitor/serial.hpp"
#include "kernel/profile/stretches.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/trace/words.hpp"

namespace {

void introduce(BootInfo const& info) {
    log("Granite {} (Xen {}.{} PV ABI), booted by {}", version::granite, version::abi_major,
        version::abi_minor, info.loader);
    if (!info.cmdline.empty())
        log("command line: {}", info.cmdline);
    unsigned const cpus = machine::online_cpus();
    log("{} {}, {} MHz; {} of {} MiB free", cpus, cpus == 1 ? "CPU" : "CPUs", machine::tsc_khz() / 1000,
        mm::free_frame_count() >> 8, mm::total_frame_count() >> 8);
    for (BootModule const& m : info.modules)
        log("module {:#x}, {} KiB: {} {}", m.start, m.size >> 10, m.name, m.cmdline);
}

// The modules were copied; the machine's memory is not too large to waste.
void free_modules(BootInfo const& info) {
    for (BootModule const& m : info.modules) {
        u64 const begin = round_up(m.start.raw(), page_size);
        u64 const end = round_down(m.start.raw() + m.size, page_size);
        if (begin < end)
            mm::add_free({mfn_of(Maddr{begin}), (end - begin) >> page_shift});
    }
}

// The hardware domain asks where devices may be. A map too long for the table
// loses its end, which only makes fewer ranges known.
void keep_machine_map(BootInfo const& info) {
    for (MemoryRange const& r : info.memory)
        if (!mm::machine_map().push({r.start.raw(), r.size, r.type}))
            log("the memory map has more than {} ranges", mm::machine_map().size());
}

// The driver domain asks what is wanted of it.
void follow_trace(trace::Kinds kinds) {
    hypercall::follow_trace(kinds);
    evtchn::raise_global_virq(VIRQ_ARCH_1);
}

void listen_to_console() {
    console::set_listeners({.driver_domain = [] { evtchn::raise_global_virq(VIRQ_CONSOLE); },
                            .monitor = monitor::serial_input,
                            .question = monitor::question_input,
                            .focus_changed = monitor::serial_focus});
}

}  // namespace

void kernel_main(BootInfo const& info) {
    version::set_command_line(info.cmdline);
    introduce(info);
    auto const options = init::parse_options(info.cmdline, log_line);
    if (options.noreboot)
        domains::forbid_reboot();
    if (options.faults)
        monitor::allow_faults();
    trace::set_room(options.trace_pages);
    sched::init_cpu(machine::this_cpu());
    keep_machine_map(info);

    auto dom0 = init::build_dom0(info, options);
    if (!dom0)
        machine::panic(dom0.error());
    free_modules(info);
    listen_to_console();
    trace::set_call_names(hypercall::name);
    trace::set_follower(follow_trace);
    stretches::set_follower(hypercall::follow_stretches);
    monitor::set_call_counts({hypercall::table_size, hypercall::name, hypercall::calls});
    if (!domains::unpause(**dom0))
        machine::panic("the initial domain does not start");
    machine::run_guests();
}
