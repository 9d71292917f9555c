// SPDX-License-Identifier: MIT
#include "guest-pv/rt/thread/scheduler.hpp"

#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/event/collector.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/thread/thread.hpp"

extern "C" void switch_stack(u64* save_rsp, u64 load_rsp);

namespace rt {

namespace {

// Lowest word of each stack, found overwritten when the stack overflowed.
constexpr u64 stack_mark = 0x6b63'6174'7320'6f6e;

// What switch_stack pops from the stack of a thread that never ran: control
// words as after reset, six registers, where to go, and the zero that ends a
// call trace. The entry is reached by `ret`, so RSP is then odd by 8 as after
// a call.
struct FirstFrame {
    u32 mxcsr = 0x1f80;
    u32 fpu_control = 0x37f;
    u64 registers[6] = {};
    void (*entry)();
    u64 end_of_trace = 0;
};

}  // namespace

Scheduler& scheduler() {
    static Scheduler self;
    return self;
}

Thread::Thread(std::string name, std::function<void()> body, usize stack_bytes)
    : name_{std::move(name)},
      body_{std::move(body)},
      stack_{std::make_unique_for_overwrite<std::byte[]>(stack_bytes)} {
    new (stack_.get()) u64{stack_mark};
}

void Scheduler::start() {
    running_ = new Thread{"main"};
}

void Scheduler::spawn(std::string name, std::function<void()> body, usize stack_bytes) {
    auto* const thread = new Thread{std::move(name), std::move(body), stack_bytes};
    auto* const frame = new (thread->stack_.get() + stack_bytes - sizeof(FirstFrame))
        FirstFrame{.entry = [] { thread_main(); }};
    thread->saved_rsp_ = reinterpret_cast<u64>(frame);
    append_ready(*thread);
}

void Scheduler::thread_main() {
    auto& self = scheduler();
    self.finished_.reset();
    self.running_->body_();
    self.finished_.reset(self.running_);
    self.switch_to(*self.wait_for_ready());
    panic("a finished thread was continued");
}

void Scheduler::yield() {
    append_ready(*running_);
    switch_to(*wait_for_ready());
}

bool Scheduler::sleep(WaitQueue* queue, Nanos deadline) {
    Thread& self = *running_;
    self.timed_out_ = false;
    self.waiting_ = queue;
    if (deadline != never) {
        self.deadline_ = deadline;
        add_sleeper(self);
    }
    switch_to(*wait_for_ready());
    return !self.timed_out_;
}

void Scheduler::wake(Thread& thread) {
    if (thread.deadline_ != never)
        remove_sleeper(thread);
    thread.waiting_ = nullptr;
    append_ready(thread);
}

Thread* Scheduler::wait_for_ready() {
    between_threads_ = true;
    for (;;) {
        event_collector().collect();
        wake_expired();
        if (ready_first_ != nullptr)
            break;
        event_collector().block_until(sleepers_ != nullptr ? sleepers_->deadline_ : never);
    }
    between_threads_ = false;
    Thread* next = ready_first_;
    ready_first_ = next->next_;
    return next;
}

void Scheduler::switch_to(Thread& next) {
    Thread& previous = *running_;
    if (&previous == &next)
        return;
    check_stack(previous);
    running_ = &next;
    switch_stack(&previous.saved_rsp_, next.saved_rsp_);
    finished_.reset();
}

void Scheduler::check_stack(Thread const& thread) {
    if (thread.stack_ && *reinterpret_cast<u64 const*>(thread.stack_.get()) != stack_mark)
        panic("stack overflow in thread " + thread.name_);
}

void Scheduler::append_ready(Thread& thread) {
    thread.next_ = nullptr;
    (ready_first_ == nullptr ? ready_first_ : ready_last_->next_) = &thread;
    ready_last_ = &thread;
}

void Scheduler::add_sleeper(Thread& thread) {
    Thread** at = &sleepers_;
    while (*at != nullptr && (*at)->deadline_ <= thread.deadline_)
        at = &(*at)->later_;
    thread.later_ = *at;
    *at = &thread;
}

void Scheduler::remove_sleeper(Thread& thread) {
    Thread** at = &sleepers_;
    while (*at != &thread)
        at = &(*at)->later_;
    *at = thread.later_;
    thread.deadline_ = never;
}

void Scheduler::wake_expired() {
    if (sleepers_ == nullptr)
        return;
    Nanos const instant = now();
    while (sleepers_ != nullptr && sleepers_->deadline_ <= instant) {
        Thread& thread = *sleepers_;
        if (thread.waiting_ != nullptr) {
            leave(*thread.waiting_, thread);
            thread.timed_out_ = true;
        }
        wake(thread);
    }
}

void Scheduler::leave(WaitQueue& queue, Thread& thread) {
    Thread* before = nullptr;
    for (Thread* at = queue.first_; at != &thread; at = at->next_)
        before = at;
    (before == nullptr ? queue.first_ : before->next_) = thread.next_;
    if (queue.last_ == &thread)
        queue.last_ = before;
}

bool WaitQueue::wait(Nanos deadline) {
    Thread& self = *scheduler().running_;
    self.next_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_) = &self;
    last_ = &self;
    return scheduler().sleep(this, deadline);
}

void WaitQueue::wake_one() {
    if (first_ == nullptr)
        return;
    Thread& thread = *first_;
    first_ = thread.next_;
    if (first_ == nullptr)
        last_ = nullptr;
    scheduler().wake(thread);
}

void WaitQueue::wake_all() {
    while (first_ != nullptr)
        wake_one();
}

void spawn(std::string_view name, std::function<void()> body, usize stack_bytes) {
    scheduler().spawn(std::string{name}, std::move(body), stack_bytes);
}

void yield() {
    scheduler().yield();
}

void sleep_until(Nanos instant) {
    scheduler().sleep(nullptr, instant);
}

void sleep_for(Nanos span) {
    sleep_until(now() + span);
}

void stage::start_scheduler() {
    scheduler().start();
}

}  // namespace rt
