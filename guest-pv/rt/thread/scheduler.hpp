// SPDX-License-Identifier: MIT
// Who runs next. There is no thread for idling: whoever gives up the CPU
// collects events, looks at the clock, picks the next ready thread, and if
// there is none blocks the virtual CPU until an event comes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/time.hpp"

namespace rt {

class Thread {
  public:
    // The thread that is running already, on the stack it came with.
    explicit Thread(std::string name) : name_{std::move(name)} {}
    Thread(std::string name, std::function<void()> body, usize stack_bytes);

  private:
    friend class Scheduler;
    friend class WaitQueue;

    std::string name_;
    std::function<void()> body_;
    std::unique_ptr<std::byte[]> stack_;
    u64 saved_rsp_ = 0;

    Thread* next_ = nullptr;        // in the ready list or in a wait queue
    WaitQueue* waiting_ = nullptr;  // the queue to leave when time runs out
    Thread* later_ = nullptr;       // in the list of sleepers
    Nanos deadline_ = never;
    bool timed_out_ = false;
};

class Scheduler {
  public:
    void start();
    void spawn(std::string name, std::function<void()> body, usize stack_bytes);
    void yield();

    // Put the running thread to sleep, in `queue` if one is given. False when
    // the deadline ended it.
    bool sleep(WaitQueue* queue, Nanos deadline);
    void wake(Thread& thread);

    [[nodiscard]] Thread const* running() const { return running_; }
    // Event handlers and panics run outside of any thread's turn.
    [[nodiscard]] bool may_block() const { return running_ != nullptr && !between_threads_; }

  private:
    friend class WaitQueue;
    [[noreturn]] static void thread_main();

    Thread* wait_for_ready();
    void switch_to(Thread& next);
    void append_ready(Thread& thread);
    void add_sleeper(Thread& thread);
    void remove_sleeper(Thread& thread);
    void wake_expired();
    static void leave(WaitQueue& queue, Thread& thread);
    static void check_stack(Thread const& thread);

    Thread* running_ = nullptr;
    Thread* ready_first_ = nullptr;
    Thread* ready_last_ = nullptr;
    Thread* sleepers_ = nullptr;        // by deadline, earliest first
    std::unique_ptr<Thread> finished_;  // its stack was in use until the switch
    bool between_threads_ = false;
};

Scheduler& scheduler();

}  // namespace rt
