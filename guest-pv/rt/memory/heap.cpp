// SPDX-License-Identifier: MIT
// The C library's heap: one growing range of addresses, backed by whichever
// pages are free. It grows in steps, as mapping is a hypercall.
#include <array>
#include <cerrno>
#include <unistd.h>

#include "guest-pv/rt/boot/layout.h"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace rt {

namespace {

constexpr usize step_pages = 64;

Vaddr mapped_end{RT_HEAP_BASE};
Vaddr break_at{RT_HEAP_BASE};

Result<> map_step() {
    if (mapped_end + step_pages * page_size > Vaddr{RT_HEAP_END})
        return Fail{Errno::nomem};
    TRY_VOID(page_table::create(mapped_end, step_pages));
    page_table::Writer writer;
    for (usize page = 0; page < step_pages; page++) {
        auto backing = TRY(Pages::allocate());
        Maddr const entry = TRY(page_table::l1_entry(mapped_end));
        TRY_VOID(writer.write(entry, page_table::entry_for(backing.mfn(), page_table::data)));
        backing.release();
        mapped_end += page_size;
    }
    return writer.flush();
}

}  // namespace

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
