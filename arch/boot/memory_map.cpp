// SPDX-License-Identifier: MIT
#include "arch/boot/memory_map.hpp"

#include <algorithm>

namespace boot {
namespace {

using Ranges = FixedVector<MemoryRange, 256>;
using Edges = FixedVector<u64, 512>;

void clip(Ranges& ranges) {
    for (MemoryRange& r : ranges) {
        u64 const start = std::min(r.start.raw(), physical_limit);
        r.start = Maddr{start};
        r.size = std::min(r.size, physical_limit - start);
    }
}

Edges edges_of(Ranges const& ranges) {
    Edges edges;
    for (MemoryRange const& r : ranges) {
        // Both fit: there are twice as many edges as ranges.
        static_cast<void>(edges.push(r.start.raw()));
        static_cast<void>(edges.push(r.start.raw() + r.size));
    }
    std::sort(edges.begin(), edges.end());
    return edges;
}

// The type that holds for all of [from, to), which no edge divides; 0: no claim.
u32 type_between(Ranges const& ranges, u64 from, u64 to) {
    u32 type = 0;
    for (MemoryRange const& r : ranges)
        if (r.start.raw() <= from && to <= r.start.raw() + r.size && (type == 0 || type == memory_ram))
            type = r.type;
    return type;
}

bool append(Ranges& out, u64 from, u64 to, u32 type) {
    if (!out.empty() && out.back().type == type && out.back().start.raw() + out.back().size == from) {
        out.back().size += to - from;
        return true;
    }
    return out.push({Maddr{from}, to - from, type});
}

Ranges whole_pages_of_ram(Ranges const& ranges) {
    Ranges out;
    for (MemoryRange r : ranges) {
        if (r.type == memory_ram) {
            u64 const start = round_up(r.start.raw(), page_size);
            u64 const end = round_down(r.start.raw() + r.size, page_size);
            r = {Maddr{start}, end > start ? end - start : 0, r.type};
        }
        if (r.size > 0)
            static_cast<void>(out.push(r));  // not more than there were
    }
    return out;
}

}  // namespace

std::string_view type_name(u32 type) {
    constexpr std::array<std::string_view, 6> names{"unknown",     "RAM",          "reserved",
                                                    "ACPI tables", "ACPI storage", "bad"};
    return type < names.size() ? names[type] : names[0];
}

bool normalise_memory(Ranges& ranges) {
    clip(ranges);
    Edges const edges = edges_of(ranges);
    Ranges out;
    for (usize i = 0; i + 1 < edges.size(); ++i) {
        if (edges[i] == edges[i + 1])
            continue;
        u32 const type = type_between(ranges, edges[i], edges[i + 1]);
        if (type != 0 && !append(out, edges[i], edges[i + 1], type))
            return false;
    }
    ranges = whole_pages_of_ram(out);
    return true;
}

}  // namespace boot
