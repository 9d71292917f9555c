// SPDX-License-Identifier: MIT
// grant_table_op with whole domains: what is copied, what is held while mapped,
// and that everything comes back.
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <array>
#include <cstring>
#include <map>
#include <vector>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/mapping.hpp"
#include "tests/host/memory.hpp"

namespace {

using host::TestDomain;

constexpr u64 request_va = 0x10000;
constexpr u64 map_va = 0x7000000;

// A domain that grants pages, and one that uses them through hypercalls.
struct World {
    TestDomain granter{1}, user{2, {.control = true}};
    alignas(4096) std::array<std::byte, 4 * page_size> requests{};

    World() {
        host::reset_cpu();
        host::guest().clear();
        host::guest().map(Vaddr{request_va}, requests.data(), requests.size());
        REQUIRE(granter->grants.lock()->grow(1, granter->memory).has_value());
    }
    ~World() { host::guest().clear(); }

    grant_entry_v1_t& entry(u32 ref) {
        return machine::frame_as<grant_entry_v1_t>(granter->grants.lock()->frame(0))[ref];
    }
    Mfn grant(u32 ref, u16 flags = 0) {
        Mfn const frame = granter.new_frame();
        entry(ref) = {static_cast<u16>(GTF_permit_access | flags), user->id.raw(),
                      static_cast<u32>(frame.raw())};
        return frame;
    }
    // Runs one call over `ops`, restarting as the entry code would.
    template <class Op>
    s64 call(u32 cmd, std::vector<Op>& ops) {
        std::memcpy(requests.data(), ops.data(), ops.size() * sizeof(Op));
        hypercall::Args args{cmd, request_va, ops.size()};
        hypercall::Outcome o{};
        do
            o = hypercall::dispatch(user.vcpu(), __HYPERVISOR_grant_table_op, args);
        while (o.restart);
        std::memcpy(ops.data(), requests.data(), ops.size() * sizeof(Op));
        return static_cast<s64>(o.value);
    }
    template <class Op>
    Op one(u32 cmd, Op op) {
        std::vector<Op> ops{op};
        REQUIRE(call(cmd, ops) == 0);
        return ops[0];
    }
    gnttab_map_grant_ref_t map(u32 ref, u32 flags, u64 va = map_va) {
        gnttab_map_grant_ref_t op{};
        op.host_addr = va;
        op.flags = flags;
        op.ref = ref;
        op.dom = granter->id.raw();
        op.status = 77;
        return one(GNTTABOP_map_grant_ref, op);
    }
    s16 unmap(u32 handle, u64 va, u64 bus = 0) {
        gnttab_unmap_grant_ref_t op{};
        op.host_addr = va;
        op.dev_bus_addr = bus;
        op.handle = handle;
        op.status = 77;
        return one(GNTTABOP_unmap_grant_ref, op).status;
    }
    u16 in_use(u32 ref) { return static_cast<u16>(entry(ref).flags & (GTF_reading | GTF_writing)); }
};

gnttab_copy_t copy_request(World& w, u32 from_ref, Mfn to, u16 from_at, u16 to_at, u16 len) {
    gnttab_copy_t op{};
    op.source.u.ref = from_ref;
    op.source.domid = w.granter->id.raw();
    op.source.offset = from_at;
    op.dest.u.gmfn = to.raw();
    op.dest.domid = DOMID_SELF;
    op.dest.offset = to_at;
    op.len = len;
    op.flags = GNTCOPY_source_gref;
    op.status = 77;
    return op;
}

std::byte* bytes_of(Mfn m) {
    return machine::frame_as<std::byte>(m);
}

u32 refs(Mfn m) {
    return mm::page_of(m)->ref_count();
}

}  // namespace

