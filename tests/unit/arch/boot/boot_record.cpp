// SPDX-License-Identifier: MIT
#include "arch/boot/boot_record.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>

namespace {

constexpr Maddr image{0x200000}, image_end{0x500000};

std::unique_ptr<boot::BootRecord> with_module(u64 start, u64 size) {
    auto r = std::make_unique<boot::BootRecord>();
    REQUIRE(r->memory.push({Maddr{0x100000}, 0x10000000, 1}));
    REQUIRE(r->modules.push({Maddr{start}, size, {}, {}}));
    return r;
}

}  // namespace

TEST_CASE("a module in RAM, apart from all else, is accepted") {
    CHECK(boot::check(*with_module(0x500000, 0x1000), image, image_end));
    CHECK(boot::check(*with_module(0x1ff000, 0x1000), image, image_end));
}

TEST_CASE("a module outside of RAM is refused") {
    CHECK(boot::check(*with_module(0x20000000, 0x1000), image, image_end).error() ==
          "a boot module lies outside of RAM");
    CHECK_FALSE(boot::check(*with_module(0x100ff000, 0x2000), image, image_end));
}

TEST_CASE("a module over the hypervisor is refused") {
    CHECK(boot::check(*with_module(0x1ff000, 0x1001), image, image_end).error() ==
          "a boot module overlaps the hypervisor");
}

TEST_CASE("two modules in one place are refused") {
    auto r = with_module(0x600000, 0x2000);
    REQUIRE(r->modules.push({Maddr{0x601000}, 0x2000, {}, {}}));
    CHECK(boot::check(*r, image, image_end).error() == "two boot modules overlap");
}

TEST_CASE("a memory map without RAM is refused") {
    auto r = std::make_unique<boot::BootRecord>();
    REQUIRE(r->memory.push({Maddr{0}, 0x1000, 2}));
    CHECK_FALSE(boot::check(*r, image, image_end));
}

TEST_CASE("strings that do not fit are cut, and others stay whole") {
    auto r = std::make_unique<boot::BootRecord>();
    CHECK(r->keep("first") == "first");
    CHECK(r->keep(std::string(20000, 'x')).size() == 16384 - 5);
    CHECK(r->keep("more").empty());
}

TEST_CASE("GRUB 2 passes arguments alone, others the file's name first") {
    CHECK(boot::split_command("GRUB 2.06-13", " a b").arguments == "a b");
    CHECK(boot::split_command("GRUB 0.97", "/xen a b").arguments == "a b");
    auto const c = boot::split_command("qemu", "  granite32.elf   loglvl=all x ");
    CHECK(c.name == "granite32.elf");
    CHECK(c.arguments == "loglvl=all x ");
    CHECK(boot::split_command("qemu", "granite32.elf").arguments.empty());
    CHECK(boot::split_command("qemu", "").name.empty());
}
