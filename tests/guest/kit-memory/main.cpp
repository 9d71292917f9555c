// SPDX-License-Identifier: MIT
// The kit's memory: all pages are usable, protections hold, heaps grow, DMA
// memory is consecutive in machine addresses, frames map a second time.
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/memory/dma.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

namespace {

u64 const constant = 42;

void every_free_page_can_be_written() {
    std::vector<rt::Pages> all;
    u64 const free_before = rt::page_counts().free;
    // The vector itself grows into some of them.
    for (u64 page = 0; page + 1024 < free_before; page++) {
        auto got = rt::Pages::allocate();
        NEED(got);
        *got->as<u64>() = page;
        all.push_back(std::move(*got));
    }
    for (u64 page = 0; page < all.size(); page++)
        CHECK(*all[page].as<u64>() == page);
}

// NF-3: a page, which may be granted, has nothing of who had it before
void pages_come_empty() {
    for (int turn = 0; turn < 2; turn++) {
        auto pages = rt::Pages::allocate(8);
        NEED(pages);
        CHECK(std::ranges::all_of(std::span{pages->data(), 8 * page_size},
                                  [](std::byte b) { return b == std::byte{}; }));
        std::memset(pages->data(), 0x5a, 8 * page_size);
    }
}

void protections_hold() {
    auto* text = reinterpret_cast<u64*>(reinterpret_cast<u64>(&protections_hold));
    u64 value = 0;
    CHECK(rt::try_read(text, value));
    CHECK(!rt::try_write(text, value));
    CHECK(rt::try_read(&constant, value) && value == constant);
    CHECK(!rt::try_write(const_cast<u64*>(&constant), value));
    CHECK(!rt::try_read(nullptr, value));
    // Tables are visible and cannot be written.
    auto* tables = reinterpret_cast<u64*>(rt::start_info().pt_base);
    CHECK(rt::try_read(tables, value));
    CHECK(!rt::try_write(tables, value));
}

void the_heap_grows() {
    std::vector<std::vector<char>> blocks;
    for (int block = 0; block < 64; block++)
        blocks.emplace_back(256 * 1024, static_cast<char>(block));
    for (int block = 0; block < 64; block++)
        CHECK(std::ranges::count(blocks[static_cast<usize>(block)], static_cast<char>(block)) == 256 * 1024);
}

void dma_memory_is_consecutive() {
    for (usize pages : {1, 2, 4, 16}) {
        auto memory = rt::DmaMemory::allocate(pages * page_size);
        NEED(memory);
        for (usize page = 0; page < pages; page++)
            CHECK(memory->mfn(page) == memory->mfn() + page);
        std::memset(memory->data(), 0x5a, pages * page_size);
    }
}

void a_frame_maps_a_second_time() {
    auto page = rt::Pages::allocate();
    NEED(page);
    Mfn const frame = page->mfn();
    u64* elsewhere = nullptr;
    {
        auto mapping = rt::FrameMapping::map({&frame, 1}, DomId{DOMID_SELF}, rt::Access::read_only);
        CHECK(mapping);
        elsewhere = reinterpret_cast<u64*>(mapping->data());
        *page->as<u64>() = 77;
        CHECK(*elsewhere == 77);
        CHECK(!rt::try_write(elsewhere, 1));
    }
    u64 value = 0;
    CHECK(!rt::try_read(elsewhere, value));
}

}  // namespace

int main() {
    pages_come_empty();
    protections_hold();
    a_frame_maps_a_second_time();
    dma_memory_is_consecutive();
    the_heap_grows();
    every_free_page_can_be_written();
    return verdict::finish();
}