TEST_CASE("a copy moves exactly the bytes it names") {
    World w;
    Mfn const from = w.grant(8, GTF_readonly);
    Mfn const to = w.user.new_frame();
    std::memset(bytes_of(from), 0x5a, page_size);
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 0, 100, 1500)).status == GNTST_okay);
    CHECK(bytes_of(to)[99] == std::byte{0});
    CHECK(bytes_of(to)[100] == std::byte{0x5a});
    CHECK(bytes_of(to)[1599] == std::byte{0x5a});
    CHECK(bytes_of(to)[1600] == std::byte{0});
    CHECK(w.in_use(8) == 0);
    CHECK(refs(from) == 1);
    CHECK(refs(to) == 1);
}

TEST_CASE("GT-10 a copy stays inside one page on both sides") {
    World w;
    w.grant(8);
    Mfn const to = w.user.new_frame();
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 4000, 0, 97)).status == GNTST_bad_copy_arg);
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 0, 4095, 2)).status == GNTST_bad_copy_arg);
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 0xffff, 0, 1)).status == GNTST_bad_copy_arg);
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 4096, 4096, 0)).status == GNTST_okay);
    CHECK(w.one(GNTTABOP_copy, copy_request(w, 8, to, 0, 0, 4096)).status == GNTST_okay);
}

TEST_CASE("GT-10 only the caller's own memory can be named by frame") {
    World w;
    Mfn const theirs = w.granter.new_frame();
    Mfn const mine = w.user.new_frame();
    w.grant(8);
    auto op = copy_request(w, 8, theirs, 0, 0, 8);
    CHECK(w.one(GNTTABOP_copy, op).status == GNTST_bad_page);
    op.dest.domid = w.granter->id.raw();
    CHECK(w.one(GNTTABOP_copy, op).status == GNTST_permission_denied);
    op = copy_request(w, 8, mine, 0, 0, 8);
    op.flags = 4;
    CHECK(w.one(GNTTABOP_copy, op).status == GNTST_general_error);
    op = copy_request(w, 8, host::device_frame, 0, 0, 8);
    CHECK(w.one(GNTTABOP_copy, op).status == GNTST_bad_page);
    op = copy_request(w, 8, mine, 0, 0, 8);
    op.source.domid = 55;
    CHECK(w.one(GNTTABOP_copy, op).status == GNTST_bad_domain);
}

