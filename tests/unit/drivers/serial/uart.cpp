// SPDX-License-Identifier: MIT
#include "drivers/serial/uart.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace {

using serial::Reg;

// A 16550 whose wire moves only when the test says so.
struct Chip {
    std::string wire;
    std::deque<u8> transmit;
    std::deque<u8> receive;
    bool divisor_open = false, loop = false, dead = false;
    bool sends_at_once = true;
    u8 interrupts = 0;
    u8 signals = 0;
    std::vector<u8> divisor = std::vector<u8>(2);

    void send_all() {
        for (; !transmit.empty(); transmit.pop_front())
            wire.push_back(static_cast<char>(transmit.front()));
    }
};

struct Ports {
    Chip* chip;

    u8 in(Reg r) {
        if (chip->dead)
            return 0;
        switch (r) {
            case Reg::status:
                return static_cast<u8>((chip->receive.empty() ? 0 : 1) | (chip->transmit.empty() ? 0x20 : 0));
            case Reg::data: {
                u8 const b = chip->receive.empty() ? u8{0} : chip->receive.front();
                if (!chip->receive.empty())
                    chip->receive.pop_front();
                return b;
            }
            default:
                return 0;
        }
    }
    void out(Reg r, u8 v) {
        switch (r) {
            case Reg::line:
                chip->divisor_open = (v & 0x80) != 0;
                break;
            case Reg::modem:
                chip->loop = (v & 0x10) != 0;
                chip->signals = v & 3;
                break;
            case Reg::interrupt:
                (chip->divisor_open ? chip->divisor[1] : chip->interrupts) = v;
                break;
            case Reg::data:
                if (chip->divisor_open)
                    chip->divisor[0] = v;
                else if (chip->loop)
                    chip->receive.push_back(v);
                else
                    send(v);
                break;
            default:
                break;
        }
    }

  private:
    void send(u8 v) {
        REQUIRE(chip->transmit.size() < serial::fifo_depth);
        chip->transmit.push_back(v);
        if (chip->sends_at_once)
            chip->send_all();
    }
};

std::span<u8 const> bytes(std::string const& s) {
    return {reinterpret_cast<u8 const*>(s.data()), s.size()};
}

struct Line {
    Chip chip;
    std::unique_ptr<serial::Uart<Ports>> uart = std::make_unique<serial::Uart<Ports>>(Ports{&chip});

    Line() { REQUIRE(uart->init(115200)); }
    void interrupt() {
        uart->on_interrupt(64, [](u8) {});
    }
};

}  // namespace

TEST_CASE("a UART is found by its loop-back and set to 115200 baud") {
    Line l;
    CHECK(l.chip.divisor == std::vector<u8>{1, 0});
    CHECK(l.chip.wire.empty());
    CHECK_FALSE(l.chip.loop);
}

TEST_CASE("where there is no UART, output goes nowhere and nothing hangs") {
    Chip chip;
    chip.dead = true;
    auto uart = std::make_unique<serial::Uart<Ports>>(Ports{&chip});
    CHECK_FALSE(uart->init(115200));
    uart->put(bytes("text"));
    uart->put_now(bytes("text"));
    CHECK(chip.wire.empty());
}

TEST_CASE("before interrupts are used, output is on the wire when put returns") {
    Line l;
    l.uart->put(bytes("hello"));
    CHECK(l.chip.wire == "hello");
}

TEST_CASE("with interrupts, output waits for them and the interrupt is on only while needed") {
    Line l;
    l.uart->use_interrupts();
    CHECK(l.chip.interrupts == 1);
    l.uart->put(bytes("twenty bytes of text"));
    CHECK(l.chip.wire.empty());
    CHECK(l.chip.interrupts == 3);
    l.interrupt();
    CHECK(l.chip.wire.size() == 16);
    l.interrupt();
    CHECK(l.chip.wire == "twenty bytes of text");
    CHECK(l.chip.interrupts == 1);
}

TEST_CASE("output that exceeds the buffer is not lost") {
    Line l;
    l.uart->use_interrupts();
    std::string text;
    for (int i = 0; text.size() < 40000; ++i)
        text += std::to_string(i) + " ";
    l.uart->put(bytes(text));
    l.uart->drain();
    CHECK(l.chip.wire == text);
    CHECK(l.uart->given_up() == 0);
}

TEST_CASE("put_now keeps the order: what is buffered comes first") {
    Line l;
    l.uart->use_interrupts();
    l.uart->put(bytes("first "));
    l.uart->put_now(bytes("second"));
    CHECK(l.chip.wire == "first second");
}

TEST_CASE("a line that takes nothing any more costs bounded time, and its bytes are counted") {
    Line l;
    l.uart->use_interrupts();
    l.chip.dead = true;
    l.uart->put_now(bytes("lost"));
    CHECK(l.uart->given_up() == 4);
    l.uart->put(bytes(std::string(20000, 'x')));
    CHECK(l.uart->buffered() + l.uart->given_up() == 20004);
}

TEST_CASE("what a dead line lost is told once, when it lives again") {
    Line l;
    l.uart->use_interrupts();
    l.chip.dead = true;
    l.uart->put_now(bytes("lost"));
    CHECK(l.uart->take_given_up() == 0);
    l.chip.dead = false;
    CHECK(l.uart->take_given_up() == 4);
    CHECK(l.uart->take_given_up() == 0);
}

TEST_CASE("what comes in is handed on, a bounded number at a time") {
    Line l;
    l.uart->use_interrupts();
    for (int i = 0; i < 100; ++i)
        l.chip.receive.push_back(static_cast<u8>(i));
    std::vector<u8> got;
    l.uart->on_interrupt(1000, [&](u8 b) { got.push_back(b); });
    CHECK(got.size() == 64);
    l.uart->on_interrupt(1000, [&](u8 b) { got.push_back(b); });
    CHECK(got.size() == 100);
    CHECK(got.back() == 99);
}

TEST_CASE("what there is no room for is held back, and the other side is told") {
    Line l;
    l.uart->use_interrupts();
    l.chip.receive = {1, 2, 3};
    std::vector<u8> got;
    auto const take = [&](u8 b) { got.push_back(b); };
    l.uart->on_interrupt(2, take);
    CHECK(got == std::vector<u8>{1, 2});
    CHECK(l.uart->holding());
    CHECK(l.chip.interrupts == 0);
    CHECK(l.chip.signals == 1);

    l.uart->put(bytes("output goes on"));
    CHECK(l.chip.interrupts == 2);
    l.uart->on_interrupt(0, take);
    CHECK(l.chip.wire == "output goes on");

    l.uart->accept();
    CHECK(l.chip.interrupts == 1);
    CHECK(l.chip.signals == 3);
    l.uart->on_interrupt(2, take);
    CHECK(got == std::vector<u8>{1, 2, 3});
    CHECK_FALSE(l.uart->holding());
}
