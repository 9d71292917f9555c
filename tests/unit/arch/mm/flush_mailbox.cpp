// SPDX-License-Identifier: MIT
// arch/mm/flush_mailbox: whoever has its answer has been flushed for.
#include "arch/mm/flush_mailbox.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

#include "tests/host/crew.hpp"

using arch::FlushMailbox;

namespace {

constexpr u64 interleavings = 500;
constexpr u64 pages = 3;

// A CPU with a translation of each page, stale since its version went up.
struct Owner {
    FlushMailbox box;
    std::array<std::atomic<u64>, pages> version{}, seen{};
    std::atomic<unsigned> askers{2};

    static u64 address(u64 page) { return (page + 1) * page_size; }

    void flush(u64 what) {
        for (u64 page = 0; page < pages; ++page)
            if (what == FlushMailbox::everything || what == address(page)) {
                host::step();
                seen[page] = version[page].load();
            }
    }
    void work() {
        while (askers.load() != 0) {
            host::step();
            box.answer([this](u64 what) { flush(what); });
        }
    }
    // Changes pages and waits each time; how often an old translation was left.
    unsigned ask(u64 first) {
        unsigned stale = 0;
        for (u64 i = 0; i < 4; ++i) {
            u64 const page = (first + i) % pages;
            u64 const now = version[page].fetch_add(1) + 1;
            host::step();
            u32 const number = box.leave(i == 3 ? FlushMailbox::everything : address(page));
            while (!box.is_answered(number))
                host::step();
            stale += seen[page].load() < now;
        }
        --askers;
        return stale;
    }
};

}  // namespace

TEST_CASE("TLB-1 whoever has its answer has been flushed for, also when requests merge") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        Owner owner;
        std::array<unsigned, 2> stale{};
        host::run_crew(seed, {[&] { owner.work(); }, [&] { stale[0] = owner.ask(0); },
                              [&] { stale[1] = owner.ask(1); }});
        REQUIRE(stale == std::array<unsigned, 2>{});
    }
}

TEST_CASE("a request that another has been answered for already is not flushed for again") {
    FlushMailbox box;
    unsigned flushes = 0;
    u32 const first = box.leave(page_size);
    u32 const second = box.leave(page_size);
    box.answer([&](u64 what) {
        CHECK(what == page_size);
        ++flushes;
    });
    box.answer([&](u64) { ++flushes; });
    CHECK(box.is_answered(first));
    CHECK(box.is_answered(second));
    CHECK(flushes == 1);
}
