// SPDX-License-Identifier: MIT
#include "kernel/image/pv_writer.hpp"

#include <algorithm>
#include <cstdint>

#include "kernel/abi/hypercall_page.hpp"

namespace image {
namespace {

constexpr std::string_view magic = "xen-3.0-x86_64";
constexpr u64 interrupts_enabled = 1 << 9;
constexpr u64 dr6_reset = 0xffff0ff0;
constexpr u64 dr7_reset = 0x400;

void copy_text(std::string_view text, std::span<char> into) {
    std::ranges::copy(text, into.begin());
    into[text.size()] = '\0';
}

u64 ramdisk_start(PvLayout const& layout) {
    if (layout.ramdisk_bytes == 0)
        return 0;
    return layout.is_mapped(layout.ramdisk.first) ? layout.address_of(layout.ramdisk.first).raw()
                                                  : layout.ramdisk.first.raw();
}

u32 flags_of(PvLayout const& layout) {
    bool const by_pfn = layout.ramdisk_bytes != 0 && !layout.is_mapped(layout.ramdisk.first);
    return SIF_VIRT_P2M_4TOOLS | (by_pfn ? SIF_MOD_START_PFN : 0u);
}

}  // namespace

Result<> write_kernel(Kernel const& kernel, PvLayout const& layout, GuestMemory const& memory) {
    for (unsigned i = 0; i < kernel.elf.segments(); ++i) {
        if (auto const segment = kernel.elf.loadable(i))
            TRY_VOID(memory.write(kernel.offset_of(*segment), segment->contents));
    }
    if (layout.hypercall_page) {
        Pfn const page{(*layout.hypercall_page - layout.base) >> page_shift};
        abi::fill_hypercall_page(TRY(memory.page(page)));
    }
    return {};
}

Result<> write_ramdisk(PvLayout const& layout, GuestMemory const& memory, Bytes ramdisk) {
    if (ramdisk.size() != layout.ramdisk_bytes)
        return Fail{Errno::inval};
    return memory.write(layout.ramdisk.first.raw() << page_shift, ramdisk);
}

Result<> write_p2m(PvLayout const& layout, GuestMemory const& memory) {
    Pfn pfn{0};
    for (Pfn page = layout.p2m.first; page < layout.p2m.end(); ++page) {
        for (u64& entry : TRY(memory.entries(page))) {
            entry = pfn.raw() < layout.pages ? memory.frame(pfn).raw() : ~u64{0};
            ++pfn;
        }
    }
    return {};
}

Result<> write_start_info(PvLayout const& layout, GuestMemory const& memory, StartFacts const& facts) {
    auto& info = *reinterpret_cast<start_info_t*>(TRY(memory.page(layout.start_info.first)).data());
    if (facts.command_line.size() >= sizeof info.cmd_line)
        return Fail{Errno::toobig};
    copy_text(magic, info.magic);
    copy_text(facts.command_line, std::span{reinterpret_cast<char*>(info.cmd_line), sizeof info.cmd_line});
    info.nr_pages = layout.pages;
    info.shared_info = facts.shared_info.raw();
    info.flags = facts.flags | flags_of(layout);
    info.pt_base = layout.address_of(layout.l4).raw();
    info.nr_pt_frames = layout.tables.count;
    info.mfn_list = layout.p2m_address().raw();
    info.mod_start = ramdisk_start(layout);
    info.mod_len = layout.ramdisk_bytes;
    if (layout.p2m_map) {
        info.first_p2m_pfn = layout.p2m.first.raw();
        info.nr_p2m_frames = layout.p2m.count + layout.p2m_map->frames();
    }
    if (layout.store.count == 0)
        return {};
    info.store_mfn = memory.frame(layout.store.first).raw();
    info.store_evtchn = facts.store_port.raw();
    info.console.domU.mfn = memory.frame(layout.console.first).raw();
    info.console.domU.evtchn = facts.console_port.raw();
    return {};
}

void fill_context(PvLayout const& layout, GuestMemory const& memory, vcpu_guest_context_t& context) {
    context.flags = VGCF_in_kernel | VGCF_online;
    context.user_regs.rip = layout.entry.raw();
    context.user_regs.rsp = layout.stack_top().raw();
    context.user_regs.rsi = layout.address_of(layout.start_info.first).raw();
    context.user_regs.rflags = interrupts_enabled;
    context.user_regs.cs = FLAT_KERNEL_CS;
    context.user_regs.ss = FLAT_KERNEL_SS;
    context.kernel_ss = FLAT_KERNEL_SS;
    context.kernel_sp = layout.stack_top().raw();
    context.ctrlreg[3] = maddr_of(memory.frame(layout.l4)).raw();
    context.debugreg[6] = dr6_reset;
    context.debugreg[7] = dr7_reset;
}

}  // namespace image
