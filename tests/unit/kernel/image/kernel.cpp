// SPDX-License-Identifier: MIT
#include "kernel/image/kernel.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/unit/kernel/image/sample.hpp"

namespace {

std::string refusal_of(std::string const& file) {
    auto const kernel = image::Kernel::parse(bytes_of(file));
    return kernel ? "accepted" : std::string{kernel.error()};
}

}  // namespace

TEST_CASE("a kernel with Linux's notes is understood") {
    auto const file = SampleKernel::like_linux().file();
    auto const kernel = image::Kernel::parse(bytes_of(file));
    REQUIRE(kernel);
    CHECK(kernel->first == Pfn{0x1000});
    CHECK(kernel->end == Pfn{0x1004});
    CHECK(kernel->entry == Vaddr{0xffffffff81000000});
    CHECK(kernel->notes.init_p2m == 0x8000000000);
    CHECK(kernel->notes.ramdisk_by_pfn);
}

TEST_CASE("without notes for them, base and entry have their defaults") {
    SampleKernel kernel;
    kernel.entry = 0x10;
    auto const file = kernel.text_note(XEN_ELFNOTE_GUEST_OS, "Mini-OS").file();
    auto const parsed = image::Kernel::parse(bytes_of(file));
    REQUIRE(parsed);
    CHECK(parsed->notes.virt_base == 0);
    CHECK(parsed->entry == Vaddr{0x10});
    CHECK(parsed->notes.guest_os == "Mini-OS");
}

TEST_CASE("D1 a refusal says what was found") {
    CHECK(refusal_of("") == "an empty file");
    CHECK(refusal_of("\x1f\x8b and so on") == "a gzip file");
    CHECK(refusal_of("#!/bin/sh") == "a script");
    CHECK(refusal_of("whatever") == "a file of unknown kind");
    std::string linux_image(0x300, '\0');
    linux_image.replace(0x202, 4, "HdrS");
    CHECK(refusal_of(linux_image) == "a Linux bzImage whose compressed kernel was not unpacked");
    CHECK(refusal_of(SampleKernel{}.file()) == "an ELF file without Xen notes: not a paravirtual kernel");
    auto narrow = SampleKernel::like_linux();
    narrow.file_class = image::elf::class_32;
    CHECK(refusal_of(narrow.file()) == "a 32-bit ELF file: only 64-bit guests are supported");
}

TEST_CASE("notes that ask for the impossible are refused") {
    auto const with = [](u32 type, std::string_view text) {
        return refusal_of(SampleKernel::like_linux().text_note(type, text).file());
    };
    CHECK(with(XEN_ELFNOTE_XEN_VERSION, "xen-4") != "accepted");
    CHECK(with(XEN_ELFNOTE_LOADER, "special") != "accepted");
    CHECK(with(XEN_ELFNOTE_FEATURES, "!teleportation") != "accepted");
    CHECK(with(XEN_ELFNOTE_FEATURES, "teleportation") == "accepted");
    auto const at = [](u32 type, u64 number) {
        return refusal_of(SampleKernel::like_linux().note(type, number).file());
    };
    CHECK(at(XEN_ELFNOTE_ENTRY, 0xffffffff80000000) == "a kernel whose entry point lies outside of it");
    CHECK(at(XEN_ELFNOTE_HYPERCALL_PAGE, 0xffffffff81000010) ==
          "a kernel whose hypercall page lies outside of it");
    CHECK(at(XEN_ELFNOTE_VIRT_BASE, 0xffffffff80000001) != "accepted");
    CHECK(at(XEN_ELFNOTE_PADDR_OFFSET, 0x2000000) == "a kernel with a segment below its own base address");
}

TEST_CASE("IM-1 a file cut off anywhere is refused without reading behind its end") {
    auto const file = SampleKernel::like_linux().file();
    for (usize size = 0; size + 8 < file.size(); ++size) {
        // Of its own size, so that the sanitizer sees every byte too many.
        std::vector<char> const part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        auto const kernel = image::Kernel::parse(std::as_bytes(std::span{part}));
        CAPTURE(size);
        CHECK_FALSE(kernel);
    }
}

TEST_CASE("IM-1 whatever numbers a file's headers hold, nothing outside of it is read") {
    auto const ok = rc::check("random words in the headers", [] {
        auto file = SampleKernel::like_linux().file();
        auto const times = *rc::gen::inRange(1, 4);
        for (int i = 0; i < times; ++i) {
            auto const at = *rc::gen::inRange<usize>(4, file.size() - 8);
            u64 const value =
                *rc::gen::oneOf(rc::gen::arbitrary<u64>(), rc::gen::element<u64>(0, ~u64{0}, 1, 4096));
            __builtin_memcpy(file.data() + at, &value, sizeof value);
        }
        std::vector<char> const exact(file.begin(), file.end());
        auto const kernel = image::Kernel::parse(std::as_bytes(std::span{exact}));
        for (unsigned i = 0; kernel && i < kernel->elf.segments(); ++i) {
            if (auto const segment = kernel->elf.loadable(i))
                RC_ASSERT(segment->contents.size() <= segment->memory_size);
        }
    });
    CHECK(ok);
}
