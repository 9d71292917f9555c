// SPDX-License-Identifier: MIT
// MM-4: what a domain is given at its start, and what it asks for later, holds zeros
// or what the domain itself has left there; then all of it is filled, so that whoever
// gets these frames next sees a leak (test_fresh_memory.py)
#include <algorithm>
#include <span>
#include <vector>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_pool.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

constexpr u64 words = page_size / sizeof(u64);
constexpr u64 mark = 0x7365'6372'6574'2e2e;

std::span<u64> page_at(Pfn page) {
    return {reinterpret_cast<u64*>(linear_address(page)), words};
}

// Past the kit's `Pages`, which clear what they hand out.
std::vector<Pfn> take_all_pages() {
    std::vector<Pfn> pages;
    pages.reserve(page_pool().free_pages());
    constexpr u64 kept_for_the_heap = 256;
    while (page_pool().free_pages() > kept_for_the_heap)
        pages.push_back(Pfn{*page_pool().allocate(1)});
    return pages;
}

u64 count_written(std::span<Pfn const> pages) {
    return static_cast<u64>(std::ranges::count_if(pages, [](Pfn page) {
        return std::ranges::any_of(page_at(page), [](u64 word) { return word != 0; });
    }));
}

// Given back and asked for again: this domain's own, at most.
void check_exchange(Pfn page) {
    xen_pfn_t frame = p2m(page).raw();
    auto const map = [page](u64 entry) {
        return verdict::raw(hypercall::update_va_mapping(Vaddr{hypercall::address(linear_address(page))},
                                                         entry, UVMF_INVLPG));
    };
    CHECK_ANSWER(map(0), 0);
    xen_memory_reservation_t r{};
    set_xen_guest_handle_raw(r.extent_start, &frame);
    r.nr_extents = 1;
    r.domid = DOMID_SELF;
    CHECK_ANSWER(hypercall::memory_op(XENMEM_decrease_reservation, r), 1);
    frame = page.raw();
    CHECK_ANSWER(hypercall::memory_op(XENMEM_populate_physmap, r), 1);
    set_p2m(page, Mfn{frame});
    CHECK_ANSWER(map(page_table::entry_for(Mfn{frame}, page_table::data)), 0);
    auto const content = page_at(page);
    CHECK(std::ranges::all_of(content, [](u64 word) { return word == 0; }) ||
          std::ranges::all_of(content, [](u64 word) { return word == mark; }));
    std::ranges::fill(content, mark);
}

}  // namespace

int main() {
    auto const pages = take_all_pages();
    NEED(!pages.empty());
    CHECK(count_written(pages) == 0);
    for (Pfn const page : pages)
        std::ranges::fill(page_at(page), mark);
    for (Pfn const page : std::span{pages}.first(std::min<usize>(pages.size(), 64)))
        check_exchange(page);
    std::printf("%zu pages were clean and are filled\n", pages.size());
    return verdict::finish();
}
