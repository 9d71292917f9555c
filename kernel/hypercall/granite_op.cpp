// SPDX-License-Identifier: MIT
// The one extension of the ABI: hypercall 48, for the domain that has both the
// control and the console privilege; the last two also for one that has a card
// of its own, which can read all memory anyhow. Xen answers ENOSYS to this number.
//   0 ready()                                 the boot-time guests are started
//   1 monitor(cmd, length, out, out_length)   runs a monitor command; bytes written,
//                                             or EAGAIN while that takes its time
//   2 input_focus(domid)                      serial input to the driver domain
//   3 set_name(domid, text, length)           what reports call the domain
//   4 question(out, out_length)               the monitor's, which VIRQ_ARCH_0
//                                             told of; its number
//   5 answer(number, text, length, last)      a part of the answer to it
//   6 mark(a, b)                              notes it; whether marks are wanted
//   7 record_for_walk(on)                     traces what a walk needs
//   8 read_events(since, out, room)           of the trace, newest first; how many
#include <algorithm>
#include <array>

#include "kernel/abi/granite_op.hpp"
#include "kernel/base/log.hpp"
#include "kernel/console/input.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/granite_ops.hpp"
#include "kernel/monitor/question.hpp"
#include "kernel/monitor/visitor.hpp"

namespace hypercall {
namespace {

// A text from the guest, bounded by the buffer it goes to.
Result<std::string_view> fetch_text(u64 address, u64 length, std::span<char> into) {
    if (length > into.size())
        return Fail{Errno::toobig};
    TRY_VOID(GuestPtr<char const>{address}.fetch_into(into.data(), length));
    return std::string_view{into.data(), length};
}

Answer run_monitor(u64 command, u64 length, u64 out, u64 out_length) {
    std::array<char, monitor::longest_command> buffer;
    auto const text = TRY(fetch_text(command, length, buffer));
    auto const session = TRY(monitor::ask_or_come_back(text));
    GuestPtr<char> const to{out};
    std::string_view const answer = session.text().substr(0, out_length);
    TRY_VOID(to.store_from(answer.data(), answer.size()));
    return static_cast<s64>(answer.size());
}

Answer name_domain(Domain& caller, DomId id, u64 address, u64 length) {
    std::array<char, sizeof(Domain::name) - 1> buffer;
    auto const text = TRY(fetch_text(address, length, buffer));
    if (text.empty())
        return Fail{Errno::inval};
    TRY(domains::resolve(caller, id))->set_name(text);
    return 0;
}

// With a zero at its end.
Answer give_question(u64 out, u64 out_length) {
    std::array<char, monitor::longest_command + 1> buffer{};
    if (out_length < buffer.size())
        return Fail{Errno::inval};
    auto const question = monitor::questions::fetch(std::span{buffer}.first<monitor::longest_command>());
    if (!question)
        return Fail{Errno::noent};
    TRY_VOID(GuestPtr<char>{out}.store_from(buffer.data(), question->text.size() + 1));
    return s64{question->number};
}

bool may_call(Domain const& d, u32 cmd) {
    bool const of_drivers = cmd == granite_op::walk || cmd == granite_op::events;
    return (d.priv.control && d.priv.console) || (of_drivers && d.uses_devices());
}

Answer take_answer(u64 number, u64 text, u64 length, u64 last) {
    if (number > ~u32{0} || last > 1)
        return Fail{Errno::inval};
    TRY_VOID(
        monitor::questions::answer(static_cast<u32>(number), GuestPtr<char const>{text}, length, last != 0));
    return 0;
}

}  // namespace

Answer granite_op(Vcpu& v, u32 cmd, u64 a, u64 b, u64 c, u64 d) {
    if (!may_call(v.domain, cmd))
        return Fail{Errno::perm};
    switch (cmd) {
        case granite_op::ready:
            log("ready");
            return 0;
        case granite_op::monitor:
            return run_monitor(a, b, c, d);
        case granite_op::input_focus:
            if (a != v.domain.id.raw())
                return Fail{Errno::inval};
            console::set_focus(console::Focus::driver_domain);
            return 0;
        case granite_op::set_name:
            if (a >= DOMID_FIRST_RESERVED)
                return Fail{Errno::srch};
            return name_domain(v.domain, DomId{static_cast<u16>(a)}, b, c);
        case granite_op::question:
            return give_question(a, b);
        case granite_op::answer:
            return take_answer(a, b, c, d);
        case granite_op::mark:
            return note_mark(v, a, b);
        case granite_op::walk:
            return record_for_walk(a != 0);
        case granite_op::events:
            return read_events(a, GuestPtr<trace::Record>{b}, c);
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall
