// SPDX-License-Identifier: MIT
// arch/pv/table_update: random changes of live tables of two domains, each
// compared with a slow model that keeps no counts but recomputes who uses what.
#include "arch/pv/table_update.hpp"

#include <rapidcheck/catch.h>

#include <map>
#include <optional>

#include "tests/unit/arch/pv/fixture.hpp"

namespace {

using namespace pt;
using arch::Store;

constexpr unsigned slots = 4;  // entries the model plays with
constexpr unsigned next = slots;
constexpr unsigned frames_each = 6;

// What one domain's frames are used for, from first principles.
class Model {
    struct Frame {
        unsigned owner = 0;
        std::array<u64, slots + 1> entries{};  // as the guest wrote them; one for `next`
        PageType pinned = PageType::none;
    };
    std::map<Mfn, Frame> frames_;

    [[nodiscard]] bool is_own(unsigned owner, Mfn m) const {
        auto const f = frames_.find(m);
        return f != frames_.end() && f->second.owner == owner;
    }

    // Marks what `m` as `t` uses. False: not possible together with `uses`.
    bool use(Mfn m, PageType t, unsigned owner, std::map<Mfn, PageType>& uses) const {
        if (!is_own(owner, m))
            return false;
        if (auto const had = uses.find(m); had != uses.end())
            return had->second == t;
        uses[m] = t;
        return t == PageType::writable || use_entries(m, t, owner, uses);
    }

    bool use_entries(Mfn m, PageType t, unsigned owner, std::map<Mfn, PageType>& uses) const {
        for (u64 const e : frames_.at(m).entries) {
            Mfn const to = arch::entry::frame(e);
            if ((e & 1) == 0)
                continue;
            if (t != PageType::l1 && !use(to, arch::entry::next_lower(t), owner, uses))
                return false;
            if (t == PageType::l1 &&
                !((e & 2) != 0 ? use(to, PageType::writable, owner, uses) : is_own(owner, to)))
                return false;
        }
        return true;
    }

  public:
    void add(Mfn m, unsigned owner) { frames_[m].owner = owner; }
    Frame& operator[](Mfn m) { return frames_.at(m); }

    // All uses that follow from the pins, or nothing if they contradict.
    [[nodiscard]] std::optional<std::map<Mfn, PageType>> uses() const {
        std::map<Mfn, PageType> all;
        for (auto const& [m, f] : frames_)
            if (f.pinned != PageType::none && !use(m, f.pinned, f.owner, all))
                return {};
        return all;
    }
};

struct World {
    std::array<Memory, 2> domains{Memory{1}, Memory{2}};
    std::array<std::vector<Mfn>, 2> frames;
    Model model;

    World() {
        for (unsigned d = 0; d < 2; ++d)
            for (unsigned i = 0; i < frames_each; ++i) {
                frames[d].push_back(domains[d].frame());
                model.add(frames[d].back(), d);
            }
    }
    Mfn any_frame() {
        auto const d = *rc::gen::inRange<usize>(0, 10) == 0 ? 1u : 0u;
        return frames[d][*rc::gen::inRange<usize>(0, frames_each)];
    }
    PageInfo& page(Mfn m) { return *mm::page_of(m); }

    void pin(Mfn m, PageType t) {
        if (model[m].pinned != PageType::none)
            return;
        model[m].pinned = t;
        bool const expected = model.uses().has_value();
        auto const r = mm::get_type(page(m), t, domains[0].owner());
        RC_ASSERT(r.has_value() == expected);
        if (expected)
            page(m).type_word.fetch_or(PageInfo::pinned);
        else
            model[m].pinned = PageType::none;
    }

    void unpin(Mfn m) {
        if (model[m].pinned == PageType::none)
            return;
        model[m].pinned = PageType::none;
        page(m).type_word.fetch_and(~PageInfo::pinned);
        mm::put_type_sync(page(m));
    }

    // The guest's store, by whatever way its type asks for.
    void write(Mfn m, unsigned slot, u64 value, bool keep_ad) {
        auto const before = model.uses();
        RC_ASSERT(before.has_value());
        auto const used = before->find(m);
        bool const is_table = used != before->end() && used->second <= PageType::l4;
        // What the new entry uses is taken while the old one still stands.
        model[m].entries[next] = is_table ? value : 0;
        bool const expected = model.uses().has_value();
        model[m].entries[next] = 0;
        bool const done = is_table ? update(m, used->second, slot, value, keep_ad) : plain(m, slot, value);
        RC_ASSERT(done == expected);
        if (done)
            model[m].entries[slot] = value;
    }

    bool update(Mfn m, PageType t, unsigned slot, u64 value, bool keep_ad) {
        auto const lock = mm::TableLock::take(page(m), t);
        RC_ASSERT(lock.has_value());
        Store const s{.desired = value, .keep_ad = keep_ad};
        auto& owner = domains[0].owner();
        if (t == PageType::l1)
            return arch::update_l1(*lock, table(m) + slot, s, arch::own_authority(owner)).has_value();
        auto rest = arch::update_upper(*lock, t, table(m), slot, s, owner);
        RC_ASSERT(!rest || !*rest);
        return rest.has_value();
    }

    bool plain(Mfn m, unsigned slot, u64 value) {
        table(m)[slot] = value;
        return true;
    }

    void check() {
        auto const uses = model.uses();
        RC_ASSERT(uses.has_value());
        for (auto const& list : frames)
            for (Mfn const m : list) {
                auto const use = uses->find(m);
                RC_ASSERT((page(m).type_count() != 0) == (use != uses->end()));
                if (use != uses->end())
                    RC_ASSERT(page(m).type() == use->second);
            }
        RC_ASSERT(domains[0].counts_agree());
    }

