// SPDX-License-Identifier: MIT
// Models of cards behind one face, so that what every driver has to do is
// tested once, for all of them.
#pragma once

#include "drivers/net/e1000e/e1000e.hpp"
#include "drivers/net/igb/igb.hpp"
#include "drivers/net/intel/descriptors.hpp"
#include "drivers/net/virtio/virtio_net.hpp"
#include "tests/host/net/e1000e.hpp"
#include "tests/host/net/igb.hpp"
#include "tests/host/net/pci_space.hpp"
#include "tests/host/net/virtio_net.hpp"

namespace devices {

constexpr auto done = nic::intel::RxDone::DD::of(1) | nic::intel::RxDone::EOP::of(1);

struct IgbRig {
    static constexpr u16 link_vector = 8;
    static constexpr auto probe = nic::igb::probe;
    static PciSpace pci() { return PciSpace::with_igb(); }
    bool wire(std::span<std::byte const> frame) { return chip.receive(frame, 3); }
    // A frame that its buffer could not hold.
    void lie() { chip.write_back((done | nic::intel::RxDone::LENGTH::of(0xffff)).raw); }
    void hang_resets() { chip.reset_hangs = true; }

    Igb chip;
};

struct E1000eRig {
    static constexpr u16 link_vector = 1;
    static constexpr auto probe = nic::e1000e::probe;
    static PciSpace pci() { return PciSpace::with_e1000e(); }
    bool wire(std::span<std::byte const> frame) { return chip.receive(frame); }
    void lie() { chip.write_back((done | nic::intel::RxDone::LENGTH::of(0xffff)).raw); }
    void hang_resets() { chip.reset_hangs = true; }

    E1000e chip;
};

struct VirtioNetRig {
    static constexpr u16 link_vector = 1;
    static constexpr auto probe = nic::virtio_net::probe;
    static PciSpace pci() { return PciSpace::with_virtio_net(); }
    bool wire(std::span<std::byte const> frame) { return chip.receive(frame); }
    // A buffer that it was never given.
    void lie() { chip.give_back(0, 0xffff, 100); }
    void hang_resets() { chip.reset_hangs = true; }

    VirtioNet chip;
};

}  // namespace devices
