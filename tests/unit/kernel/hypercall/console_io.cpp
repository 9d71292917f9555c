// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/console/input.hpp"
#include "kernel/console/output.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/console.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

using host::TestDomain;

constexpr Privileges with_console{.console = true};

struct Console {
    test::GuestBuffer memory;
    Console() {
        console::end_lines();
        host::serial_line().clear();
    }
    // As the dispatcher does it: again with changed arguments, until done.
    s64 write(TestDomain& d, std::string_view s) {
        memory.put_text(s);
        hypercall::Args args{CONSOLEIO_write, s.size(), test::GuestBuffer::at().raw()};
        for (;;) {
            auto const r = hypercall::dispatch(d.vcpu(), __HYPERVISOR_console_io, args);
            if (!r.restart)
                return static_cast<s64>(r.value);
        }
    }
};

}  // namespace

TEST_CASE("CN-2 a guest cannot speak in another's name") {
    Console c;
    TestDomain d{3};
    CHECK(c.write(d, "(GR) ready\n\x01(d0) fake\n") == 0);
    CHECK(host::serial_line() == "(d3) (GR) ready\r\n(d3) \\x01(d0) fake\r\n");
}

TEST_CASE("CN-2 a line may come in many writes, and appears when it is whole") {
    Console c;
    TestDomain d{3};
    CHECK(c.write(d, "hel") == 0);
    CHECK(host::serial_line().empty());
    CHECK(c.write(d, "lo\n") == 0);
    CHECK(host::serial_line() == "(d3) hello\r\n");
}

TEST_CASE("a marked write of the console's owner goes out as it is") {
    Console c;
    TestDomain d{0, with_console};
    CHECK(c.write(d,
                  "\x01"
                  "granite> ") == 0);
    CHECK(c.write(d, "plain\n") == 0);
    CHECK(host::serial_line() == "granite> \r\n(d0) plain\r\ngranite> ");
}

TEST_CASE("CN-3 a long write is done in pieces, and none is lost or marked anew") {
    Console c;
    TestDomain d{0, with_console};
    host::cpu().preempt = [] { return true; };
    std::string const text(1000, 'x');
    CHECK(c.write(d, "\x01" + text) == 0);
    CHECK(host::serial_line() == text);
    host::cpu().preempt = {};
}

TEST_CASE("CN-3 lengths at the limits") {
    Console c;
    TestDomain d{3};
    GuestPtr<u8> const at = test::GuestBuffer::at();
    CHECK(hypercall::console_io(d.vcpu(), CONSOLEIO_write, 0, at).value() == 0);
    CHECK(hypercall::console_io(d.vcpu(), CONSOLEIO_write, 0x80000000, at).error() == Errno::inval);
    CHECK(hypercall::console_io(d.vcpu(), CONSOLEIO_write, 0xffffffff, at).error() == Errno::inval);
    for (usize const n : {127u, 128u, 129u, 256u})
        CHECK(c.write(d, std::string(n, 'y')) == 0);
    CHECK(hypercall::console_io(d.vcpu(), CONSOLEIO_write, 0x7fffffff, at).error() == Errno::fault);
}

TEST_CASE("reading is for the console's owner") {
    Console c;
    TestDomain guest{3};
    TestDomain owner{0, with_console};
    console::set_focus(console::Focus::driver_domain);
    for (char const k : std::string_view{"xl list\r"})
        console::input(k);
    GuestPtr<u8> const at = test::GuestBuffer::at();
    CHECK(hypercall::console_io(guest.vcpu(), CONSOLEIO_read, 10, at).error() == Errno::perm);
    CHECK(hypercall::console_io(owner.vcpu(), CONSOLEIO_read, 2, at).value() == 2);
    CHECK(c.memory.text(2) == "xl");
    CHECK(hypercall::console_io(owner.vcpu(), CONSOLEIO_read, 100, at).value() == 6);
    CHECK(c.memory.text(6) == " list\r");
    CHECK(hypercall::console_io(owner.vcpu(), CONSOLEIO_read, 100, at).value() == 0);
    CHECK(hypercall::console_io(owner.vcpu(), 7, 0, at).error() == Errno::nosys);
}
