// SPDX-License-Identifier: MIT
// Multiboot 2 specification, section 3.6: a list of tags.
#include <algorithm>

#include "arch/boot/multiboot.hpp"
#include "arch/boot/multiboot_magic.h"

namespace boot {
namespace {

struct Header {
    u32 total_size;
    u32 reserved;
};
struct Tag {
    u32 type;
    u32 size;  // with this head, without padding
};
struct ModuleTag {
    Tag head;
    u32 start, end;
    // a string follows
};
struct MapTag {
    Tag head;
    u32 entry_size, entry_version;
    // entries follow
};
struct MapEntry {
    u64 base, length;
    u32 type, zero;
};

Outcome damaged() {
    return Trouble{"the boot loader's information is damaged"};
}

// One tag, known to lie inside the information.
struct Found {
    CheckedBytes memory;
    u64 at;
    Tag head;

    // The string that ends the tag.
    [[nodiscard]] std::optional<std::string_view> string(u64 offset) const {
        if (head.size < offset)
            return {};
        return memory.string(at + offset, std::min<u64>(head.size - offset, max_command_line));
    }
    template <class T>
    [[nodiscard]] std::optional<T> as() const {
        if (head.size < sizeof(T))
            return {};
        return memory.read<T>(at);
    }
};

// Calls f(Found) for each tag until f fails.
template <class F>
Outcome for_each_tag(CheckedBytes memory, u64 info, F&& f) {
    auto const header = memory.read<Header>(info);
    if (!header || !memory.range(info, header->total_size))
        return damaged();
    u64 const end = info + header->total_size;
    for (u64 at = info + sizeof(Header); at + sizeof(Tag) <= end;) {
        auto const tag = memory.read<Tag>(at);
        if (!tag || tag->size < sizeof(Tag) || tag->size > end - at)
            return damaged();
        if (tag->type == MB2_TAG_END)
            return {};
        if (Outcome const r = f(Found{memory, at, *tag}); !r)
            return r;
        at = round_up(at + tag->size, 8);
    }
    return damaged();  // the end tag is missing
}

Outcome take_memory_map(Found const& tag, BootRecord& record) {
    auto const map = tag.as<MapTag>();
    if (!map || map->entry_size < sizeof(MapEntry))
        return damaged();
    for (u64 at = sizeof(MapTag); at + map->entry_size <= tag.head.size; at += map->entry_size) {
        auto const e = tag.memory.read<MapEntry>(tag.at + at);
        if (!e)
            return damaged();
        if (!record.memory.push({Maddr{e->base}, e->length, e->type}))
            return Trouble{"the boot loader's memory map has too many ranges"};
    }
    return {};
}

Outcome take_module(Found const& tag, BootRecord& record) {
    auto const module = tag.as<ModuleTag>();
    auto const line = tag.string(sizeof(ModuleTag));
    if (!module || !line)
        return damaged();
    return add_module(record, module->start, module->end, *line);
}

Outcome take_cmdline(Found const& tag, BootRecord& record) {
    auto const line = tag.string(sizeof(Tag));
    if (!line)
        return damaged();
    record.cmdline = record.keep(split_command(record.loader, *line).arguments);
    return {};
}

// A later tag (version 2) takes the place of an earlier one.
Outcome take_rsdp(Found const& tag, BootRecord& record) {
    auto const bytes = tag.memory.range(tag.at + sizeof(Tag), tag.head.size - sizeof(Tag));
    if (!bytes)
        return damaged();
    record.rsdp.clear();
    for (u8 const b : *bytes)
        if (!record.rsdp.push(b))
            break;
    return {};
}

Outcome take(Found const& tag, BootRecord& record) {
    switch (tag.head.type) {
        case MB2_TAG_CMDLINE:
            return take_cmdline(tag, record);
        case MB2_TAG_MODULE:
            return take_module(tag, record);
        case MB2_TAG_MEMORY_MAP:
            return take_memory_map(tag, record);
        case MB2_TAG_RSDP_V1:
        case MB2_TAG_RSDP_V2:
            return take_rsdp(tag, record);
        default:
            return {};
    }
}

}  // namespace

Outcome parse_multiboot2(CheckedBytes memory, u64 info, BootRecord& record) {
    // The loader's name first, wherever it is: it says how to read command lines.
    Outcome const named = for_each_tag(memory, info, [&](Found const& tag) -> Outcome {
        if (tag.head.type == MB2_TAG_LOADER)
            if (auto const name = tag.string(sizeof(Tag)))
                record.loader = record.keep(*name);
        return {};
    });
    if (!named)
        return named;
    return for_each_tag(memory, info, [&](Found const& tag) { return take(tag, record); });
}

}  // namespace boot
