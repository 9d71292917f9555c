// SPDX-License-Identifier: MIT
// An ELF64 executable as its loader sees it. Every offset is checked against
// the file when it is used, so a view never reaches outside of it.
#pragma once

#include <optional>

#include "kernel/image/bytes.hpp"
#include "kernel/image/loadable.hpp"

namespace image {

// A part of the file that has a place in memory. PV kernels are loaded by
// physical address: Linux has a segment whose virtual address is zero.
struct Segment {
    u64 paddr = 0;
    u64 memory_size = 0;  // what the file does not give reads as zero
    Bytes contents;
};

class Elf {
  public:
    static Loadable<Elf> parse(Bytes file);

    [[nodiscard]] u64 entry() const { return entry_; }

    // Headers are numbered; those of another kind than the one asked for give
    // nothing. parse() has checked all of them.
    [[nodiscard]] unsigned segments() const { return program_.count; }
    [[nodiscard]] std::optional<Segment> loadable(unsigned index) const;
    [[nodiscard]] std::optional<Bytes> note_segment(unsigned index) const;

    [[nodiscard]] unsigned sections() const { return section_.count; }
    [[nodiscard]] std::optional<Bytes> note_section(unsigned index) const;

  private:
    struct Table {
        u64 offset = 0;
        unsigned count = 0;
    };

    Elf(Bytes file, u64 entry, Table program, Table section)
        : file_{file}, entry_{entry}, program_{program}, section_{section} {}

    [[nodiscard]] Loadable<> check_segments() const;

    Bytes file_;
    u64 entry_;
    Table program_;
    Table section_;
};

}  // namespace image
