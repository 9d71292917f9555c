// SPDX-License-Identifier: MIT
#include "arch/boot/boot_record.hpp"

#include <algorithm>

#include "arch/boot/memory_map.hpp"

namespace boot {
namespace {

bool overlap(Maddr a, u64 a_size, Maddr b, u64 b_size) {
    return a < b + b_size && b < a + a_size;
}

bool inside_ram(BootModule const& m, std::span<MemoryRange const> memory) {
    return std::ranges::any_of(memory, [&](MemoryRange const& r) {
        return r.type == memory_ram && r.start <= m.start && m.start + m.size <= r.start + r.size;
    });
}

Outcome check_modules(BootRecord const& record, Maddr image_start, Maddr image_end) {
    auto const modules = record.modules.view();
    for (usize i = 0; i < modules.size(); ++i) {
        BootModule const& m = modules[i];
        if (!inside_ram(m, record.memory.view()))
            return Trouble{"a boot module lies outside of RAM"};
        if (overlap(m.start, m.size, image_start, image_end - image_start))
            return Trouble{"a boot module overlaps the hypervisor"};
        for (BootModule const& other : modules.first(i))
            if (overlap(m.start, m.size, other.start, other.size))
                return Trouble{"two boot modules overlap"};
    }
    return {};
}

}  // namespace

std::string_view BootRecord::keep(std::string_view s) {
    usize const n = std::min(s.size(), text_.size() - text_used_);
    char* const to = text_.data() + text_used_;
    std::copy_n(s.data(), n, to);
    text_used_ += n;
    return {to, n};
}

BootInfo BootRecord::info() const {
    return {loader, cmdline, memory.view(), modules.view(), rsdp.view()};
}

Command split_command(std::string_view loader, std::string_view line) {
    constexpr std::string_view blanks = " \t";
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    bool const grub2 = loader.starts_with("GRUB ") && !loader.starts_with("GRUB 0");
    if (grub2)
        return {{}, line};
    usize const name_end = std::min(line.find_first_of(blanks), line.size());
    usize const arguments = std::min(line.find_first_not_of(blanks, name_end), line.size());
    return {line.substr(0, name_end), line.substr(arguments)};
}

Outcome check(BootRecord& record, Maddr image_start, Maddr image_end) {
    if (!normalise_memory(record.memory))
        return Trouble{"the boot loader's memory map has too many ranges"};
    auto const is_ram = [](MemoryRange const& r) { return r.type == memory_ram; };
    if (std::ranges::none_of(record.memory.view(), is_ram))
        return Trouble{"the boot loader's memory map names no RAM"};
    return check_modules(record, image_start, image_end);
}

}  // namespace boot
