// SPDX-License-Identifier: MIT
#include "kernel/mm/m2p.hpp"

#include "kernel/mm/page.hpp"

namespace mm {
namespace {

u64* table = nullptr;
Mfn table_end{};

}  // namespace

void init_m2p(u64* entries, Mfn end) {
    table = entries;
    table_end = end;
}

// Guests read the table at any time, so entries change in one store.
void m2p_set(Mfn m, Pfn p) {
    ASSERT(m < table_end);
    __atomic_store_n(table + m.raw(), p.raw(), __ATOMIC_RELAXED);
}

Pfn m2p_get(Mfn m) {
    return page_of(m) ? Pfn{__atomic_load_n(table + m.raw(), __ATOMIC_RELAXED)} : pfn_none;
}

}  // namespace mm
