// SPDX-License-Identifier: MIT
// Plans of initial memory, and the page tables they become.
#include "kernel/image/pv_layout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <rapidcheck.h>

#include "kernel/image/pv_writer.hpp"
#include "tests/unit/kernel/image/fake_memory.hpp"
#include "tests/unit/kernel/image/sample.hpp"

namespace {

using image::GuestMemory;
using image::Kernel;
using image::PvLayout;

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
