// SPDX-License-Identifier: MIT
// Registers declared once, like the table of a datasheet:
//
//   struct RCTL : Reg<u32, 0x0100> {       // receive control
//       using EN = Field<RCTL, 1>;
//   };
//   regs.write(RCTL::EN::of(1));
//
// A value knows the register it belongs to, so it cannot go to another one.
#pragma once

#include "kernel/base/types.hpp"

namespace io {

// What is in, or goes to, register R.
template <class R>
struct Bits {
    typename R::word raw{};

    friend constexpr Bits operator|(Bits a, Bits b) { return {static_cast<R::word>(a.raw | b.raw)}; }
    friend constexpr bool operator==(Bits, Bits) = default;
};

template <class Word, u32 Offset>
struct Reg {
    using word = Word;
    static constexpr u32 offset = Offset;
    static constexpr u32 last_offset = Offset;
};

// The same register once per queue, per vector, per address.
template <class Word, u32 Offset, u32 Stride, u32 Count>
struct RegArray {
    using word = Word;
    static constexpr u32 count = Count;
    static constexpr u32 offset_of(u32 index) { return Offset + index * Stride; }
    static constexpr u32 last_offset = offset_of(Count - 1);
};

template <class R, unsigned Hi, unsigned Lo = Hi>
struct Field {
    using Word = typename R::word;
    static constexpr Word mask() {
        return static_cast<Word>(static_cast<Word>((Word{2} << (Hi - Lo)) - 1) << Lo);
    }
    static constexpr Bits<R> of(Word v) { return {static_cast<Word>((v << Lo) & mask())}; }
    static constexpr Word in(Bits<R> b) { return static_cast<Word>((b.raw & mask()) >> Lo); }
    static constexpr Bits<R> replaced(Bits<R> b, Word v) {
        return {static_cast<Word>((b.raw & static_cast<Word>(~mask())) | of(v).raw)};
    }
};

}  // namespace io
