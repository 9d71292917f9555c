// SPDX-License-Identifier: MIT
// The C library's heap: one growing range of addresses, backed by whichever
// pages are free. It grows in steps, as mapping is a hypercall.
#include "guest-pv/rt/memory/heap.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

#include "guest-pv/rt/boot/layout.h"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/refusal.hpp"

namespace rt {

namespace {

constexpr usize step_pages = 64;

Vaddr mapped_end{RT_HEAP_BASE};
Vaddr break_at{RT_HEAP_BASE};
constinit u64 used = 0;

u64 size_of(void* memory) {
    return malloc_usable_size(memory) + sizeof(usize);
}

using Step = std::array<Pages, step_pages>;

Result<> write_entries(Step const& pages) {
    page_table::Writer writer;
    for (usize page = 0; page < step_pages; page++) {
        Maddr const entry = TRY(page_table::l1_entry(mapped_end + page * page_size));
        TRY_VOID(writer.write(entry, page_table::entry_for(pages[page].mfn(), page_table::data)));
    }
    return is_refused_here() ? Fail{Errno::nomem} : writer.flush();
}

// Whole, or nothing has changed.
Result<> map_step() {
    if (mapped_end + step_pages * page_size > Vaddr{RT_HEAP_END})
        return Fail{Errno::nomem};
    TRY_VOID(page_table::create(mapped_end, step_pages));
    Step pages;
    for (auto& page : pages)
        page = TRY(Pages::allocate());
    if (auto const written = write_entries(pages); !written) {
        page_table::clear(mapped_end, step_pages);
        return written;
    }
    for (auto& page : pages)
        page.release();
    mapped_end += step_pages * page_size;
    return {};
}

}  // namespace

void* heap::allocate(usize bytes) {
    void* const memory = std::malloc(bytes > 0 ? bytes : 1);
    if (memory != nullptr)
        used += size_of(memory);
    return memory;
}

void heap::free(void* memory) {
    if (memory == nullptr)
        return;
    used -= size_of(memory);
    std::free(memory);
}

heap::Levels heap::levels() {
    return {.size = break_at - Vaddr{RT_HEAP_BASE}, .used = used};
}

extern "C" void* sbrk(ptrdiff_t change) {
    Vaddr const old = break_at;
    Vaddr const wanted{old.raw() + static_cast<u64>(change)};
    while (wanted > mapped_end)
        if (!map_step()) {
            errno = ENOMEM;
            return reinterpret_cast<void*>(-1);
        }
    break_at = wanted;
    return reinterpret_cast<void*>(old.raw());
}

}  // namespace rt
