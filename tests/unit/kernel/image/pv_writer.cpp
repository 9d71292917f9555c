// SPDX-License-Identifier: MIT
// What a new guest finds in its memory and in its registers.
#include "kernel/image/pv_writer.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>

#include "tests/unit/kernel/image/fake_memory.hpp"
#include "tests/unit/kernel/image/sample.hpp"

namespace {

using image::GuestMemory;
using image::Kernel;
using image::PvLayout;

struct Build {
    std::string file;
    Kernel kernel;
    PvLayout layout;
    FakeMemory fake;
    GuestMemory memory{fake};

    Build(SampleKernel const& sample, image::PvRequest const& request)
        : file{sample.file()},
          kernel{*Kernel::parse(bytes_of(file))},
          layout{*PvLayout::plan(kernel, request)} {}
    Build(Build const&) = delete;
    Build& operator=(Build const&) = delete;

    [[nodiscard]] std::string text(u64 offset, usize length) {
        auto const* const page = fake.page(Pfn{offset >> page_shift});
        return {reinterpret_cast<char const*>(page) + (offset & page_mask), length};
    }
    start_info_t const& start_info(image::StartFacts const& facts = {}) {
        REQUIRE(image::write_start_info(layout, memory, facts));
        return *reinterpret_cast<start_info_t const*>(fake.page(layout.start_info.first));
    }
};

SampleKernel unikernel() {
    SampleKernel kernel;
    kernel.text_note(XEN_ELFNOTE_GUEST_OS, "Mini-OS");
    return kernel;
}

}  // namespace

TEST_CASE("a kernel's contents lie where its headers say, and its hypercall page has the calls") {
    SampleKernel sample = SampleKernel::like_linux();
    sample.note(XEN_ELFNOTE_HYPERCALL_PAGE, 0xffffffff81002000);
    Build build{sample, {.pages = 0x10000}};
    REQUIRE(image::write_kernel(build.kernel, build.layout, build.memory));
    CHECK(build.text(0x1000000, sample.contents.size() + 1) == sample.contents + '\0');
    // push %rcx; push %r11; mov $13, %eax; syscall
    CHECK(build.text(0x1002000 + 13 * 32, 10) == std::string{"\x51\x41\x53\xb8\x0d\0\0\0\x0f\x05", 10});
    build.fake.missing = Pfn{0x1002};
    CHECK(image::write_kernel(build.kernel, build.layout, build.memory).error() == Errno::nomem);
    build.fake.missing = Pfn{0x1000};
    CHECK(image::write_kernel(build.kernel, build.layout, build.memory).error() == Errno::nomem);
}

TEST_CASE("a ramdisk is as long as was planned, and whole across pages") {
    std::string disk(5000, 'a');
    disk.back() = 'z';
    Build build{SampleKernel::like_linux(), {.pages = 0x10000, .ramdisk_bytes = disk.size()}};
    CHECK(image::write_ramdisk(build.layout, build.memory, bytes_of(disk + 'x')).error() == Errno::inval);
    REQUIRE(image::write_ramdisk(build.layout, build.memory, bytes_of(disk)));
    u64 const at = build.layout.ramdisk.first.raw() << page_shift;
    CHECK(build.text(at, page_size) + build.text(at + page_size, 905) == disk + '\0');
    build.fake.missing = build.layout.ramdisk.first + 1;
    CHECK(image::write_ramdisk(build.layout, build.memory, bytes_of(disk)).error() == Errno::nomem);
}

TEST_CASE("the P2M list names each frame, and none behind the last") {
    constexpr u64 pages = 0x2000 + 7;
    Build build{SampleKernel::like_linux(), {.pages = pages}};
    REQUIRE(image::write_p2m(build.layout, build.memory));
    for (u64 pfn = 0; pfn < build.layout.p2m.count * 512; ++pfn) {
        auto const* const list =
            reinterpret_cast<u64 const*>(build.fake.page(build.layout.p2m.first + pfn / 512));
        u64 const expected = pfn < pages ? build.fake.frame(Pfn{pfn}).raw() : ~u64{0};
        if (list[pfn % 512] != expected)
            FAIL("frame " << pfn << " is " << list[pfn % 512]);
    }
    build.fake.missing = build.layout.p2m.first;
    CHECK(image::write_p2m(build.layout, build.memory).error() == Errno::nomem);
}

