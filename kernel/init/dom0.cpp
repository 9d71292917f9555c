// SPDX-License-Identifier: MIT
#include "kernel/init/dom0.hpp"

#include <algorithm>

#include "kernel/base/log.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/image/kernel.hpp"
#include "kernel/image/kind.hpp"
#include "kernel/image/pv_layout.hpp"
#include "kernel/image/pv_writer.hpp"
#include "kernel/init/dom0_frames.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sched/sched.hpp"

namespace init {
namespace {

using Refusal = std::unexpected<std::string_view>;

// What a driver domain of ours needs beside its ramdisk.
constexpr u64 usual_memory = u64{128} << 20;
// Left for the hypervisor's own tables and the first guest.
constexpr u64 reserve = u64{32} << 20;

constexpr std::string_view out_of_memory = "not enough memory for the initial domain: see dom0_mem=";

image::Bytes bytes_of(BootModule const& m) {
    return {machine::frame_as<std::byte const>(mfn_of(m.start)) + offset_in_page(m.start), m.size};
}

u64 pages_for_dom0(Options const& o, u64 ramdisk_bytes) {
    u64 const free = mm::free_frame_count() << page_shift;
    u64 const own = free - std::min(free, reserve);
    u64 const available = own - std::min(own, machine::frames_for_roots(own >> page_shift) << page_shift);
    u64 const usual = std::min(available, usual_memory + ramdisk_bytes);
    u64 bytes = o.dom0_memory.size ? o.dom0_memory.size->of(available) : usual;
    if (o.dom0_memory.min)
        bytes = std::max(bytes, o.dom0_memory.min->of(available));
    if (o.dom0_memory.max)
        bytes = std::min(bytes, o.dom0_memory.max->of(available));
    return bytes >> page_shift;
}

Result<DomainRef> create_domain(Options const& o, u64 pages) {
    u32 const cpus = machine::online_cpus();
    u32 const vcpus = std::min(o.dom0_vcpus.of(cpus), max_vcpus_per_domain);
    constexpr Privileges all{.control = true, .hardware = true, .console = true};
    auto d = TRY(domains::create(DomId{0}, all, vcpus, o.gnttab_max_frames, o.gnttab_max_maptrack_frames));
    TRY_VOID(d->memory.views.resize(machine::frames_for_roots(pages)));
    d->memory.max_pages = pages;
    if (o.dom0_vcpus_pin)
        for (u32 n = 0; n < vcpus; ++n)
            sched::set_affinity(*d->vcpus[n], sched::CpuMask{1} << n % cpus, sched::all_cpus);
    return d;
}

Result<> fill_memory(Domain& d, image::Kernel const& kernel, image::PvLayout const& layout,
                     image::GuestMemory const& memory, image::Bytes ramdisk, std::string_view cmdline) {
    TRY_VOID(image::write_kernel(kernel, layout, memory));
    if (!ramdisk.empty())
        TRY_VOID(image::write_ramdisk(layout, memory, ramdisk));
    TRY_VOID(image::write_p2m(layout, memory));
    TRY_VOID(image::write_tables(layout, memory));
    return image::write_start_info(layout, memory,
                                   {.shared_info = maddr_of(d.shared_info_mfn),
                                    .flags = SIF_INITDOMAIN | SIF_PRIVILEGED,
                                    .command_line = cmdline});
}

// At start-up there is nobody to give the CPU to, so restarts just go on.
template <class F>
Result<> until_done(F&& step) {
    for (;;) {
        Result<> r = step();
        if (r || r.error() != Errno::restart)
            return r;
    }
}

// What MMUEXT_PIN_L4_TABLE does: the mark owns one reference (PT-09).
Result<> pin_root(PageInfo& root, Domain& d) {
    auto table = TRY(TypeRef::take(root, PageType::l4, d.memory));
    table.release()->type_word.fetch_or(PageInfo::pinned);
    return {};
}

Result<> start_first_vcpu(Domain& d, image::PvLayout const& layout, image::GuestMemory const& memory) {
    PageInfo* const root = mm::page_of(memory.frame(layout.l4));
    TRY_VOID(until_done([&] { return pin_root(*root, d); }));
    vcpu_guest_context_t context{};
    image::fill_context(layout, memory, context);
    Vcpu& v = *d.vcpus[0];
    TRY_VOID(until_done([&] { return machine::vcpu_set_context(v, context); }));
    sched::bring_up(v);
    return {};
}

}  // namespace

std::expected<DomainRef, std::string_view> build_dom0(BootInfo const& info, Options const& options) {
    if (info.modules.empty())
        return Refusal{"no modules: the first one must be the driver domain's kernel"};
    BootModule const& module = info.modules[0];
    image::Bytes const ramdisk = info.modules.size() > 1 ? bytes_of(info.modules[1]) : image::Bytes{};
    auto const kernel = image::Kernel::parse(bytes_of(module));
    if (!kernel)
        return Refusal{kernel.error()};

    u64 const pages = pages_for_dom0(options, ramdisk.size());
    auto const layout =
        image::PvLayout::plan(*kernel, {.pages = pages, .ramdisk_bytes = ramdisk.size(), .rings = false});
    if (!layout)
        return Refusal{layout.error()};
    auto d = create_domain(options, pages);
    if (!d)
        return Refusal{out_of_memory};
    auto frames = Dom0Frames::allocate(**d, pages);
    if (!frames)
        return Refusal{out_of_memory};
    image::GuestMemory const memory{*frames};
    if (!fill_memory(**d, *kernel, *layout, memory, ramdisk, module.cmdline))
        return Refusal{"the initial domain's kernel, or its command line, does not fit"};
    if (!start_first_vcpu(**d, *layout, memory))
        return Refusal{"the initial domain's page tables were refused"};
    log("d0: {} of {} MiB, entry {:#x}, ramdisk {} KiB", image::kind_of(bytes_of(module)), pages >> 8,
        layout->entry, ramdisk.size() >> 10);
    return std::move(*d);
}

}  // namespace init