    void end() {
        for (Memory& d : domains)
            d.end();
    }
};

u64 random_entry(World& w) {
    static constexpr std::array<u64, 5> flags{0, 0x67, 0x63, 0x21, 0x61};
    u64 const f = flags[*rc::gen::inRange<usize>(0, flags.size())];
    return f == 0 ? 0 : entry(w.any_frame(), f);
}

void random_step(World& w) {
    Mfn const m = w.frames[0][*rc::gen::inRange<usize>(0, frames_each)];
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            return w.pin(m, static_cast<PageType>(*rc::gen::inRange(1, 5)));
        case 1:
            return w.unpin(m);
        default:
            return w.write(m, *rc::gen::inRange(0u, slots), random_entry(w), *rc::gen::arbitrary<bool>());
    }
}

}  // namespace

TEST_CASE("PT-01 PT-02 random pins and updates agree with a model that counts nothing") {
    rc::prop("two domains, a dozen frames", [] {
        World w;
        for (int step = *rc::gen::inRange(0, 80); step > 0; --step) {
            random_step(w);
            w.check();
        }
        w.end();
    });
}

TEST_CASE("PT-04 the short way changes an entry exactly as the long way would") {
    Memory memory;
    Mfn const l1 = memory.frame();
    Mfn const data = memory.frame();
    REQUIRE(mm::get_type(memory.page(l1), PageType::l1, memory.owner()).has_value());
    memory.holders = {{l1, PageType::l1}};
    auto const who = arch::own_authority(memory.owner());
    auto set = [&](u64 value) {
        auto const lock = *mm::TableLock::take(memory.page(l1), PageType::l1);
        return arch::update_l1(lock, table(l1), {.desired = value}, who).has_value();
    };
    u64 const base = entry(data, data_flags);
    for (unsigned a = 1; a < 64; ++a)
        for (unsigned b = a; b < 64; ++b) {
            u64 const value = base ^ (u64{1} << a | u64{1} << b);
            REQUIRE(set(base));
            bool const short_way = set(value);
            u64 const result = table(l1)[0];
            REQUIRE(set(0));
            bool const long_way = set(value);
            CHECK(short_way == long_way);
            if (long_way)
                CHECK(result == table(l1)[0]);
            REQUIRE(memory.counts_agree());
        }
    mm::put_type_sync(memory.page(l1));
    memory.end();
}

TEST_CASE("PT-18 an update that expects another entry changes nothing") {
    Memory memory;
    Mfn const l1 = memory.frame();
    Mfn const data = memory.frame();
    REQUIRE(mm::get_type(memory.page(l1), PageType::l1, memory.owner()).has_value());
    memory.holders = {{l1, PageType::l1}};
    auto const who = arch::own_authority(memory.owner());
    {
        auto const lock = *mm::TableLock::take(memory.page(l1), PageType::l1);
        Store s{.desired = entry(data, data_flags), .only_if_expected = true, .expected = 0xdead000};
        CHECK(arch::update_l1(lock, table(l1) + 3, s, who).error() == Errno::again);
        CHECK(table(l1)[3] == 0);
        s.expected = 0;
        CHECK(arch::update_l1(lock, table(l1) + 3, s, who).has_value());
        CHECK(table(l1)[3] == (entry(data, data_flags) | 4));
    }
    CHECK(memory.counts_agree());
    mm::put_type_sync(memory.page(l1));
    memory.end();
}

TEST_CASE("A and D that the CPU has set survive an update that keeps them, and only those") {
    Memory memory;
    Mfn const l1 = memory.frame();
    Mfn const data = memory.frame();
    REQUIRE(mm::get_type(memory.page(l1), PageType::l1, memory.owner()).has_value());
    auto const who = arch::own_authority(memory.owner());
    auto set = [&](u64 value, bool keep) {
        auto const lock = *mm::TableLock::take(memory.page(l1), PageType::l1);
        return arch::update_l1(lock, table(l1), {.desired = value, .keep_ad = keep}, who).has_value();
    };
    REQUIRE(set(entry(data, 0x03), false));
    table(l1)[0] |= 0x60;
    REQUIRE(set(entry(data, 0x01), true));
    CHECK(table(l1)[0] == entry(data, 0x65));
    REQUIRE(set(entry(data, 0x01), false));
    CHECK(table(l1)[0] == entry(data, 0x05));
    // A swap position is a guest's own business.
    REQUIRE(set(0xfeedfacecafe0002, false));
    CHECK(table(l1)[0] == 0xfeedfacecafe0002);
    mm::put_type_sync(memory.page(l1));
    memory.end();
}

TEST_CASE("PT-05 no update reaches the hypervisor's slots") {
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    REQUIRE(mm::get_type(memory.page(tree.l4), PageType::l4, memory.owner()).has_value());
    std::vector<u64> const before(table(tree.l4) + 256, table(tree.l4) + 272);
    for (unsigned i = 256; i < 272; ++i) {
        auto const lock = *mm::TableLock::take(memory.page(tree.l4), PageType::l4);
        Store const s{.desired = entry(tree.l3, table_flags)};
        auto const r = arch::update_upper(lock, PageType::l4, table(tree.l4), i, s, memory.owner());
        CHECK(r.error() == Errno::inval);
    }
    CHECK(std::vector<u64>(table(tree.l4) + 256, table(tree.l4) + 272) == before);
    mm::put_type_sync(memory.page(tree.l4));
    memory.end();
}
