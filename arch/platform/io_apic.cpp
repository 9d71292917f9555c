// SPDX-License-Identifier: MIT
#include "arch/platform/io_apic.hpp"

#include "arch/mm/paging.hpp"
#include "kernel/base/log.hpp"
#include "kernel/sync/lock.hpp"

namespace arch::io_apic {
namespace {

constexpr u32 version_register = 1, first_entry = 0x10;
constexpr u32 entry_masked = 1u << 16, entry_level = 1u << 15, entry_low = 1u << 13, entry_nmi = 4u << 8;
constexpr u32 every_cpu = 0xff;

struct Chip {
    std::byte* registers;
    u32 first_gsi;
    u32 inputs;

    // Two registers: which one, and its contents. Under `access`.
    [[nodiscard]] u32 read(u32 index) const {
        select(index);
        return *window();
    }
    void write(u32 index, u32 v) const {
        select(index);
        *window() = v;
    }

  private:
    void select(u32 index) const { *reinterpret_cast<u32 volatile*>(registers) = index; }
    [[nodiscard]] u32 volatile* window() const { return reinterpret_cast<u32 volatile*>(registers + 0x10); }
};

constinit FixedVector<Chip, 8> chips;
constinit TicketLock access;  // a leaf: taken by interrupt handlers, too

class Access {
  public:
    Access() { access.acquire(); }
    ~Access() { access.release(); }
    Access(Access const&) = delete;
    Access& operator=(Access const&) = delete;
};

struct Input {
    Chip const* chip;
    u32 low_register;  // the upper half follows it
};

std::optional<Input> find(u32 gsi) {
    for (Chip const& c : chips)
        if (gsi >= c.first_gsi && gsi - c.first_gsi < c.inputs)
            return Input{&c, first_entry + 2 * (gsi - c.first_gsi)};
    return {};
}

Result<> program(u32 gsi, u32 apic_id, u32 how) {
    auto const in = find(gsi);
    if (!in)
        return Fail{Errno::inval};
    Access const a;
    in->chip->write(in->low_register, entry_masked);
    in->chip->write(in->low_register + 1, apic_id << 24);
    in->chip->write(in->low_register, how | entry_masked);
    return {};
}

void set_mask(u32 gsi, bool masked) {
    auto const in = find(gsi);
    if (!in)
        return;
    Access const a;
    u32 const low = in->chip->read(in->low_register) & ~entry_masked;
    in->chip->write(in->low_register, low | (masked ? entry_masked : 0));
}

}  // namespace

void init(std::span<acpi::IoApic const> apics) {
    for (acpi::IoApic const& apic : apics) {
        auto const registers = map_device(Maddr{apic.address}, page_size);
        if (!registers)
            continue;
        Chip chip{static_cast<std::byte*>(*registers), apic.first_gsi, 0};
        chip.inputs = (chip.read(version_register) >> 16 & 0xff) + 1;
        if (!chips.push(chip))
            break;
        for (u32 n = 0; n < chip.inputs; ++n)
            chip.write(first_entry + 2 * n, entry_masked);
        log("IO-APIC {}: interrupts {} to {}", apic.id, apic.first_gsi, apic.first_gsi + chip.inputs - 1);
    }
}

bool exists(u32 gsi) {
    return find(gsi).has_value();
}

Result<> route(u32 gsi, Route r) {
    return program(gsi, r.apic_id, r.vector | (r.active_low ? entry_low : 0) | (r.level ? entry_level : 0));
}

Result<> route_nmi_to_all(u32 gsi) {
    return program(gsi, every_cpu, entry_nmi);
}

void mask(u32 gsi) {
    set_mask(gsi, true);
}
void unmask(u32 gsi) {
    set_mask(gsi, false);
}

}  // namespace arch::io_apic
