// SPDX-License-Identifier: MIT
// Operations on the address space: under a hypervisor each changes page tables.
#include "guest-pv/linux/ops/memory.hpp"

#include <cstddef>
#include <sys/mman.h>

#include "guest-pv/linux/ops/measure.hpp"

namespace ops {
namespace {

constexpr std::size_t page_size = 4096;

char* map(std::size_t pages, void* where = nullptr) {
    auto const kind = MAP_PRIVATE | MAP_ANONYMOUS | (where ? MAP_FIXED : 0);
    auto* at = mmap(where, pages * page_size, PROT_READ | PROT_WRITE, kind, -1, 0);
    must(at != MAP_FAILED, "mmap");
    return static_cast<char*>(at);
}

void unmap(char* at, std::size_t pages) {
    must(munmap(at, pages * page_size) == 0, "munmap");
}

void touch(char volatile* at, std::size_t pages) {
    for (std::size_t page = 0; page < pages; page++)
        at[page * page_size] = 1;
}

void protect(char* at, std::size_t pages, int access) {
    must(mprotect(at, pages * page_size, access) == 0, "mprotect");
}

}  // namespace

void page_fault() {
    constexpr std::size_t pages = 256;
    report("page_fault", pages, [] {
        auto* at = map(pages);
        auto const taken = cost([&] { touch(at, pages); });
        unmap(at, pages);
        return taken;
    });
}

void munmap_page() {
    constexpr std::size_t pages = 256;
    report("munmap_page", pages, [] {
        auto* at = map(pages);
        touch(at, pages);
        return cost([&] { unmap(at, pages); });
    });
}

// A part of a larger mapping, which is split and joined again.
void mprotect_pages() {
    constexpr std::size_t pages = 16;
    constexpr std::size_t all = 64;
    auto* at = map(all);
    touch(at, all);
    report_each("mprotect_16_pages", 100, [&] {
        protect(at, pages, PROT_READ);
        protect(at, pages, PROT_READ | PROT_WRITE);
    });
    unmap(at, all);
}

// Alone in the reach of one page table, which comes and goes with them; those
// above it stay, by the page below.
void map_touch_unmap() {
    constexpr std::size_t pages = 4;
    constexpr std::size_t table_reach = 512;
    auto* around = map(3 * table_reach);
    touch(around, 1);
    unmap(around + page_size, 3 * table_reach - 1);
    auto* at = around + 2 * table_reach * page_size;
    report_each("map_touch_unmap_4_pages", 100, [&] {
        touch(map(pages, at), pages);
        unmap(at, pages);
    });
    unmap(around, 1);
}

}  // namespace ops
