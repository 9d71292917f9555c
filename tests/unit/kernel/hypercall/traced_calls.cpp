// SPDX-License-Identifier: MIT
// Hypercalls in the trace.
#include <catch2/catch_test_macros.hpp>

#include "kernel/hypercall/dispatch.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/trace.hpp"

namespace {

constexpr u64 no_call = 63;

u64 events() {
    auto const extent = trace::extent(CpuId{0});
    return extent.end - extent.first;
}

void call(Vcpu& v) {
    hypercall::Args args{7};
    auto const outcome = hypercall::dispatch(v, no_call, args);
    CHECK(static_cast<s64>(outcome.value) == -static_cast<s64>(Errno::nosys));
}

}  // namespace

TEST_CASE("while calls are traced, each is noted with its argument and its result") {
    host::power_on();
    host::TestDomain d{3};
    trace::set_follower(hypercall::follow_trace);
    host::start_trace(trace::all_kinds);
    call(*d->vcpu(0));
    auto const first = trace::extent(CpuId{0}).first;
    auto const begun = trace::read(CpuId{0}, first), ended = trace::read(CpuId{0}, first + 1);
    REQUIRE((begun && ended));
    CHECK(begun->kind == trace::Kind::call);
    CHECK(begun->who == trace::Who{3, 0});
    CHECK((begun->a == no_call && begun->b == 7));
    CHECK(ended->kind == trace::Kind::done);
    CHECK((ended->a == no_call && static_cast<s64>(ended->b) == -static_cast<s64>(Errno::nosys)));
    trace::stop();
    CHECK(events() == 2);
    call(*d->vcpu(0));
    CHECK(events() == 2);
    trace::start(trace::bit(trace::Kind::map));
    call(*d->vcpu(0));
    CHECK(events() == 0);
    trace::stop();
    trace::set_follower(nullptr);
}
