// SPDX-License-Identifier: MIT
// One PCI function: identity, address ranges, capabilities, and the switches
// that let it work. Everything it says is a claim of hardware, checked.
#pragma once

#include <optional>
#include <vector>

#include "drivers/io/mmio.hpp"
#include "drivers/pci/address.hpp"
#include "drivers/pci/host.hpp"
#include "drivers/pci/regs.hpp"

namespace pci {

enum class Capability : u8 {
    power = 0x01,
    msi = 0x05,
    vendor = 0x09,
    express = 0x10,
    msix = 0x11,
};

struct Bar {
    Maddr base;
    u64 bytes;
};

class Function {
  public:
    explicit Function(Address at) : at_{at} {}

    [[nodiscard]] Address address() const { return at_; }
    [[nodiscard]] bool present() const;
    [[nodiscard]] u16 vendor() const;
    [[nodiscard]] u16 device() const;
    [[nodiscard]] u16 class_code() const;

    // A register of the header, or of the capability at that offset.
    template <class R>
    [[nodiscard]] io::Bits<R> read(u8 capability = 0) const {
        auto const offset = static_cast<u8>(capability + R::offset);
        u32 const word = host::read32(at_, static_cast<u8>(offset & ~3));
        return {static_cast<R::word>(word >> 8 * (offset & 3))};
    }
    template <class R>
    void write(io::Bits<R> value, u8 capability = 0) const {
        auto const offset = static_cast<u8>(capability + R::offset);
        if constexpr (sizeof value.raw == sizeof(u16))
            host::write16(at_, offset, value.raw);
        else
            host::write32(at_, offset, value.raw);
    }

    // Where a memory BAR is and how big. Its size is found by writing ones,
    // so decoding is off for that moment.
    [[nodiscard]] Result<Bar> memory_bar(unsigned index) const;

    // Offset of the first capability of a kind, and of each.
    [[nodiscard]] std::optional<u8> find(Capability wanted) const;
    [[nodiscard]] std::vector<u8> find_all(Capability wanted) const;

    // Memory space on, legacy interrupt off.
    void enable_memory() const;
    void set_bus_master(bool on) const;
    [[nodiscard]] bool bus_master() const;

  private:
    [[nodiscard]] io::Bits<BaseAddress> bar_word(unsigned index) const;
    void set_bar_word(unsigned index, u32 value) const;

    Address at_;
};

}  // namespace pci
