// SPDX-License-Identifier: MIT
// A domain with real page tables in host memory, and an audit of every count
// after whatever was done to it (D12). The machine below arch/pv is faked here:
// the linker takes these answers before it looks into archives.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <memory>
#include <vector>

#include "arch/cpu/features.hpp"
#include "arch/mm/isolation.hpp"
#include "arch/mm/paging.hpp"
#include "arch/pv/entries.hpp"
#include "kernel/mm/audit.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/relinquish.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/memory.hpp"

namespace arch {
inline Features features_of_host() {
    Features f;
    f.physical_bits = 40;
    return f;
}
Features features = features_of_host();

// What the hypervisor's own slots hold: recognisable, never looked into.
std::span<u64 const, 16> hypervisor_slots() {
    static std::array<u64, 16> const slots = [] {
        std::array<u64, 16> s{};
        for (usize i = 0; i < s.size(); ++i)
            s[i] = i == 1 ? 0 : 0x0badc0de000 + (i << 12) + 3;  // 257 is a hole
        return s;
    }();
    return slots;
}
bool isolation_on = false;
std::span<u64 const, 16> guest_view_slots() {
    static std::array<u64, 16> const slots{0, 0, 0x0badc0de003};
    return slots;
}
}  // namespace arch

namespace pt {

inline constexpr u64 table_flags = 0x67;  // P RW US A D
inline constexpr u64 data_flags = 0x63;   // P RW A D
inline constexpr u64 readonly_flags = 0x21;

inline u64 entry(Mfn m, u64 flags) {
    return maddr_of(m).raw() | flags;
}

// A domain's memory, without the domain.
class Memory {
  public:
    explicit Memory(u16 id = 1, u64 pages = 512) : owner_{std::make_unique<PageOwner>()} {
        host::power_on();
        host::reset_cpu();
        owner_->id = DomId{id};
        REQUIRE(owner_->views.resize(machine::frames_for_roots(pages)).has_value());
        owner_->max_pages = pages;
    }
    // Ends the domain; all it had comes back.
    void end() {
        host::cpu().preempt = nullptr;
        u64 const owned = owner_->pages.lock()->count;
        u64 const free = mm::free_frame_count();
        REQUIRE(mm::relinquish(*owner_).has_value());
        REQUIRE(mm::owns_nothing(*owner_));
        REQUIRE(mm::free_frame_count() == free + owned);
    }

    PageOwner& owner() { return *owner_; }
    Mfn frame() { return *mm::alloc_domain_frames(*owner_, 0); }
    PageInfo& page(Mfn m) { return *mm::page_of(m); }

    // References that the test itself holds.
    std::vector<std::pair<Mfn, PageType>> holders;

    [[nodiscard]] bool counts_agree() {
        auto book = mm::AuditBook::open();
        if (!book)
            return false;
        book->expect_from_all();
        for (auto const& [m, as] : holders)
            book->expect(page(m), as);
        return book->compare([](auto const& d) {
                       UNSCOPED_INFO("frame " << d.frame.raw() << ": refs " << d.refs << " expected "
                                              << d.refs_expected << ", types " << d.types << " expected "
                                              << d.types_expected);
                   })
                   .wrong == 0;
    }

  private:
    std::unique_ptr<PageOwner> owner_;
};

inline u64* table(Mfn m) {
    return machine::frame_as<u64>(m);
}

// An L4 over an L3, `l2s` L2 tables, `l1s` L1 tables each, some data in each.
struct Tree {
    Mfn l4{}, l3{};
    std::vector<Mfn> l2, l1, data;

    Tree(Memory& memory, unsigned l2s, unsigned l1s, unsigned pages)
        : l4{memory.frame()}, l3{memory.frame()} {
        table(l4)[1] = entry(l3, table_flags);
        for (unsigned i = 0; i < l2s; ++i)
            add_l2(memory, i * 3, l1s, pages);
    }

    [[nodiscard]] std::vector<Mfn> tables() const {
        std::vector<Mfn> all{l4, l3};
        all.insert(all.end(), l2.begin(), l2.end());
        all.insert(all.end(), l1.begin(), l1.end());
        return all;
    }

  private:
    void add_l2(Memory& memory, unsigned slot, unsigned l1s, unsigned pages) {
        Mfn const m = memory.frame();
        l2.push_back(m);
        table(l3)[slot] = entry(m, table_flags);
        for (unsigned i = 0; i < l1s; ++i)
            add_l1(memory, m, i * 100 + 7, pages);
    }
    void add_l1(Memory& memory, Mfn parent, unsigned slot, unsigned pages) {
        Mfn const m = memory.frame();
        l1.push_back(m);
        table(parent)[slot] = entry(m, table_flags);
        for (unsigned i = 0; i < pages; ++i) {
            data.push_back(memory.frame());
            table(m)[i * 37] = entry(data.back(), i % 2 == 0 ? data_flags : readonly_flags);
        }
        // Tables see themselves, read-only.
        table(m)[511] = entry(m, readonly_flags);
    }
};

}  // namespace pt
