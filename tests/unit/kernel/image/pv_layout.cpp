// SPDX-License-Identifier: MIT
// Plans of initial memory, and the pages they become.
#include "kernel/image/pv_layout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <memory>
#include <optional>
#include <rapidcheck.h>

#include "kernel/image/pv_writer.hpp"
#include "tests/unit/kernel/image/sample.hpp"

namespace {

using image::GuestMemory;
using image::Kernel;
using image::PvLayout;

// Frames are numbered backwards from a high one, so that a PFN taken for an
// MFN shows.
class FakeMemory {
  public:
    [[nodiscard]] Mfn frame(Pfn pfn) const { return Mfn{0x100000 - pfn.raw()}; }
    std::byte* page(Pfn pfn) {
        auto& page = pages_[pfn.raw()];
        if (!page)
            page = std::make_unique<Page>();
        return page->bytes;
    }
    [[nodiscard]] Pfn pfn_of(u64 entry) const {
        return Pfn{0x100000 - ((entry & 0x000ffffffffff000) >> page_shift)};
    }

    // What the page tables say about an address: the last entry, or nothing.
    std::optional<u64> walk(Pfn l4, u64 address) {
        Pfn table = l4;
        for (unsigned shift = 39;; shift -= 9) {
            u64 const entry = reinterpret_cast<u64*>(page(table))[(address >> shift) & 511];
            if ((entry & 1) == 0)
                return std::nullopt;
            if (shift == 12)
                return entry;
            table = pfn_of(entry);
        }
    }

  private:
    struct Page {
        alignas(8) std::byte bytes[page_size]{};
    };
    std::map<u64, std::unique_ptr<Page>> pages_;
};

}  // namespace

TEST_CASE("Linux gets its ramdisk unmapped and its P2M list where it wants it") {
    auto const file = SampleKernel::like_linux().file();
    auto const kernel = Kernel::parse(bytes_of(file));
    auto const layout = PvLayout::plan(*kernel, {.pages = 0x10000, .ramdisk_bytes = 5000});
    REQUIRE(layout);
    CHECK(layout->start_info.first == kernel->end);
    CHECK(layout->tables.first == layout->console.end());
    CHECK(layout->ramdisk.first == Pfn{layout->mapped});
    CHECK(layout->ramdisk.count == 2);
    CHECK(layout->p2m.first == layout->ramdisk.end());
    CHECK(layout->p2m_address() == Vaddr{0x8000000000});
    CHECK((layout->mapped * page_size) % (4 << 20) == 0);
}

TEST_CASE("a plain unikernel gets all of it in one stretch") {
    SampleKernel plain;
    auto const file = plain.text_note(XEN_ELFNOTE_GUEST_OS, "Mini-OS").file();
    auto const kernel = Kernel::parse(bytes_of(file));
    auto const layout = PvLayout::plan(*kernel, {.pages = 4096, .ramdisk_bytes = 1});
    REQUIRE(layout);
    CHECK(layout->ramdisk.first == kernel->end);
    CHECK(layout->p2m.first == layout->ramdisk.end());
    CHECK_FALSE(layout->p2m_map);
    CHECK(layout->is_mapped(layout->p2m.first));
}

TEST_CASE("what does not fit is refused") {
    auto const file = SampleKernel::like_linux().file();
    auto const kernel = Kernel::parse(bytes_of(file));
    CHECK_FALSE(PvLayout::plan(*kernel, {.pages = 0x1000}));
    CHECK_FALSE(PvLayout::plan(*kernel, {.pages = 0x1010}));
    CHECK_FALSE(PvLayout::plan(*kernel, {.pages = 0x2000, .ramdisk_bytes = u64{1} << 60}));
    CHECK_FALSE(PvLayout::plan(*kernel, {.pages = ~u64{0}}));
}

TEST_CASE("page tables map every page of the stretch once, tables read-only") {
    auto const ok = rc::check("any size of kernel and ramdisk", [] {
        u64 const kernel_pages = *rc::gen::inRange<u64>(1, 3000);
        bool const linux_like = *rc::gen::arbitrary<bool>();
        SampleKernel sample = SampleKernel::like_linux(kernel_pages);
        if (!linux_like) {
            sample = SampleKernel{};
            sample.memory_size = kernel_pages * page_size;
            sample.text_note(XEN_ELFNOTE_GUEST_OS, "Mini-OS");
        }
        auto const file = sample.file();
        auto const kernel = Kernel::parse(bytes_of(file));
        RC_ASSERT(kernel.has_value());
        image::PvRequest const request{.pages = 20'000,
                                       .ramdisk_bytes = *rc::gen::inRange<u64>(0, 4'000'000),
                                       .rings = *rc::gen::arbitrary<bool>()};
        auto const layout = PvLayout::plan(*kernel, request);
        RC_ASSERT(layout.has_value());
        FakeMemory fake;
        GuestMemory const memory{fake};
        RC_ASSERT(image::write_tables(*layout, memory).has_value());
        RC_ASSERT(layout->linear.frames() + 1 <= layout->tables.count);
        for (u64 pfn = 0; pfn < layout->mapped; ++pfn) {
            auto const entry = fake.walk(layout->l4, layout->address_of(Pfn{pfn}).raw());
            RC_ASSERT(entry.has_value());
            RC_ASSERT(fake.pfn_of(*entry) == Pfn{pfn});
            RC_ASSERT(((*entry & 2) != 0) == !layout->tables.contains(Pfn{pfn}));
        }
        RC_ASSERT(!fake.walk(layout->l4, layout->address_of(Pfn{layout->mapped}).raw()).has_value());
        for (u64 i = 0; i < layout->p2m.count; ++i) {
            auto const entry = fake.walk(layout->l4, layout->p2m_address().raw() + i * page_size);
            RC_ASSERT(entry.has_value());
            RC_ASSERT(fake.pfn_of(*entry) == layout->p2m.first + i);
        }
    });
    CHECK(ok);
}

TEST_CASE("start_info tells the guest what was planned") {
    auto const file = SampleKernel::like_linux().file();
    auto const kernel = Kernel::parse(bytes_of(file));
    auto const layout = PvLayout::plan(*kernel, {.pages = 0x10000, .ramdisk_bytes = 5000});
    FakeMemory fake;
    GuestMemory const memory{fake};
    image::StartFacts facts{
        .store_port = EvtchnPort{1}, .console_port = EvtchnPort{2}, .command_line = "quiet"};
    REQUIRE(image::write_start_info(*layout, memory, facts));
    auto const& info = *reinterpret_cast<start_info_t const*>(fake.page(layout->start_info.first));
    CHECK(std::string_view{info.magic} == "xen-3.0-x86_64");
    CHECK(info.flags == (SIF_MOD_START_PFN | SIF_VIRT_P2M_4TOOLS));
    CHECK(info.mod_start == layout->ramdisk.first.raw());
    CHECK(info.mod_len == 5000);
    CHECK(info.nr_pt_frames == layout->tables.count);
    CHECK(info.first_p2m_pfn == layout->p2m.first.raw());
    CHECK(info.console.domU.mfn == fake.frame(layout->console.first).raw());
    CHECK(std::string_view{reinterpret_cast<char const*>(info.cmd_line)} == "quiet");
    std::string const too_long(MAX_GUEST_CMDLINE, 'x');
    facts.command_line = too_long;
    CHECK(image::write_start_info(*layout, memory, facts).error() == Errno::toobig);
}
