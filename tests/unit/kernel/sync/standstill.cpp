// SPDX-License-Identifier: MIT
// kernel/sync/standstill: while the world stands, nothing is half done anywhere.
#include "kernel/sync/standstill.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>

#include "tests/host/crew.hpp"

namespace {

constexpr u64 interleavings = 500;

// CPUs that work in pieces, and pass by a place where nothing is half done.
struct Workers {
    std::array<std::atomic<bool>, 4> half_done{};
    std::atomic<unsigned> still_working{0};
    std::atomic<unsigned> found{0};  // pieces half done while the world stood
    std::atomic<unsigned> looks{0};

    void piece(usize cpu) {
        half_done[cpu] = true;
        host::step();
        half_done[cpu] = false;
        Standstill::stand_if_asked();
        host::step();
    }
    void look() {
        Standstill const still;
        for (int again = 0; again < 3; ++again) {
            host::step();
            for (auto const& half : half_done)
                found += half.load();
        }
        ++looks;
    }
    // As a CPU does that has nothing to do any more: it still stands when asked.
    void idle() {
        --still_working;
        while (still_working.load() != 0) {
            Standstill::stand_if_asked();
            host::step();
        }
    }
};

}  // namespace

TEST_CASE("D12 while a CPU looks at the world nothing is half done, and all go on") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        Workers w;
        w.still_working = 4;
        auto const work = [&](usize cpu, bool looks) {
            return [&w, cpu, looks] {
                for (int i = 0; i < 6; ++i) {
                    w.piece(cpu);
                    if (looks && i % 2 == 0)
                        w.look();
                }
                w.idle();
            };
        };
        host::run_crew(seed, {work(0, false), work(1, true), work(2, true), work(3, false)});
        REQUIRE(w.found.load() == 0);
        REQUIRE(w.looks.load() == 6);
    }
}
