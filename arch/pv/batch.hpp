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

// Calls one(request) for each: Result<>. An error other than restart leaves
// later requests undone.
template <class Request, class One>
hypercall::Answer run_batch(Vcpu& v, GuestPtr<Request const> requests, u32 count, GuestPtr<u32> done,
                            u32 domid, One&& one) {
    u32 const todo = count & ~goes_on;
    u32 const done_before = todo != count && !done.null() ? TRY(done.fetch()) : 0;
    auto const list = TRY(requests.span(todo));
    u32 i = 0;
    auto step = [&]() -> Result<> {
        if (i != 0 && i % requests_per_check == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
        return one(TRY(list.fetch(i)));
    };
    Result<> r;
    // Also after the last request: nothing may be half closed on return.
    while ((r = finish_closing(v)) && i < todo) {
        r = step();
        if (!r) [[unlikely]]
            break;
        ++i;
    }
    if (!done.null())
        TRY_VOID(done.store(done_before + i));
    if (r) [[likely]]
        return 0;
    if (r.error() == Errno::restart)
        hypercall::continue_with_args(requests.raw() + u64{i} * sizeof(Request), (todo - i) | goes_on,
                                      done.raw(), domid);
    return Fail{r.error()};
}

}  // namespace arch
