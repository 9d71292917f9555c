// SPDX-License-Identifier: MIT
// Multiboot specification 0.6.96, section 3.3: one structure with flags.
#include "arch/boot/multiboot.hpp"

namespace boot {
namespace {

struct Info {
    u32 flags;
    u32 mem_lower, mem_upper;
    u32 boot_device;
    u32 cmdline;
    u32 mods_count, mods_addr;
    u32 syms[4];
    u32 mmap_length, mmap_addr;
    u32 drives_length, drives_addr;
    u32 config_table;
    u32 boot_loader_name;
};
static_assert(sizeof(Info) == 68);

constexpr u32 has_cmdline = 1u << 2, has_modules = 1u << 3, has_memory_map = 1u << 6,
              has_loader_name = 1u << 9;

struct Module {
    u32 start, end;
    u32 string;
    u32 reserved;
};

struct [[gnu::packed]] MapEntry {
    u32 size;  // of what follows
    u64 base, length;
    u32 type;
};

Outcome parse_memory_map(CheckedBytes memory, Info const& info, BootRecord& record) {
    if ((info.flags & has_memory_map) == 0)
        return Trouble{"the boot loader passed no memory map"};
    u64 const end = u64{info.mmap_addr} + info.mmap_length;
    for (u64 at = info.mmap_addr; at + sizeof(MapEntry) <= end;) {
        auto const e = memory.read<MapEntry>(at);
        if (!e || e->size < sizeof(MapEntry) - sizeof e->size)
            return Trouble{"the boot loader's memory map is damaged"};
        if (!record.memory.push({Maddr{e->base}, e->length, e->type}))
            return Trouble{"the boot loader's memory map has too many ranges"};
        at += sizeof e->size + e->size;
    }
    return {};
}

Outcome parse_modules(CheckedBytes memory, Info const& info, BootRecord& record) {
    if ((info.flags & has_modules) == 0)
        return {};
    for (u64 i = 0; i < info.mods_count; ++i) {
        auto const m = memory.read<Module>(info.mods_addr + i * sizeof(Module));
        if (!m)
            return Trouble{"the boot loader's list of modules is damaged"};
        std::string_view line;
        if (m->string != 0) {
            auto const found = memory.string(m->string, max_command_line);
            if (!found)
                return Trouble{"a boot module's command line has no end"};
            line = *found;
        }
        if (auto const added = add_module(record, m->start, m->end, line); !added)
            return added;
    }
    return {};
}

Outcome parse_strings(CheckedBytes memory, Info const& info, BootRecord& record) {
    if ((info.flags & has_loader_name) != 0)
        if (auto const name = memory.string(info.boot_loader_name, 256))
            record.loader = record.keep(*name);
    if ((info.flags & has_cmdline) == 0)
        return {};
    auto const line = memory.string(info.cmdline, max_command_line);
    if (!line)
        return Trouble{"the command line has no end"};
    record.cmdline = record.keep(split_command(record.loader, *line).arguments);
    return {};
}

}  // namespace

Outcome parse_multiboot1(CheckedBytes memory, u64 address, BootRecord& record) {
    auto const info = memory.read<Info>(address);
    if (!info)
        return Trouble{"the boot loader's information lies outside of memory"};
    // Strings first: the loader's name says how to read command lines.
    if (auto const r = parse_strings(memory, *info, record); !r)
        return r;
    if (auto const r = parse_memory_map(memory, *info, record); !r)
        return r;
    return parse_modules(memory, *info, record);
}

}  // namespace boot
