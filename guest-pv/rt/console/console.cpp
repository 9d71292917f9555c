// SPDX-License-Identifier: MIT
#include "guest-pv/rt/console.hpp"

#include <optional>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/byte_ring.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/thread/scheduler.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "kernel/abi/console.hpp"

namespace rt {

namespace {

// Where the console is, once it has been opened.
class Console {
  public:
    void open_ring(Mfn frame, EvtchnPort port) {
        auto& page = *reinterpret_cast<xencons_interface*>(linear_address(frame));
        output_.emplace(std::span{page.out}, page.out_cons, page.out_prod);
        input_.emplace(std::span{page.in}, page.in_cons, page.in_prod);
        channel_ = EventChannel::adopt(port);
        channel_.on_event([this] { moved_.wake_all(); });
    }

    void open_serial_line() {
        auto input = EventChannel::bind_virq(VIRQ_CONSOLE);
        if (!input)
            return;  // another domain has the keyboard: this one only writes
        channel_ = std::move(*input);
        channel_.on_event([this] { moved_.wake_all(); });
    }

    void write(std::string_view text) {
        if (!output_)
            return write_to_hypervisor(text);
        // Terminals want a carriage return before each line feed.
        while (!text.empty()) {
            usize const line = std::min(text.find('\n'), text.size());
            put(text.substr(0, line));
            if (line == text.size())
                return;
            put(std::string_view{"\r\n"});  // a literal alone would bring its NUL
            text.remove_prefix(line + 1);
        }
    }

    usize read(std::span<char> into, Nanos deadline) {
        for (;;) {
            if (usize const count = take(into); count > 0)
                return count;
            if (!channel_ || !moved_.wait(deadline))
                return 0;
        }
    }

  private:
    static void write_to_hypervisor(std::string_view text) {
        // Nothing can be done, nor said, when the last means of output fails.
        static_cast<void>(hypercall::console_io(CONSOLEIO_write, text));
    }

    void put(std::span<char const> bytes) {
        while (!bytes.empty()) {
            bytes = bytes.subspan(output_->put(bytes));
            channel_.notify();
            if (!bytes.empty())
                wait_for_room();
        }
    }

    // Outside of a thread's turn nobody may sleep, so this asks the hypervisor
    // to let the reader run.
    void wait_for_room() {
        if (scheduler().may_block())
            moved_.wait();
        else
            static_cast<void>(hypercall::sched_op(SCHEDOP_yield));
    }

    usize take(std::span<char> into) {
        if (!input_)
            return hypercall::console_io(CONSOLEIO_read, into).value_or(0);
        usize const count = input_->take(into);
        if (count > 0)
            channel_.notify();
        return count;
    }

    std::optional<ByteRing> output_;
    std::optional<ByteRing> input_;
    EventChannel channel_;
    WaitQueue moved_;
};

Console& console() {
    static Console self;
    return self;
}

}  // namespace

void console_write(std::string_view text) {
    console().write(text);
}

usize console_read(std::span<char> into, Nanos deadline) {
    return console().read(into, deadline);
}

void stage::open_console() {
    auto const& given = start_info().console.domU;
    if (is_initial_domain())
        console().open_serial_line();
    else if (given.mfn != 0)
        console().open_ring(Mfn{given.mfn}, EvtchnPort{given.evtchn});
}

}  // namespace rt
