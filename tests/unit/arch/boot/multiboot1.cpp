// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "arch/boot/multiboot.hpp"
#include "tests/unit/arch/boot/loader_memory.hpp"

namespace {

constexpr u64 info = 0x1000, map = 0x2000, modules = 0x3000, strings = 0x4000;
constexpr u32 magic = 0x2badb002;

// What QEMU passes: command line, memory map, one module, its own name.
LoaderMemory typical() {
    LoaderMemory m;
    m.put(info + 0, u32{1 << 2 | 1 << 3 | 1 << 6 | 1 << 9});
    m.put(info + 16, u32{strings});
    m.put(info + 20, u32{1});
    m.put(info + 24, u32{modules});
    m.put(info + 44, u32{48});
    m.put(info + 48, u32{map});
    m.put(info + 64, u32{strings + 0x100});
    for (u32 i = 0; i < 2; ++i) {
        m.put(map + 24 * i, u32{20});
        m.put(map + 24 * i + 4, u64{i} << 20);
        m.put(map + 24 * i + 12, u64{0x80000});
        m.put(map + 24 * i + 20, u32{i + 1});
    }
    m.put(modules, u32{0x5000});
    m.put(modules + 4, u32{0x6000});
    m.put(modules + 8, u32{strings + 0x200});
    m.put(strings, std::string_view{"granite32.elf noreboot loglvl=all"});
    m.put(strings + 0x100, std::string_view{"qemu"});
    m.put(strings + 0x200, std::string_view{"dom0.elf  quiet"});
    return m;
}

}  // namespace

TEST_CASE("Multiboot 1: all that a loader says is taken over") {
    LoaderMemory const m = typical();
    auto r = std::make_unique<boot::BootRecord>();
    REQUIRE(boot::parse_multiboot(m.view(), magic, info, *r));
    CHECK(r->loader == "qemu");
    CHECK(r->cmdline == "noreboot loglvl=all");
    REQUIRE(r->memory.size() == 2);
    CHECK(r->memory[1].start == Maddr{1 << 20});
    CHECK(r->memory[1].type == 2);
    REQUIRE(r->modules.size() == 1);
    CHECK(r->modules[0].start == Maddr{0x5000});
    CHECK(r->modules[0].size == 0x1000);
    CHECK(r->modules[0].name == "dom0.elf");
    CHECK(r->modules[0].cmdline == "quiet");
}

TEST_CASE("Multiboot 1: the record outlives the loader's memory") {
    LoaderMemory m = typical();
    auto r = std::make_unique<boot::BootRecord>();
    REQUIRE(boot::parse_multiboot1(m.view(), info, *r));
    m.fill(0, m.raw().size(), 0xee);
    CHECK(r->modules[0].cmdline == "quiet");
    CHECK(r->cmdline == "noreboot loglvl=all");
}

TEST_CASE("Multiboot 1: without a memory map there is no start") {
    LoaderMemory m = typical();
    m.put(info, u32{1 << 2});
    auto r = std::make_unique<boot::BootRecord>();
    auto const outcome = boot::parse_multiboot1(m.view(), info, *r);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == "the boot loader passed no memory map");
}

TEST_CASE("Multiboot 1: an entry of size 0 does not loop for ever") {
    LoaderMemory m = typical();
    m.put(map, u32{0});
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot1(m.view(), info, *r));
}

TEST_CASE("Multiboot 1: an empty module is refused") {
    LoaderMemory m = typical();
    m.put(modules + 4, u32{0x5000});
    auto r = std::make_unique<boot::BootRecord>();
    CHECK(boot::parse_multiboot1(m.view(), info, *r).error() == "a boot module is empty");
}

TEST_CASE("Multiboot 1: more modules than fit are refused, not dropped") {
    LoaderMemory m = typical();
    m.put(info + 20, ~u32{0});
    for (u64 i = 0; i < 64; ++i) {
        m.put(modules + 16 * i, u32{0x5000});
        m.put(modules + 16 * i + 4, u32{0x6000});
    }
    auto r = std::make_unique<boot::BootRecord>();
    CHECK(boot::parse_multiboot1(m.view(), info, *r).error() == "the boot loader passed too many modules");
}

TEST_CASE("Multiboot 1: addresses outside of memory are refused") {
    LoaderMemory m = typical();
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot(m.view(), magic, 0xfffffff0, *r));
    m.put(info + 48, u32{0xffffff00});
    CHECK_FALSE(boot::parse_multiboot(m.view(), magic, info, *r));
}

TEST_CASE("an unknown loader is named as the trouble") {
    LoaderMemory const m = typical();
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot(m.view(), 0x12345678, info, *r));
}

TEST_CASE("Multiboot 1: no change of bytes makes the parser read outside") {
    REQUIRE(rc::check([] {
        LoaderMemory m = typical();
        for (auto const& [at, v] : *rc::gen::container<std::vector<std::pair<u16, u8>>>(
                 rc::gen::pair(rc::gen::inRange<u16>(0x1000, 0x4300), rc::gen::arbitrary<u8>())))
            m.put(at, v);
        auto r = std::make_unique<boot::BootRecord>();
        // The sanitizers judge; the outcome may be either.
        RC_CLASSIFY(boot::parse_multiboot1(m.view(), info, *r).has_value());
    }));
}
