// SPDX-License-Identifier: MIT
// What mmu_update and mmuext_op have in common: a list of requests, run in
// order up to the first error, with a count of those done that is exact across
// errors and restarts (PT-17, HC-5).
#pragma once

#include "arch/pv/closing.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace arch {

inline constexpr u32 requests_per_check = 16;
// In `count`: this call goes on with an earlier one, whose *done counts on. A
// guest that sets it by itself changes nothing but that number.
inline constexpr u32 goes_on = u32{1} << 31;

// Where a batch stands. `count` as the guest passed it, perhaps with the mark
// of a call that goes on.
struct BatchCount {
    u32 todo = 0;
    u32 done_before = 0;

    static Result<BatchCount> read(u32 count, GuestPtr<u32> done) {
        BatchCount b{.todo = count & ~goes_on};
        if (b.todo != count && !done.null())
            b.done_before = TRY(done.fetch());
        return b;
    }
};

// Calls one(request) for each: Result<>. An error other than restart leaves
// later requests undone.
template <class Request, class One>
hypercall::Answer run_batch(Vcpu& v, GuestPtr<Request const> requests, u32 count, GuestPtr<u32> done,
                            u32 domid, One&& one) {
    BatchCount const batch = TRY(BatchCount::read(count, done));
    u32 i = 0;
    auto step = [&]() -> Result<> {
        Request request;
        TRY_VOID(requests.fetch_into(&request, 1, i));
        return one(request);
    };
    Result<> r;
    // Also after the last request: nothing may be half closed on return.
    while ((r = finish_closing(v)) && i < batch.todo) {
        if (i != 0 && i % requests_per_check == 0 && machine::preempt_pending())
            r = Fail{Errno::restart};
        else
            r = step();
        if (!r)
            break;
        ++i;
    }
    if (!done.null())
        TRY_VOID(done.store(batch.done_before + i));
    if (r)
        return 0;
    if (r.error() == Errno::restart)
        hypercall::continue_with_args(requests.raw() + u64{i} * sizeof(Request), (batch.todo - i) | goes_on,
                                      done.raw(), domid);
    return Fail{r.error()};
}

}  // namespace arch
