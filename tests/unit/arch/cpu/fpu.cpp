// SPDX-License-Identifier: MIT
// The instructions run on this machine's processor: user code may load floating point state, too. Where the
// processor refuses, a signal's handler goes on where the hypervisor's would.
#include "arch/cpu/fpu.hpp"

#include <signal.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <span>

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include "arch/cpu/features.hpp"
#include "arch/cpu/fixup.hpp"

namespace arch {
Features features;
}

namespace {

// Of an area: the legacy region as FXSAVE has it, then XSAVE's header (Intel SDM volume 1, 10.5.1 and 13.4).
constexpr usize control = 0, status = 2, tags = 4, mxcsr = 24, stack = 32, vectors = 160,
                end_of_vectors = 416;
constexpr usize components = 512, compacted = 520, reserved = 528, end_of_header = 576;
constexpr u64 x87_and_sse = 3;

void go_on_where_the_table_says(int signal, siginfo_t*, void* context) {
    auto& rip = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP];
    u64 const to = arch::find_fixup(static_cast<u64>(rip));
    if (to == 0) {
        ::signal(signal, SIG_DFL);
        return;
    }
    rip = static_cast<greg_t>(to);
}

// What this processor and its system have switched on, as the hypervisor's own features are found.
arch::Features features_of_this_machine() {
    arch::Features f;
    f.xsave = (arch::cpuid(1).c >> 27 & 1) != 0;
    f.xsave_size = f.xsave ? arch::cpuid(0xd).b : 512;
    return f;
}

class Area {
    static constexpr usize alignment = 64, largest = 16 * page_size;
    struct alignas(alignment) Bytes : std::array<u8, largest> {};
    std::unique_ptr<Bytes> bytes_ = std::make_unique<Bytes>();

  public:
    Area() { arch::reset_fpu_area(data()); }
    [[nodiscard]] void* data() const { return bytes_->data(); }
    [[nodiscard]] u8& operator[](usize at) const { return (*bytes_)[at]; }
    [[nodiscard]] std::span<u8> part(usize from, usize to) const { return {&(*bytes_)[from], to - from}; }
    template <class Word>
    void put(usize at, Word w) const {
        std::memcpy(&(*bytes_)[at], &w, sizeof w);
    }
    template <class Word>
    [[nodiscard]] Word word(usize at) const {
        Word w{};
        std::memcpy(&w, &(*bytes_)[at], sizeof w);
        return w;
    }
};

// A vcpu's turn: its state is loaded, and saved again when it has run. What surrounds it keeps its own.
struct Turn {
    bool loaded = false;
    u32 operand = 0;  // of the last x87 instruction, as far as the processor tells
    Area seen;
};

[[gnu::noinline]] bool load_and_save(Area const& own, Area const& given, Turn& turn) {
    static u32 const somebodys = 0;
    std::array<u32, 7> environment{};
    arch::save_fpu(own.data());
    asm volatile("fninit\n\tfildl %0" ::"m"(somebodys));
    bool const loaded = arch::restore_fpu(given.data());
    arch::save_fpu(turn.seen.data());
    asm volatile("fnstenv %0" : "=m"(environment));
    bool const back = arch::restore_fpu(own.data());
    turn.loaded = loaded;
    turn.operand = environment[5] == static_cast<u32>(reinterpret_cast<u64>(&somebodys)) ? environment[5] : 0;
    return back;
}

Turn take_turn(Area const& given) {
    Area const own;
    Turn turn;
    REQUIRE(load_and_save(own, given, turn));
    return turn;
}

bool is_fresh(Area const& a) {
    return a.word<u16>(control) == 0x37f && a.word<u16>(status) == 0 && a[tags] == 0 &&
           a.word<u32>(mxcsr) == 0x1f80 &&
           std::ranges::all_of(a.part(stack, end_of_vectors), [](u8 b) { return b == 0; });
}

// What a guest may say of a vcpu that it describes: the legacy region, all of it in use.
void describe(Area const& a, std::span<u8 const> legacy) {
    std::ranges::copy(legacy, &a[0]);
    if (arch::features.xsave)
        a.put(components, x87_and_sse);
}

struct OnThisMachine {
    OnThisMachine() {
        arch::features = features_of_this_machine();
        REQUIRE(arch::features.xsave_size <= 16 * page_size);
        struct sigaction action {};
        action.sa_sigaction = go_on_where_the_table_says;
        action.sa_flags = SA_SIGINFO;
        REQUIRE(sigaction(SIGSEGV, &action, nullptr) == 0);
    }
};

