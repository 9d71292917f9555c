// SPDX-License-Identifier: MIT
// Registers of a device in memory. Who hosts the driver maps them and says
// how a word is read and written; a unit test answers with a model instead.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "drivers/io/reg.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace io {

// The host's answer: exactly one access of that width, in program order.
template <class Word>
Word load(std::byte const* at);
template <class Word>
void store(std::byte* at, Word value);

extern template u8 load<u8>(std::byte const*);
extern template u16 load<u16>(std::byte const*);
extern template u32 load<u32>(std::byte const*);
extern template void store<u8>(std::byte*, u8);
extern template void store<u16>(std::byte*, u16);
extern template void store<u32>(std::byte*, u32);

// Owns the mapping of one device's registers.
class Mmio {
  public:
    // `keep` is whatever must stay alive while the registers are used.
    Mmio(std::span<std::byte> registers, std::shared_ptr<void> keep)
        : registers_{registers}, keep_{std::move(keep)} {}

    [[nodiscard]] usize size() const { return registers_.size(); }

    template <class R>
    [[nodiscard]] Bits<R> read() const {
        return {load<typename R::word>(registers_.data() + R::offset)};
    }
    template <class R>
    [[nodiscard]] Bits<R> read(u32 index) const {
        return {load<typename R::word>(registers_.data() + R::offset_of(index))};
    }
    template <class R>
    void write(Bits<R> value) const {
        store(registers_.data() + R::offset, value.raw);
    }
    template <class R>
    void write(Bits<R> value, u32 index) const {
        store(registers_.data() + R::offset_of(index), value.raw);
    }

    // A part of them, which must lie inside.
    [[nodiscard]] Mmio part(usize offset, usize bytes) const {
        return {registers_.subspan(offset, bytes), keep_};
    }

  private:
    std::span<std::byte> registers_;
    std::shared_ptr<void> keep_;
};

// The host's answer: map device memory, uncached and writable.
Result<Mmio> map_registers(Maddr first, usize bytes);

}  // namespace io
