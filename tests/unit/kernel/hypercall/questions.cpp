// SPDX-License-Identifier: MIT
#include "kernel/monitor/question.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/sched/timer.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

namespace questions = monitor::questions;

struct Asker {
    static inline std::string answer;
    static inline int answers = 0;
    static void take(monitor::Answer a) {
        answer = a.text();
        ++answers;
    }
    Asker() {
        answer.clear();
        answers = 0;
    }
    ~Asker() { questions::withdraw(questions::Asker::terminal); }
    static void ask(std::string_view line) { questions::ask(questions::Asker::terminal, line, take); }
};

// A driver domain that listens, and its granite_op.
struct Driver {
    host::TestDomain domain{0, {.control = true, .console = true}};
    test::GuestBuffer memory;
    EvtchnPort const port = *evtchn::bind_virq(*domain, VIRQ_ARCH_0, 0);

    Result<s64> fetch(u64 room = 128) {
        return hypercall::granite_op(domain.vcpu(), 4, test::GuestBuffer::at().raw(), room, 0, 0);
    }
    Result<s64> answer(u64 number, std::string_view text, bool last) {
        return hypercall::granite_op(domain.vcpu(), 5, number, memory.put_text(text).raw(), text.size(),
                                     last);
    }
};

void pass(Nanos time) {
    host::cpu().now += time;
    timers::run_expired();
}

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a question goes to the driver domain, and its answer to who asked") {
    Driver driver;
    Asker asker;
    Asker::ask("queues -j");
    CHECK(evtchn::pending(*driver.domain, driver.port));
    auto const number = driver.fetch();
    REQUIRE(number);
    CHECK(driver.memory.text(10) == std::string_view{"queues -j\0", 10});
    REQUIRE(driver.answer(static_cast<u64>(*number), "one\n", false));
    CHECK(Asker::answers == 0);
    REQUIRE(driver.answer(static_cast<u64>(*number), "two\n", true));
    CHECK(Asker::answers == 1);
    CHECK(Asker::answer == "one\ntwo\n");
}

TEST_CASE("a question is had once, and answered once") {
    Driver driver;
    Asker asker;
    CHECK(driver.fetch() == Fail{Errno::noent});
    Asker::ask("queues");
    CHECK(driver.fetch(120) == Fail{Errno::inval});
    auto const number = static_cast<u64>(*driver.fetch());
    CHECK(driver.fetch() == Fail{Errno::noent});
    CHECK(driver.answer(number + 1, "x", true) == Fail{Errno::noent});
    REQUIRE(driver.answer(number, "x", true));
    CHECK(driver.answer(number, "y", true) == Fail{Errno::noent});
    CHECK(Asker::answer == "x");
}

TEST_CASE("an answer has its limit") {
    Driver driver;
    Asker asker;
    Asker::ask("queues");
    auto const number = static_cast<u64>(*driver.fetch());
    std::string const part(4096, 'x');
    for (usize said = 0; said < monitor::longest_answer; said += part.size())
        REQUIRE(driver.answer(number, part, false));
    CHECK(driver.answer(number, "x", false) == Fail{Errno::toobig});
    REQUIRE(driver.answer(number, "", true));
    CHECK(Asker::answer.size() == monitor::longest_answer);
}

TEST_CASE("without a driver domain that listens the refusal comes at once") {
    host::TestDomain silent{0, {.control = true, .console = true}};
    Asker asker;
    Asker::ask("queues");
    CHECK(Asker::answer == "error: no driver domain listens: it answers 'queues'\n");
}

TEST_CASE("a driver domain that says nothing for a while is named as the reason") {
    Driver driver;
    Asker asker;
    Asker::ask("queues -j");
    pass(questions::patience - 1);
    CHECK(Asker::answers == 0);
    SECTION("it has not looked") {
        pass(1);
        CHECK(contains(Asker::answer,
                       R"({"error":"the driver domain does not look at questions, not for 5 seconds"})"));
        CHECK(contains(Asker::answer, R"({"t":"begin","cmd":"queues -j","schema":1})"));
        CHECK(driver.fetch() == Fail{Errno::noent});
    }
    SECTION("it has begun, and every part of an answer is a sign of life") {
        auto const number = static_cast<u64>(*driver.fetch());
        pass(questions::patience - 1);
        REQUIRE(driver.answer(number, "", false));
        pass(questions::patience - 1);
        REQUIRE(driver.answer(number, "half", false));
        CHECK(Asker::answers == 0);
        pass(questions::patience);
        CHECK(contains(Asker::answer, "looked at the question and then said nothing for 5 seconds"));
        CHECK_FALSE(contains(Asker::answer, "half"));
        CHECK(driver.answer(number, "late", true) == Fail{Errno::noent});
    }
    CHECK(Asker::answers == 1);
}

TEST_CASE("who answers learns that nobody waits any more") {
    Driver driver;
    Asker asker;
    Asker::ask("queues");
    auto const number = static_cast<u64>(*driver.fetch());
    questions::withdraw(questions::Asker::terminal);
    CHECK(Asker::answers == 1);
    CHECK(driver.answer(number, "", false) == Fail{Errno::noent});
}

TEST_CASE("a person and a program ask at the same time, and each has its own answer") {
    Driver driver;
    Asker asker;
    static std::string program_heard;
    Asker::ask("queues");
    questions::ask(questions::Asker::program, "queues -j",
                   [](monitor::Answer a) { program_heard = a.text(); });
    auto const first = static_cast<u64>(*driver.fetch());
    auto const second = static_cast<u64>(*driver.fetch());
    CHECK(driver.memory.text(9) == "queues -j");
    REQUIRE(driver.answer(second, "for the program", true));
    REQUIRE(driver.answer(first, "for the person", true));
    CHECK(Asker::answer == "for the person");
    CHECK(program_heard == "for the program");
}