TEST_CASE("GT-10 a batch gives what its requests give one by one") {
    rc::prop("random batches over few frames", [] {
        World w;
        std::array<Mfn, 3> granted{w.grant(8), w.grant(9, GTF_readonly), w.grant(10)};
        std::array<Mfn, 2> own{w.user.new_frame(), w.user.new_frame()};
        for (Mfn const m : granted)
            for (usize i = 0; i < page_size; ++i)
                bytes_of(m)[i] = static_cast<std::byte>(m.raw() * 31 + i);
        auto side = [&](gnttab_copy_t::gnttab_copy_ptr& p, bool& by_ref) {
            by_ref = *rc::gen::inRange(0, 2) == 0;
            p.offset = *rc::gen::inRange<u16>(0, 4000);
            if (by_ref) {
                p.u.ref = *rc::gen::inRange<u32>(8, 12);  // 11 is not granted
                p.domid = w.granter->id.raw();
            } else {
                p.u.gmfn = own[*rc::gen::inRange<usize>(0, 2)].raw();
                p.domid = DOMID_SELF;
            }
        };
        std::vector<gnttab_copy_t> ops;
        for (int n = *rc::gen::inRange(1, 80); n > 0; --n) {
            gnttab_copy_t op{};
            bool from_ref = false, to_ref = false;
            side(op.source, from_ref);
            side(op.dest, to_ref);
            op.len = *rc::gen::inRange<u16>(0, 200);
            op.flags =
                static_cast<u16>((from_ref ? GNTCOPY_source_gref : 0) | (to_ref ? GNTCOPY_dest_gref : 0));
            ops.push_back(op);
        }
        // The reference: the same in plain memory, one after the other.
        std::map<u64, std::vector<std::byte>> model;
        for (Mfn const m : {granted[0], granted[1], granted[2], own[0], own[1]})
            model[m.raw()].assign(bytes_of(m), bytes_of(m) + page_size);
        std::vector<s16> expected;
        for (auto const& op : ops) {
            bool const from_ref = (op.flags & GNTCOPY_source_gref) != 0,
                       to_ref = (op.flags & GNTCOPY_dest_gref) != 0;
            bool const inside = op.source.offset + op.len <= 4096 && op.dest.offset + op.len <= 4096;
            bool const known = (!from_ref || op.source.u.ref != 11) &&
                               (!to_ref || (op.dest.u.ref != 11 && op.dest.u.ref != 9));
            expected.push_back(!inside ? GNTST_bad_copy_arg : known ? GNTST_okay : GNTST_general_error);
            if (!inside || !known)
                continue;
            auto& from = model[from_ref ? granted[op.source.u.ref - 8].raw() : op.source.u.gmfn];
            auto& to = model[to_ref ? granted[op.dest.u.ref - 8].raw() : op.dest.u.gmfn];
            std::vector<std::byte> const part(from.begin() + op.source.offset,
                                              from.begin() + op.source.offset + op.len);
            std::copy(part.begin(), part.end(), to.begin() + op.dest.offset);
        }
        host::cpu().preempt = [] { return true; };
        RC_ASSERT(w.call(GNTTABOP_copy, ops) == 0);
        for (usize i = 0; i < ops.size(); ++i)
            RC_ASSERT(ops[i].status == expected[i]);
        for (auto const& [frame, wanted] : model)
            RC_ASSERT(std::memcmp(bytes_of(Mfn{frame}), wanted.data(), page_size) == 0);
        for (u32 ref = 8; ref < 11; ++ref)
            RC_ASSERT(w.in_use(ref) == 0);
        for (auto const& [frame, wanted] : model)
            RC_ASSERT(refs(Mfn{frame}) == 1u);
    });
}

TEST_CASE("GT-05 a mapping holds what its kind needs and gives back just that") {
    World w;
    for (u32 const kind : {GNTMAP_host_map, GNTMAP_device_map, GNTMAP_host_map | GNTMAP_device_map})
        for (u32 const rights : {0, GNTMAP_readonly}) {
            Mfn const frame = w.grant(8);
            auto const m = w.map(8, kind | rights);
            REQUIRE(m.status == GNTST_okay);
            CHECK(m.dev_bus_addr == maddr_of(frame).raw());
            bool const host = (kind & GNTMAP_host_map) != 0, device = (kind & GNTMAP_device_map) != 0;
            CHECK(refs(frame) == 1u + host + device);
            CHECK(mm::page_of(frame)->type_count() == (rights != 0 ? 0u : u32{host} + device));
            CHECK(w.in_use(8) == (GTF_reading | (rights != 0 ? 0 : GTF_writing)));
            CHECK(w.unmap(m.handle, map_va, maddr_of(frame).raw()) == GNTST_okay);
            CHECK(refs(frame) == 1);
            CHECK(mm::page_of(frame)->type_count() == 0);
            CHECK(w.in_use(8) == 0);
            CHECK(w.unmap(m.handle, map_va) == GNTST_bad_handle);
        }
}

TEST_CASE("GT-05 host and device uses of one handle end in either order") {
    World w;
    for (bool const host_first : {true, false}) {
        Mfn const frame = w.grant(8);
        auto const m = w.map(8, GNTMAP_host_map | GNTMAP_device_map);
        REQUIRE(m.status == GNTST_okay);
        CHECK(w.unmap(m.handle, host_first ? map_va : 0, host_first ? 0 : m.dev_bus_addr) == GNTST_okay);
        CHECK(refs(frame) == 2);
        CHECK(w.in_use(8) == (GTF_reading | GTF_writing));
        CHECK(w.unmap(m.handle, host_first ? 0 : map_va, host_first ? m.dev_bus_addr : 0) == GNTST_okay);
        CHECK(refs(frame) == 1);
        CHECK(w.user->maptrack.lock()->in_use() == 0);
    }
}

