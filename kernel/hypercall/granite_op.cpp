// SPDX-License-Identifier: MIT
// The one extension of the ABI: hypercall 48, for the domain that has both the
// control and the console privilege. Xen answers ENOSYS to this number.
//   0 ready()                                 the boot-time guests are started
//   1 monitor(cmd, length, out, out_length)   runs a monitor command; bytes written
//   2 input_focus(domid)                      serial input to the driver domain
//   3 set_name(domid, text, length)           what reports call the domain
#include <algorithm>
#include <array>

#include "kernel/base/log.hpp"
#include "kernel/console/input.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/monitor/session.hpp"

namespace hypercall {
namespace {

enum Command : u32 { ready = 0, monitor_command = 1, input_focus = 2, set_name = 3 };

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
    auto const session = monitor::run(text);
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

}  // namespace

Answer granite_op(Vcpu& v, u32 cmd, u64 a, u64 b, u64 c, u64 d) {
    if (!v.domain.priv.control || !v.domain.priv.console)
        return Fail{Errno::perm};
    switch (cmd) {
        case ready:
            log("ready");
            return 0;
        case monitor_command:
            return run_monitor(a, b, c, d);
        case input_focus:
            if (a != v.domain.id.raw())
                return Fail{Errno::inval};
            console::set_focus(console::Focus::driver_domain);
            return 0;
        case set_name:
            if (a >= DOMID_FIRST_RESERVED)
                return Fail{Errno::srch};
            return name_domain(v.domain, DomId{static_cast<u16>(a)}, b, c);
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall
