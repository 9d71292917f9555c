// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "arch/boot/multiboot.hpp"
#include "tests/unit/arch/boot/loader_memory.hpp"

namespace {

constexpr u64 info = 0x1000;
constexpr u32 magic = 0x36d76289;

// Writes tags one behind the other.
class Tags {
    LoaderMemory memory_;
    u64 at_ = info + 8;

  public:
    template <class... T>
    Tags& add(u32 type, T const&... values) {
        u64 const start = at_;
        at_ += 8;
        (put(values), ...);
        memory_.put(start, type);
        memory_.put(start + 4, static_cast<u32>(at_ - start));
        at_ = round_up(at_, 8);
        return *this;
    }
    LoaderMemory finish() {
        add(0);
        memory_.put(info, static_cast<u32>(at_ - info));
        return memory_;
    }

  private:
    void put(std::string_view s) {
        memory_.put(at_, s);
        at_ += s.size() + 1;
    }
    template <std::integral T>
    void put(T v) {
        memory_.put(at_, v);
        at_ += sizeof v;
    }
};

Tags typical() {
    Tags t;
    // The command line comes first, before one knows that GRUB speaks.
    t.add(1, std::string_view{"noreboot"});
    t.add(2, std::string_view{"GRUB 2.06"});
    t.add(3, u32{0x5000}, u32{0x6000}, std::string_view{"quiet splash"});
    t.add(6, u32{24}, u32{0}, u64{0}, u64{0x80000}, u32{1}, u32{0}, u64{0x100000}, u64{0x1000}, u32{3},
          u32{0});
    t.add(15, std::string_view{"RSD PTR copy"});
    return t;
}

}  // namespace

TEST_CASE("Multiboot 2: all that a loader says is taken over") {
    LoaderMemory const m = typical().finish();
    auto r = std::make_unique<boot::BootRecord>();
    REQUIRE(boot::parse_multiboot(m.view(), magic, info, *r));
    CHECK(r->loader == "GRUB 2.06");
    CHECK(r->cmdline == "noreboot");
    REQUIRE(r->modules.size() == 1);
    CHECK(r->modules[0].cmdline == "quiet splash");
    CHECK(r->modules[0].name.empty());
    REQUIRE(r->memory.size() == 2);
    CHECK(r->memory[1].type == 3);
    REQUIRE(r->rsdp.size() == 13);
    CHECK(r->rsdp[0] == 'R');
}

TEST_CASE("Multiboot 2: a missing end tag is damage") {
    LoaderMemory m = typical().finish();
    auto const total = m.view().read<u32>(info).value();
    m.put(info, total - 8);
    auto r = std::make_unique<boot::BootRecord>();
    CHECK(boot::parse_multiboot2(m.view(), info, *r).error() == "the boot loader's information is damaged");
}

TEST_CASE("Multiboot 2: a tag of size 0 does not loop for ever") {
    LoaderMemory m = typical().finish();
    m.put(info + 12, u32{0});
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot2(m.view(), info, *r));
}

TEST_CASE("Multiboot 2: a string must end within its tag") {
    Tags t;
    t.add(1, u32{0x41414141});
    LoaderMemory const m = t.finish();
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot2(m.view(), info, *r));
}

TEST_CASE("Multiboot 2: memory map entries smaller than the specification's are refused") {
    Tags t;
    t.add(6, u32{0}, u32{0}, u64{0}, u64{0x80000}, u32{1}, u32{0});
    LoaderMemory const m = t.finish();
    auto r = std::make_unique<boot::BootRecord>();
    CHECK_FALSE(boot::parse_multiboot2(m.view(), info, *r));
}

TEST_CASE("Multiboot 2: no change of bytes makes the parser read outside") {
    REQUIRE(rc::check([] {
        LoaderMemory m = typical().finish();
        for (auto const& [at, v] : *rc::gen::container<std::vector<std::pair<u16, u8>>>(
                 rc::gen::pair(rc::gen::inRange<u16>(0x1000, 0x10c0), rc::gen::arbitrary<u8>())))
            m.put(at, v);
        auto r = std::make_unique<boot::BootRecord>();
        // The sanitizers judge; the outcome may be either.
        RC_CLASSIFY(boot::parse_multiboot2(m.view(), info, *r).has_value());
    }));
}