TEST_CASE("GT-06 an entry that no longer maps the grant is not touched") {
    World w;
    Mfn const frame = w.grant(8);
    auto const m = w.map(8, GNTMAP_host_map);
    host::grant_mappings()[map_va].readonly = true;
    CHECK(w.unmap(m.handle, map_va) == GNTST_general_error);
    CHECK(w.unmap(m.handle, map_va + page_size) == GNTST_bad_virt_addr);
    CHECK(refs(frame) == 2);
    host::grant_mappings()[map_va].readonly = false;
    CHECK(w.unmap(m.handle, map_va) == GNTST_okay);
}

TEST_CASE("GT-12 a forged bus address ends nothing") {
    World w;
    Mfn const frame = w.grant(8);
    auto const m = w.map(8, GNTMAP_device_map);
    CHECK(w.unmap(m.handle, 0, m.dev_bus_addr + page_size) == GNTST_bad_dev_addr);
    CHECK(refs(frame) == 2);
    CHECK(w.unmap(m.handle, 0, m.dev_bus_addr) == GNTST_okay);
}

TEST_CASE("GT-08 a handle that a batch names twice ends once") {
    World w;
    for (u32 const kind : {GNTMAP_host_map, GNTMAP_device_map}) {
        Mfn const frame = w.grant(8);
        auto const other = w.map(8, GNTMAP_device_map);
        auto const m = w.map(8, kind);
        REQUIRE(m.status == GNTST_okay);
        gnttab_unmap_grant_ref_t op{};
        op.host_addr = kind == GNTMAP_host_map ? map_va : 0;
        op.dev_bus_addr = kind == GNTMAP_device_map ? m.dev_bus_addr : 0;
        op.handle = m.handle;
        std::vector<gnttab_unmap_grant_ref_t> ops(2, op);
        CHECK(w.call(GNTTABOP_unmap_grant_ref, ops) == 0);
        CHECK(ops[0].status == GNTST_okay);
        CHECK(ops[1].status == GNTST_bad_handle);
        CHECK(refs(frame) == 2);
        CHECK(w.user->maptrack.lock()->in_use() == 1);
        CHECK(w.unmap(other.handle, 0, other.dev_bus_addr) == GNTST_okay);
    }
}

TEST_CASE("GT-09 every refusal is a negative status and holds nothing") {
    World w;
    Mfn const frame = w.grant(8, GTF_readonly);
    CHECK(w.map(8, GNTMAP_host_map).status == GNTST_general_error);
    CHECK(w.map(8, 0).status == GNTST_bad_gntref);
    CHECK(w.map(8, GNTMAP_host_map | 1u << 9).status == GNTST_bad_gntref);
    CHECK(w.map(600, GNTMAP_host_map).status == GNTST_bad_gntref);
    CHECK(w.map(8, GNTMAP_host_map | GNTMAP_readonly, map_va + 8).status == GNTST_bad_virt_addr);
    CHECK(refs(frame) == 1);
    CHECK(w.in_use(8) == 0);
    CHECK(w.user->maptrack.lock()->in_use() == 0);
    CHECK(w.unmap(3, map_va) == GNTST_bad_handle);
}

TEST_CASE("GT-07 only memory of the granter itself can be granted") {
    World w;
    Mfn const frame = w.grant(8);
    w.entry(8).frame = static_cast<u32>(w.user.new_frame().raw());
    CHECK(w.map(8, GNTMAP_host_map).status == GNTST_bad_page);
    w.entry(8).frame = static_cast<u32>(host::device_frame.raw());
    CHECK(w.map(8, GNTMAP_host_map).status == GNTST_bad_page);
    CHECK(w.in_use(8) == 0);
    CHECK(refs(frame) == 1);
}

