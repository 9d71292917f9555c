// SPDX-License-Identifier: MIT
// arch/pv/guest_view: what a guest's CPU walks is the guest's, and nothing of ours.
#include "arch/pv/guest_view.hpp"

#include "arch/pv/table_update.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

using namespace pt;

struct Isolated {
    Isolated() { arch::isolation_on = true; }
    ~Isolated() { arch::isolation_on = false; }
};

u64* view(Mfn root) {
    return table(mfn_of(arch::view_of(root)));
}

// The guest's entries are those of the root, ours are those that views have.
void check_view(Mfn root) {
    for (unsigned i = 0; i < 512; ++i) {
        bool const ours = i > arch::first_hv_slot && i < arch::end_hv_slot;
        CHECK(view(root)[i] == (ours ? arch::guest_view_slots()[i - arch::first_hv_slot] : table(root)[i]));
    }
}

Result<> take_root(Memory& memory, Mfn root) {
    return mm::get_type(memory.page(root), PageType::l4, memory.owner());
}

Result<> store(Memory& memory, Mfn root, unsigned index, u64 value) {
    auto const lock = mm::TableLock::take(memory.page(root), PageType::l4);
    auto const rest =
        arch::update_upper(*lock, PageType::l4, table(root), index, {.desired = value}, memory.owner());
    return rest ? Result<>{} : Fail{rest.error()};
}

}  // namespace

TEST_CASE("SP-A a view has the guest's entries, few of the hypervisor's, and goes with its root") {
    Isolated const on;
    Memory memory;
    Tree const tree{memory, 2, 2, 2};
    u64 const free = mm::free_frame_count();
    REQUIRE(take_root(memory, tree.l4));
    CHECK(mm::free_frame_count() == free - 1);
    CHECK((table(tree.l4)[arch::view_slot] & arch::pte::present) == 0);
    check_view(tree.l4);
    CHECK(!mm::put_type(memory.page(tree.l4)));
    CHECK(mm::free_frame_count() == free);
    CHECK(table(tree.l4)[arch::view_slot] == 0);
    memory.end();
}

TEST_CASE("what changes in a root changes in its view") {
    Isolated const on;
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    REQUIRE(take_root(memory, tree.l4));
    REQUIRE(store(memory, tree.l4, 300, entry(tree.l3, table_flags)));
    CHECK(arch::entry::frame(view(tree.l4)[300]) == tree.l3);
    REQUIRE(store(memory, tree.l4, 300, entry(tree.l3, table_flags & ~u64{2})));  // flags only
    check_view(tree.l4);
    REQUIRE(store(memory, tree.l4, 1, 0));
    CHECK(view(tree.l4)[1] == 0);
    CHECK(store(memory, tree.l4, arch::view_slot, 0).error() == Errno::inval);
    check_view(tree.l4);
    CHECK(!mm::put_type(memory.page(tree.l4)));
    memory.end();
}

TEST_CASE("MM-4 what a guest wrote where its view is kept is never taken for one") {
    Isolated const on;
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    Mfn const victim = memory.frame();
    table(tree.l4)[arch::view_slot] = maddr_of(victim).raw();
    table(tree.l4)[400] = entry(tree.l3, table_flags | 0x80);  // refused after the view's slot
    u64 const free = mm::free_frame_count();
    CHECK(!take_root(memory, tree.l4));
    CHECK(mm::free_frame_count() == free);
    table(tree.l4)[400] = 0;
    table(tree.l4)[arch::view_slot] = maddr_of(victim).raw();
    REQUIRE(take_root(memory, tree.l4));
    CHECK(arch::view_of(tree.l4) != maddr_of(victim));
    CHECK(!mm::put_type(memory.page(tree.l4)));
    memory.end();
}

TEST_CASE("a root that was half closed gets a new view when it is used again") {
    Isolated const on;
    Memory memory;
    Tree const tree{memory, 3, 3, 3};
    u64 const free = mm::free_frame_count();
    for (u64 k = 1; k < 8; ++k) {
        REQUIRE(take_root(memory, tree.l4));
        host::cpu().preemption_points = 0;
        host::cpu().preempt = [k] { return host::cpu().preemption_points == k; };
        PageRef const rest = mm::put_type(memory.page(tree.l4));
        host::cpu().preempt = nullptr;
        REQUIRE(take_root(memory, tree.l4));
        check_view(tree.l4);
        CHECK(!mm::put_type(memory.page(tree.l4)));
        CHECK(mm::free_frame_count() == free);
    }
    memory.end();
}

TEST_CASE("a domain has as many views as its size allows") {
    Isolated const on;
    Memory memory{1, 320};
    std::vector<Mfn> roots;
    Mfn refused{};
    u64 const limit = 64 + 320 / 32;
    for (u64 i = 0; i <= limit; ++i) {
        Mfn const root = memory.frame();
        Result<> const r = take_root(memory, root);
        if (r)
            roots.push_back(root);
        else
            CHECK(r.error() == Errno::nomem);
        refused = root;
    }
    CHECK(roots.size() == limit);
    CHECK(!mm::put_type(memory.page(roots.back())));
    roots.pop_back();
    CHECK(take_root(memory, refused));
    roots.push_back(refused);
    for (Mfn const root : roots)
        CHECK(!mm::put_type(memory.page(root)));
    CHECK(memory.owner().views.promised() == limit);
    memory.end();
}

TEST_CASE("without isolation a root is its own view") {
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    u64 const free = mm::free_frame_count();
    REQUIRE(take_root(memory, tree.l4));
    CHECK(mm::free_frame_count() == free);
    CHECK(arch::view_of(tree.l4) == maddr_of(tree.l4));
    CHECK(!mm::put_type(memory.page(tree.l4)));
    memory.end();
}
