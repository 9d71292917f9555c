// SPDX-License-Identifier: MIT
// Threads of the kit: they take turns, sleep as long as asked, are woken or
// time out, and keep their floating point registers.
#include <string>

#include "guest-pv/rt/thread/mutex.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "tests/guest/verdict.hpp"

namespace {

void threads_take_turns() {
    std::string order;
    int running = 2;
    rt::WaitQueue done;
    for (char name : {'a', 'b'})
        rt::spawn("turn", [&, name] {
            for (int turn = 0; turn < 3; turn++) {
                order += name;
                rt::yield();
            }
            if (--running == 0)
                done.wake_all();
        });
    done.wait();
    CHECK(order == "ababab");
}

void sleeping_takes_as_long_as_asked() {
    Nanos const before = rt::now();
    rt::sleep_for(20 * rt::millisecond);
    Nanos const took = rt::now() - before;
    CHECK(took >= 20 * rt::millisecond);
    CHECK(took < 5 * rt::second);
}

void sleepers_wake_in_the_order_of_their_deadlines() {
    std::string order;
    rt::WaitQueue done;
    for (int tens : {3, 1, 2})
        rt::spawn("sleeper", [&, tens] {
            rt::sleep_for(tens * 10 * rt::millisecond);
            order += std::to_string(tens);
            if (order.size() == 3)
                done.wake_all();
        });
    done.wait();
    CHECK(order == "123");
}

void a_wait_ends_by_waking_or_by_its_deadline() {
    rt::WaitQueue queue;
    CHECK(!queue.wait(rt::now() + 5 * rt::millisecond));
    CHECK(queue.empty());
    rt::spawn("waker", [&] { queue.wake_one(); });
    CHECK(queue.wait(rt::now() + 10 * rt::second));
}

void floating_point_survives_other_threads() {
    double volatile third = 1.0;
    rt::spawn("float", [&] {
        double volatile other = 5.0;
        for (int turn = 0; turn < 10; turn++) {
            other = other / 7.0;
            rt::yield();
        }
    });
    for (int turn = 0; turn < 10; turn++) {
        third = third / 3.0;
        rt::yield();
    }
    for (int turn = 0; turn < 10; turn++)
        third = third * 3.0;
    CHECK(third > 0.999 && third < 1.001);
}

}  // namespace

int main() {
    threads_take_turns();
    sleeping_takes_as_long_as_asked();
    sleepers_wake_in_the_order_of_their_deadlines();
    a_wait_ends_by_waking_or_by_its_deadline();
    floating_point_survives_other_threads();
    return verdict::finish();
}
