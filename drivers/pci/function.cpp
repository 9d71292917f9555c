// SPDX-License-Identifier: MIT
// Reading and switching one PCI function.
#include "drivers/pci/function.hpp"

namespace pci {

namespace {

constexpr u32 nobody = 0xffff;
constexpr u8 first_capability = 0x40;
// 192 bytes behind the header hold at most this many, so a longer list loops.
constexpr unsigned most_capabilities = (256 - first_capability) / 4;

}  // namespace

bool Function::present() const {
    return Identity::Vendor::in(read<Identity>()) != nobody;
}

u16 Function::vendor() const {
    return static_cast<u16>(Identity::Vendor::in(read<Identity>()));
}

u16 Function::device() const {
    return static_cast<u16>(Identity::Device::in(read<Identity>()));
}

u16 Function::class_code() const {
    return static_cast<u16>(ClassRevision::Class::in(read<ClassRevision>()));
}

io::Bits<BaseAddress> Function::bar_word(unsigned index) const {
    return {host::read32(at_, static_cast<u8>(BaseAddress::offset_of(index)))};
}

void Function::set_bar_word(unsigned index, u32 value) const {
    host::write32(at_, static_cast<u8>(BaseAddress::offset_of(index)), value);
}

Result<Bar> Function::memory_bar(unsigned index) const {
    if (index >= BaseAddress::count)
        return Fail{Errno::inval};
    auto const low = bar_word(index);
    bool const wide = BaseAddress::Type::in(low) == 2;
    if (BaseAddress::IoSpace::in(low) != 0 || (wide && index + 1 == BaseAddress::count))
        return Fail{Errno::nodev};
    u32 const high = wide ? bar_word(index + 1).raw : 0;

    auto const command = read<Command>();
    write(Command::MemorySpace::replaced(command, 0));
    set_bar_word(index, ~u32{0});
    u64 mask = bar_word(index).raw & ~memory_bar_flags;
    set_bar_word(index, low.raw);
    if (wide) {
        set_bar_word(index + 1, ~u32{0});
        mask |= u64{bar_word(index + 1).raw} << 32;
        set_bar_word(index + 1, high);
    } else {
        mask |= u64{~u32{0}} << 32;
    }
    write(command);

    u64 const base = u64{high} << 32 | (low.raw & ~memory_bar_flags);
    u64 const bytes = ~mask + 1;
    bool const power_of_two = bytes != 0 && (bytes & (bytes - 1)) == 0;
    if (!power_of_two || base == 0 || base % bytes != 0)
        return Fail{Errno::nodev};
    return Bar{Maddr{base}, bytes};
}

std::optional<u8> Function::find(Capability wanted) const {
    auto const all = find_all(wanted);
    return all.empty() ? std::nullopt : std::optional{all.front()};
}

std::vector<u8> Function::find_all(Capability wanted) const {
    std::vector<u8> found;
    if (Status::CapabilitiesList::in(read<Status>()) == 0)
        return found;
    u32 at = CapabilityPointer::First::in(read<CapabilityPointer>()) & ~u32{3};
    for (unsigned seen = 0; at >= first_capability && seen < most_capabilities; ++seen) {
        auto const head = read<CapabilityHead>(static_cast<u8>(at));
        if (CapabilityHead::Id::in(head) == static_cast<u32>(wanted))
            found.push_back(static_cast<u8>(at));
        at = CapabilityHead::Next::in(head) & ~u32{3};
    }
    return found;
}

void Function::enable_memory() const {
    write(read<Command>() | Command::MemorySpace::of(1) | Command::InterruptDisable::of(1));
}

void Function::set_bus_master(bool on) const {
    write(Command::BusMaster::replaced(read<Command>(), on ? 1 : 0));
}

bool Function::bus_master() const {
    return Command::BusMaster::in(read<Command>()) != 0;
}

}  // namespace pci