// Each by the instruction pairs that there are here.
void with_each_instruction(std::function<void()> const& check) {
    bool const newer = arch::features.xsave;
    check();
    if (!newer)
        return;
    arch::features.xsave = false;
    arch::features.xsave_size = 512;
    check();
    arch::features = features_of_this_machine();
}

}  // namespace

TEST_CASE("D7 CP-4 what was saved is loaded again, and a new area is a fresh state") {
    OnThisMachine const machine;
    with_each_instruction([] {
        Area const area;
        Turn const fresh = take_turn(area);
        CHECK(fresh.loaded);
        CHECK(is_fresh(fresh.seen));
        area[vectors] = 0x5a;
        area.put(mxcsr, u32{0x1fc0});
        describe(area, area.part(0, components));
        Turn const first = take_turn(area);
        Turn const second = take_turn(first.seen);
        CHECK(second.loaded);
        CHECK(second.seen[vectors] == 0x5a);
        CHECK(second.seen.word<u32>(mxcsr) == 0x1fc0);
    });
}

TEST_CASE("CP-4 reserved bits of MXCSR make the whole state a fresh one") {
    OnThisMachine const machine;
    with_each_instruction([] {
        for (unsigned bit = 16; bit < 32; ++bit) {
            Area const area;
            std::ranges::fill(area.part(stack, end_of_vectors), 0xa5);
            area.put(mxcsr, 0x1f80 | u32{1} << bit);
            describe(area, area.part(0, components));
            Turn const turn = take_turn(area);
            CHECK_FALSE(turn.loaded);
            CHECK(is_fresh(turn.seen));
            CHECK(is_fresh(area));  // and so it stays, the next time as well
        }
    });
}

TEST_CASE("CP-4 a header that says what cannot be makes the whole state a fresh one") {
    OnThisMachine const machine;
    if (!arch::features.xsave)
        SKIP("this machine has no XSAVE");
    auto const refused = [](std::function<void(Area const&)> const& spoil) {
        Area const area;
        std::ranges::fill(area.part(stack, end_of_vectors), 0xa5);
        area.put(components, x87_and_sse);
        spoil(area);
        Turn const turn = take_turn(area);
        return !turn.loaded && is_fresh(turn.seen) && is_fresh(area);
    };
    CHECK(refused([](Area const& a) { a.put(components, u64{1} << 62 | x87_and_sse); }));
    CHECK(refused([](Area const& a) { a.put(components, ~u64{0}); }));
    CHECK(refused([](Area const& a) { a.put(compacted, u64{1}); }));
    CHECK(refused([](Area const& a) { a.put(compacted, ~u64{0}); }));
    CHECK(refused([](Area const& a) { a.put(reserved, u64{1}); }));
}

TEST_CASE("CP-4 whatever a guest describes, a vcpu has that or a fresh state") {
    OnThisMachine const machine;
    with_each_instruction([] {
        CHECK(rc::check([](std::array<u8, components> const& legacy) {
            Area const area;
            describe(area, legacy);
            bool const defined = area.word<u32>(mxcsr) >> 16 == 0;
            Turn const turn = take_turn(area);
            RC_ASSERT(turn.loaded || is_fresh(turn.seen));
            RC_ASSERT(defined || !turn.loaded);
            RC_ASSERT(!turn.loaded ||
                      std::ranges::equal(turn.seen.part(vectors, end_of_vectors),
                                         std::span{legacy}.subspan(vectors, end_of_vectors - vectors)));
        }));
    });
}

// A processor that keeps these pointers loads them only with an exception pending. This state has one, so
// nothing is done about them; but once it is refused, what is loaded instead has none.
TEST_CASE("CP-4 what the last x87 instruction used is not told by a refused state either") {
    OnThisMachine const machine;
    arch::features.keeps_x87_pointers = true;
    with_each_instruction([] {
        for (u32 const bad : {u32{0}, u32{1} << 31}) {
            Area const area;
            area.put(control, u16{0x37e});
            area.put(status, u16{0x8081});
            area.put(mxcsr, 0x1f80 | bad);
            describe(area, area.part(0, components));
            Turn const turn = take_turn(area);
            CHECK(turn.loaded == (bad == 0));
            CHECK(turn.operand == 0);
        }
    });
}
