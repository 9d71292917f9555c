// SPDX-License-Identifier: MIT
// Reset, address, link.
#include "drivers/net/intel/chip.hpp"

#include "drivers/io/clock.hpp"

namespace nic::intel {

namespace {

constexpr unsigned register_bar = 0;
constexpr Nanos reset_limit = 100 * io::millisecond;
constexpr Nanos mdi_limit = 10 * io::millisecond;
constexpr Nanos link_limit = 10 * io::millisecond;

void set_link_up(io::Mmio const& regs) {
    regs.write(CTRL::SLU::of(1) | regs.read<CTRL>());
}

}  // namespace

Result<io::Mmio> map(pci::Function const& function, usize bytes) {
    auto const bar = TRY(function.memory_bar(register_bar));
    if (bar.bytes < bytes)
        return Fail{Errno::nodev};
    function.enable_memory();
    return io::map_registers(bar.base, bytes);
}

Result<> reset(io::Mmio const& regs) {
    set_loaded(regs, false);
    regs.write(CTRL::RST::of(1) | regs.read<CTRL>());
    auto const done = [&] { return CTRL::RST::in(regs.read<CTRL>()) == 0; };
    if (!io::wait_until(done, reset_limit))
        return Fail{Errno::timedout};
    return {};
}

Mac read_mac(io::Mmio const& regs) {
    Mac mac;
    u32 const low = regs.read<RAL>(0).raw;
    u32 const high = RAH::ADDRESS::in(regs.read<RAH>(0));
    for (unsigned i = 0; i < 4; ++i)
        mac.octets[i] = static_cast<u8>(low >> 8 * i);
    for (unsigned i = 0; i < 2; ++i)
        mac.octets[4 + i] = static_cast<u8>(high >> 8 * i);
    return mac;
}

void set_loaded(io::Mmio const& regs, bool on) {
    regs.write(CTRL_EXT::DRV_LOAD::replaced(regs.read<CTRL_EXT>(), on ? 1 : 0));
}

bool was_left_running(io::Mmio const& regs) {
    if (regs.read<STATUS>() == surprise_removed)
        return false;
    bool const loaded = CTRL_EXT::DRV_LOAD::in(regs.read<CTRL_EXT>()) != 0;
    bool const addressed = RAH::AV::in(regs.read<RAH>(0)) != 0 && !read_mac(regs).is_group();
    return loaded && addressed && has_link(regs);
}

bool has_link(io::Mmio const& regs) {
    return STATUS::LU::in(regs.read<STATUS>()) != 0;
}

Result<> negotiate_link(io::Mmio const& regs) {
    set_link_up(regs);
    regs.write(MDIC::DATA::of(phy_autonegotiate | phy_restart) | MDIC::REGADD::of(phy_control) |
               MDIC::PHYADD::of(internal_phy) | MDIC::OP::of(mdi_write));
    auto const ready = [&] { return MDIC::READY::in(regs.read<MDIC>()) != 0; };
    if (!io::wait_until(ready, mdi_limit))
        return Fail{Errno::timedout};
    if (MDIC::ERROR::in(regs.read<MDIC>()) != 0)
        return Fail{Errno::io};
    return {};
}

bool keep_link(io::Mmio const& regs) {
    set_link_up(regs);
    return io::wait_until([&] { return has_link(regs); }, link_limit);
}

void verify_checksums(io::Mmio const& regs) {
    regs.write(RXCSUM::IPOFL::of(1) | RXCSUM::TUOFL::of(1));
}

void start_transmitter(io::Mmio const& regs) {
    regs.write(TCTL::EN::of(1) | TCTL::PSP::of(1) | TCTL::CT::of(collision_threshold) |
               TCTL::COLD::of(collision_distance));
}

}  // namespace nic::intel
