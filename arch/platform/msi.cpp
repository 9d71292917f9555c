// SPDX-License-Identifier: MIT
#include "arch/platform/msi.hpp"

#include "arch/mm/device_frames.hpp"
#include "arch/mm/paging.hpp"
#include "arch/platform/pci_config.hpp"
#include "kernel/mm/page.hpp"

namespace arch {
namespace {

// 6.8.1: plain MSI.
constexpr u16 control = 2, address_low = 4, address_high = 8, data_32 = 8, data_64 = 12, mask_32 = 12,
              mask_64 = 16;
constexpr u32 msi_enable = 1, msi_messages = 7 << 4, msi_64bit = 1 << 7, msi_maskable = 1 << 8;

// 6.8.2: MSI-X.
constexpr u16 msix_table = 4;
constexpr u32 msix_enable = 1 << 15, msix_all_masked = 1 << 14, msix_last_entry = 0x7ff;
constexpr u32 bar_of_table = 7;
constexpr unsigned entry_words = 4;
constexpr u32 entry_masked = 1;

constexpr u16 command_register = 4, first_bar = 0x10;
constexpr u32 command_memory = 2;
constexpr u32 bar_is_io = 1, bar_type = 6, bar_is_64bit = 4;

// Fixed delivery to one processor, edge-triggered (SDM volume 3, 11.11).
constexpr u32 message_address(u32 apic_id) {
    return 0xfee00000 | apic_id << 12;
}

PciAddress at(Message const& m, u16 offset) {
    return {m.bus, m.devfn, static_cast<u16>(m.capability + offset)};
}
u32 read_control(Message const& m) {
    return pci_config_read(at(m, control), 2);
}
void write_control(Message const& m, u32 v) {
    pci_config_write(at(m, control), 2, v);
}

Maddr bar_address(Message const& m, u32 bar) {
    PciAddress const low{m.bus, m.devfn, static_cast<u16>(first_bar + 4 * bar)};
    u32 const value = pci_config_read(low, 4);
    if (bar > 5 || (value & bar_is_io) != 0)
        return Maddr{0};
    u64 address = value & ~u32{15};
    if ((value & bar_type) == bar_is_64bit && bar < 5)
        address |= u64{pci_config_read({low.bus, low.devfn, static_cast<u16>(low.offset + 4)}, 4)} << 32;
    return Maddr{address};
}

// The table's place by the function's own registers. The domain that drives it
// can move the BAR, so RAM and what the hypervisor uses itself are refused.
Result<u32 volatile*> map_table_entry(Message const& m, u32 entry) {
    u32 const where = pci_config_read(at(m, msix_table), 4);
    Maddr const bar = bar_address(m, where & bar_of_table);
    if (bar == Maddr{0})
        return Fail{Errno::nodev};
    Maddr const row = bar + (where & ~bar_of_table) + u64{entry} * entry_words * sizeof(u32);
    if (mm::page_of(mfn_of(row)) || device_access(mfn_of(row)) == DeviceAccess::none)
        return Fail{Errno::nodev};
    return static_cast<u32 volatile*>(TRY(map_device(row, entry_words * sizeof(u32))));
}

Result<Message> program_msix(Message m, u32 entry, u8 vector, u32 apic_id) {
    u32 const ctrl = read_control(m);
    if (entry > (ctrl & msix_last_entry))
        return Fail{Errno::inval};
    PciAddress const command{m.bus, m.devfn, command_register};
    u32 const enabled = pci_config_read(command, 2);
    if ((enabled & command_memory) == 0)
        return Fail{Errno::nodev};  // its table cannot be reached
    m.entry = TRY(map_table_entry(m, entry));
    set_message_mask(m, true);
    m.entry[0] = message_address(apic_id);
    m.entry[1] = 0;
    m.entry[2] = vector;
    write_control(m, (ctrl | msix_enable) & ~msix_all_masked);
    return m;
}

Result<Message> program_msi(Message m, u8 vector, u32 apic_id) {
    u32 const ctrl = read_control(m) & ~(msi_enable | msi_messages);
    bool const wide = (ctrl & msi_64bit) != 0;
    write_control(m, ctrl);
    set_message_mask(m, true);
    pci_config_write(at(m, address_low), 4, message_address(apic_id));
    if (wide)
        pci_config_write(at(m, address_high), 4, 0);
    pci_config_write(at(m, wide ? data_64 : data_32), 2, vector);
    if ((ctrl & msi_maskable) != 0)
        write_control(m, ctrl | msi_enable);
    return m;
}

// Without mask bits, a plain MSI is masked by switching it off.
void mask_msi(Message const& m, bool masked) {
    u32 const ctrl = read_control(m);
    if ((ctrl & msi_maskable) == 0) {
        write_control(m, masked ? ctrl & ~msi_enable : ctrl | msi_enable);
        return;
    }
    pci_config_write(at(m, (ctrl & msi_64bit) != 0 ? mask_64 : mask_32), 4, masked ? 1 : 0);
}

}  // namespace

Result<Message> program_message(machine::MsiRequest const& r, u8 vector, u32 apic_id) {
    if (r.segment != 0)
        return Fail{Errno::nodev};
    bool const table = r.table_base != 0;
    Message const m{r.bus, r.devfn,
                    pci_find_capability(r.bus, r.devfn, table ? pci_cap::msix : pci_cap::msi)};
    if (m.capability == 0)
        return Fail{Errno::nodev};
    return table ? program_msix(m, r.entry, vector, apic_id) : program_msi(m, vector, apic_id);
}

void set_message_mask(Message const& m, bool masked) {
    if (!m.entry) {
        mask_msi(m, masked);
        return;
    }
    m.entry[3] = masked ? entry_masked : 0;
    static_cast<void>(m.entry[3]);  // the write has arrived when this returns
}

void retire_message(Message const& m) {
    set_message_mask(m, true);
    if (!m.entry)
        write_control(m, read_control(m) & ~msi_enable);
}

}  // namespace arch
