// SPDX-License-Identifier: MIT
// Our own copy of what the boot loader said, so that its memory can be reused.
#pragma once

#include <expected>

#include "kernel/base/fixed_vector.hpp"
#include "kernel/init/boot_info.hpp"

namespace boot {

// Why the machine cannot start, in words for the person in front of it.
using Outcome = std::expected<void, std::string_view>;
using Trouble = std::unexpected<std::string_view>;

class BootRecord {
    std::array<char, 16384> text_{};
    usize text_used_ = 0;

  public:
    FixedVector<MemoryRange, 256> memory;
    FixedVector<BootModule, 16> modules;
    FixedVector<u8, 36> rsdp;
    std::string_view loader;
    std::string_view cmdline;

    // A copy of `s` that lives as long as the record, cut short when the
    // record's space ends.
    std::string_view keep(std::string_view s);

    [[nodiscard]] BootInfo info() const;
};

// GRUB 2 passes arguments alone; other loaders put the file's name first.
struct Command {
    std::string_view name;
    std::string_view arguments;
};
Command split_command(std::string_view loader, std::string_view line);

// Makes the loader's claims usable: memory sorted and disjoint (where ranges
// overlap the less usable type wins), each module in RAM, apart from the others
// and from the image.
Outcome check(BootRecord& record, Maddr image_start, Maddr image_end);

}  // namespace boot