TEST_CASE("GT-14 a frame outlives its granter until the last mapping goes") {
    World w;
    Mfn const frame = w.grant(8);
    auto const m = w.map(8, GNTMAP_host_map);
    w.granter.destroy();
    CHECK(host::grant_mappings()[map_va].frame == frame);
    CHECK(refs(frame) == 1);
    CHECK(mm::page_of(frame)->type() == PageType::writable);
    u64 const free = mm::free_frame_count();
    CHECK(w.unmap(m.handle, map_va) == GNTST_okay);
    CHECK(refs(frame) == 0);
    CHECK(mm::free_frame_count() > free);
}

TEST_CASE("GT-14 a mapper's death frees the granter at once, in steps") {
    World w;
    std::vector<Mfn> frames;
    for (u32 ref = 8; ref < 208; ++ref) {
        frames.push_back(w.grant(ref));
        REQUIRE(w.map(ref, GNTMAP_device_map).status == GNTST_okay);
    }
    host::cpu().preempt = [] { return true; };
    w.user.destroy();
    CHECK(host::cpu().preemption_points >= 3);
    for (u32 ref = 8; ref < 208; ++ref)
        CHECK(w.in_use(ref) == 0);
    for (Mfn const frame : frames)
        CHECK(refs(frame) == 1);
    host::reset_cpu();
}

TEST_CASE("translations are flushed once for a batch, before the granter is told") {
    World w;
    std::vector<gnttab_unmap_grant_ref_t> ops;
    for (u32 ref = 8; ref < 16; ++ref) {
        w.grant(ref);
        gnttab_unmap_grant_ref_t op{};
        op.host_addr = map_va + ref * page_size;
        op.handle = w.map(ref, GNTMAP_host_map, op.host_addr).handle;
        ops.push_back(op);
    }
    host::tlb().flushes.clear();
    CHECK(w.call(GNTTABOP_unmap_grant_ref, ops) == 0);
    CHECK(host::tlb().flushes.size() == 1);
    for (auto const& op : ops)
        CHECK(op.status == GNTST_okay);
}

TEST_CASE("D4 pages are neither given away by grants nor swapped") {
    World w;
    host::cpu().preempt = [] { return true; };
    std::vector<gnttab_transfer_t> ops(200);
    Mfn const mine = w.user.new_frame();
    for (auto& op : ops) {
        op.mfn = mine.raw();
        op.domid = w.granter->id.raw();
        op.ref = 8;
        op.status = 77;
    }
    w.entry(8) = {GTF_accept_transfer, w.user->id.raw(), 0};
    CHECK(w.call(GNTTABOP_transfer, ops) == 0);
    for (auto const& op : ops)
        CHECK(op.status == GNTST_general_error);
    CHECK(mm::page_of(mine)->owner.load() == &w.user->memory);
    CHECK(w.entry(8).flags == GTF_accept_transfer);
    host::reset_cpu();
    for (u32 const cmd :
         {GNTTABOP_dump_table, GNTTABOP_swap_grant_ref, GNTTABOP_cache_flush, GNTTABOP_get_status_frames}) {
        std::vector<std::array<u64, 4>> one(1);
        CHECK(w.call(cmd, one) == -static_cast<s64>(Errno::nosys));
    }
}

TEST_CASE("GT-11 the table's version is 1 and stays so") {
    World w;
    std::vector<gnttab_set_version_t> ops{{1}};
    CHECK(w.call(GNTTABOP_set_version, ops) == 0);
    ops = {{2}};
    CHECK(w.call(GNTTABOP_set_version, ops) == -static_cast<s64>(Errno::nosys));
    for (DomId const whose : {w.user->id, w.granter->id}) {
        gnttab_get_version_t v{};
        v.dom = whose.raw();
        CHECK(w.one(GNTTABOP_get_version, v).version == 1);
    }
}
