// SPDX-License-Identifier: MIT
#include "guest-pv/rt/power.hpp"

#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/cpu/report.hpp"
#include "guest-pv/rt/hypercall.hpp"

namespace rt {

void shutdown(Shutdown reason) {
    sched_shutdown_t request{.reason = static_cast<unsigned>(reason)};
    // Neither of these reasons returns; should it, there is nobody to tell.
    for (;;)
        static_cast<void>(hypercall::sched_op(SCHEDOP_shutdown, request));
}

void panic(std::string_view why) {
    console_write("panic: ");
    console_write(why);
    console_write("\n");
    auto const* caller_frame = *static_cast<u64* const*>(__builtin_frame_address(0));
    report_call_trace(reinterpret_cast<u64>(__builtin_return_address(0)),
                      reinterpret_cast<u64>(caller_frame));
    shutdown(Shutdown::crash);
}

}  // namespace rt
