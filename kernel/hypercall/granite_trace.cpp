// SPDX-License-Identifier: MIT
// The driver domain's part of a trace: what it notes, and what it reads to put
// beside its own record of a frame.
#include "kernel/abi/mark.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/hypercall/granite_ops.hpp"
#include "kernel/trace/backwards.hpp"

namespace hypercall {
namespace {

// What one call may read, which bounds its time.
constexpr u64 most_records = 512;

trace::Record record_of(trace::Found const& found) {
    auto const& [time, kind, who, a, b] = found.event;
    return {.time = static_cast<u64>(time),
            .cpu = found.cpu,
            .domain = who.domain,
            .vcpu = who.vcpu,
            .kind = static_cast<u64>(kind),
            .a = a,
            .b = b};
}

}  // namespace

// The words go to the record as they are; who reads it takes them with care.
s64 note_mark(Vcpu& v, u64 a, u64 b) {
    if (mark::unpack({a, b}).step != mark::Step::none)
        trace::note(trace::Kind::mark, v, a, b);
    return trace::wants(trace::Kind::mark) ? 1 : 0;
}

Answer record_for_walk(bool on) {
    while (on && !TRY(trace::make_room()))
        if (machine::preempt_pending())
            return Fail{Errno::restart};
    trace::also(on ? trace::walk_kinds : trace::Kinds{0});
    return 0;
}

Answer read_events(u64 since, GuestPtr<trace::Record> into, u64 room) {
    trace::Backwards events;
    u64 count = 0;
    for (; count < std::min(room, most_records); ++count) {
        auto const found = events.next();
        if (!found || static_cast<u64>(found->event.time) < since)
            break;
        TRY_VOID(into.store(record_of(*found), count));
    }
    return static_cast<s64>(count);
}

}  // namespace hypercall
