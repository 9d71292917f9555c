// SPDX-License-Identifier: MIT
// Who makes copies on which CPU, with virtual CPUs that are few.
#include "dom0/net/helpers/helpers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace helpers;

namespace {

struct Idle final : Helper {
    bool take(CopyJob&) override { return false; }
    void wait_for(CopyJob const&) override {}
};

constexpr DomId ours{0}, first{1}, second{2}, third{3};
constexpr VcpuId boot{0};

struct Setup {
    u32 vcpus = 3;  // ours included
    bool pins = true;
    std::map<u32, u32> pinned;  // vcpu to CPU
    std::map<std::pair<DomId, VcpuId>, u32> runs_on{{{ours, boot}, 0}, {{first, boot}, 1}};
    Helpers helpers{{.start = [this](VcpuId vcpu) -> Result<std::shared_ptr<Helper>> {
                         if (vcpu.raw() >= vcpus)
                             return Fail{Errno::noent};
                         return std::make_shared<Idle>();
                     },
                     .pin = [this](VcpuId vcpu, u32 cpu) -> Result<> {
                         if (!pins)
                             return Fail{Errno::inval};
                         pinned[vcpu.raw()] = cpu;
                         return {};
                     },
                     .cpu_of = [this](DomId domain, VcpuId vcpu) -> Result<u32> {
                         auto const found = runs_on.find({domain, vcpu});
                         if (found == runs_on.end())
                             return Fail{Errno::noent};
                         return found->second;
                     }}};
};

}  // namespace

TEST_CASE("copies for a guest are made on its processor") {
    Setup s;
    REQUIRE(s.helpers.beside(first, boot) != nullptr);
    REQUIRE(s.pinned == std::map<u32, u32>{{1, 1}});
}

TEST_CASE("guests of one processor have one helper") {
    Setup s;
    s.runs_on[{second, boot}] = 1;
    auto const helper = s.helpers.beside(first, boot);
    REQUIRE(s.helpers.beside(second, boot) == helper);
    REQUIRE(s.pinned.size() == 1);
}

TEST_CASE("nobody helps on the processor where the driver domain itself runs") {
    Setup s;
    s.runs_on[{first, boot}] = 0;
    REQUIRE(s.helpers.beside(first, boot) == nullptr);
    REQUIRE(s.pinned.empty());
}

TEST_CASE("a queue beyond the guest's virtual CPUs belongs to the first of these") {
    Setup s;
    REQUIRE(s.helpers.beside(first, VcpuId{5}) == s.helpers.beside(first, boot));
}

TEST_CASE("a guest that is gone has no helper") {
    Setup s;
    REQUIRE(s.helpers.beside(DomId{9}, boot) == nullptr);
}

TEST_CASE("helpers are never more than virtual CPUs, and one that nobody uses is moved") {
    Setup s;
    s.runs_on[{second, boot}] = 2;
    s.runs_on[{third, boot}] = 3;
    auto const one = s.helpers.beside(first, boot);
    auto two = s.helpers.beside(second, boot);
    REQUIRE(two != nullptr);
    REQUIRE(s.helpers.beside(third, boot) == nullptr);
    auto const* const before = two.get();
    two.reset();
    REQUIRE(s.helpers.beside(third, boot).get() == before);
    REQUIRE(s.pinned == std::map<u32, u32>{{1, 1}, {2, 3}});
}

TEST_CASE("a helper that cannot be moved to a processor is none") {
    Setup s;
    s.pins = false;
    REQUIRE(s.helpers.beside(first, boot) == nullptr);
    s.pins = true;
    REQUIRE(s.helpers.beside(first, boot) != nullptr);
}