TEST_CASE("start_info tells the guest what was planned") {
    Build build{SampleKernel::like_linux(), {.pages = 0x10000, .ramdisk_bytes = 5000}};
    image::StartFacts facts{.shared_info = Maddr{0x7000},
                            .flags = SIF_PRIVILEGED,
                            .store_port = EvtchnPort{1},
                            .console_port = EvtchnPort{2},
                            .command_line = "quiet"};
    auto const& info = build.start_info(facts);
    CHECK(std::string_view{info.magic} == "xen-3.0-x86_64");
    CHECK(info.flags == (SIF_PRIVILEGED | SIF_MOD_START_PFN | SIF_VIRT_P2M_4TOOLS));
    CHECK(info.mod_start == build.layout.ramdisk.first.raw());
    CHECK(info.mod_len == 5000);
    CHECK(info.nr_pt_frames == build.layout.tables.count);
    CHECK(info.first_p2m_pfn == build.layout.p2m.first.raw());
    CHECK(info.nr_p2m_frames == build.layout.p2m.count + build.layout.p2m_map->frames());
    CHECK(info.mfn_list == 0x8000000000);
    CHECK(info.nr_pages == 0x10000);
    CHECK(info.shared_info == 0x7000);
    CHECK(info.pt_base == build.layout.address_of(build.layout.l4).raw());
    CHECK(info.store_mfn == build.fake.frame(build.layout.store.first).raw());
    CHECK(info.store_evtchn == 1);
    CHECK(info.console.domU.evtchn == 2);
    CHECK(info.console.domU.mfn == build.fake.frame(build.layout.console.first).raw());
    CHECK(std::string_view{reinterpret_cast<char const*>(info.cmd_line)} == "quiet");
    std::string const too_long(MAX_GUEST_CMDLINE, 'x');
    facts.command_line = too_long;
    CHECK(image::write_start_info(build.layout, build.memory, facts).error() == Errno::toobig);
    std::string const longest(MAX_GUEST_CMDLINE - 1, 'x');
    facts.command_line = longest;
    CHECK(reinterpret_cast<char const*>(build.start_info(facts).cmd_line) == longest);
}

TEST_CASE("a first domain has no rings, and a ramdisk within the stretch is told by its address") {
    Build build{unikernel(), {.pages = 4096, .ramdisk_bytes = 100, .rings = false}};
    auto const& info = build.start_info();
    CHECK(info.flags == SIF_VIRT_P2M_4TOOLS);
    CHECK(info.mod_start == build.layout.address_of(build.layout.ramdisk.first).raw());
    CHECK(info.mod_len == 100);
    CHECK(info.mfn_list == build.layout.address_of(build.layout.p2m.first).raw());
    CHECK(info.first_p2m_pfn == 0);
    CHECK(info.nr_p2m_frames == 0);
    CHECK(info.store_mfn == 0);
    CHECK(info.console.domU.mfn == 0);
    build.fake.missing = build.layout.start_info.first;
    CHECK(image::write_start_info(build.layout, build.memory, {}).error() == Errno::nomem);
    Build diskless{unikernel(), {.pages = 4096}};
    CHECK(diskless.start_info().mod_start == 0);
    CHECK(diskless.start_info().mod_len == 0);
}

TEST_CASE("the first virtual CPU starts at the entry, in kernel mode, on its tables and its stack") {
    Build build{SampleKernel::like_linux(), {.pages = 0x10000}};
    vcpu_guest_context_t context{};
    image::fill_context(build.layout, build.memory, context);
    CHECK(context.flags == (VGCF_in_kernel | VGCF_online));
    CHECK(context.user_regs.rip == 0xffffffff81000000);
    CHECK(context.user_regs.rsp == build.layout.stack_top().raw());
    CHECK(context.user_regs.rsi == build.layout.address_of(build.layout.start_info.first).raw());
    CHECK(context.user_regs.rflags == 0x200);
    CHECK((context.user_regs.cs & 3) == 3);
    CHECK((context.user_regs.ss & 3) == 3);
    CHECK(context.kernel_sp == context.user_regs.rsp);
    CHECK(context.kernel_ss == context.user_regs.ss);
    CHECK(context.ctrlreg[3] == maddr_of(build.fake.frame(build.layout.l4)).raw());
    CHECK(context.debugreg[7] == 0x400);
    CHECK(context.trap_ctxt[14].address == 0);
}
