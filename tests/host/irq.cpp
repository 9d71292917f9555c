// SPDX-License-Identifier: MIT
#include "tests/host/irq.hpp"

#include <array>
#include <map>

namespace host {

std::set<u32>& open_pirqs() {
    static std::set<u32> open;
    return open;
}

}  // namespace host

namespace machine {

namespace {

// Whose each line is, once it is mapped.
std::map<u32, DomId> owners;

}  // namespace

Result<Pirq> map_msi(MsiRequest const&, DomId) {
    return Fail{Errno::nodev};
}
Result<Pirq> map_gsi(u32 gsi, DomId owner) {
    if (gsi >= 24)
        return Fail{Errno::inval};
    if (owners.try_emplace(gsi, owner).first->second != owner)
        return Fail{Errno::busy};
    return Pirq{gsi};
}
Result<> unmap_pirq(Pirq p, DomId owner) {
    if (!is_pirq_of(p, owner))
        return Fail{Errno::inval};
    owners.erase(p.raw());
    return {};
}
void unmap_pirqs_of(DomId owner) {
    std::erase_if(owners, [&](auto const& line) { return line.second == owner; });
}
bool is_pirq_of(Pirq p, DomId owner) {
    auto const it = owners.find(p.raw());
    return it != owners.end() && it->second == owner;
}
Result<> enable_pirq(Pirq p, bool) {
    host::open_pirqs().insert(p.raw());
    return {};
}
void disable_pirq(Pirq p) {
    host::open_pirqs().erase(p.raw());
}
void eoi_pirq(Pirq) {}
bool pirq_needs_eoi(Pirq p) {
    return p.raw() >= 16;
}

IrqLine line_of(Pirq p) {
    return {.mapped = p.raw() < 24,
            .level = pirq_needs_eoi(p),
            .open = host::open_pirqs().contains(p.raw()),
            .vector = static_cast<u8>(0x40 + p.raw())};
}
std::span<OwnInterrupt const> own_interrupts() {
    static constexpr std::array all{OwnInterrupt{0xf0, "timer"}};
    return all;
}
u64 interrupts(CpuId cpu, u8 vector) {
    return u64{vector} + cpu.raw();
}
u64 unknown_interrupts(CpuId) {
    return 3;
}

}  // namespace machine
