// SPDX-License-Identifier: MIT
// A command while it is being carried out. It is a coroutine that says where it
// can be left: it goes on until its slice of time is used up, and guests run
// before the next one. Whoever reads a state that others change takes it a
// portion at a time, under its lock, and holds no lock where it can be left.
//
// Parameters that are references are to outlive the task; a command's do.
#pragma once

#include <coroutine>
#include <utility>

#include "kernel/base/types.hpp"
#include "kernel/machine/cpu.hpp"

namespace monitor {

// What a command awaits. Here it can be left, if its slice is used up:
inline constexpr struct PreemptionPoint {
} preemption_point;
// Here it is left in any case: what comes next needs a slice to itself.
inline constexpr struct NextSlice {
} next_slice;

// Another task may be awaited as well: it goes on in the slices of who awaits it.
class Task {
  public:
    struct promise_type;

    // Nothing is left to do.
    Task() = default;
    Task(Task&& o) noexcept : handle_{std::exchange(o.handle_, nullptr)}, lacks_memory_{o.lacks_memory_} {}
    Task& operator=(Task&& o) noexcept {
        std::swap(handle_, o.handle_);
        lacks_memory_ = o.lacks_memory_;
        return *this;
    }
    ~Task() {
        if (handle_)
            handle_.destroy();
    }

    // It, or one that it awaited, could not begin.
    [[nodiscard]] bool lacks_memory() const;
    // One slice. False: that was the last.
    bool step();
    // All of them, for who has stopped the world.
    void finish() {
        while (step()) {
        }
    }

  private:
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) : handle_{handle}, lacks_memory_{!handle} {}

    Handle handle_;
    bool lacks_memory_ = false;
};

struct Task::promise_type {
    // From one preemption point to the next a command may take about as long
    // again; under --icount, where an instruction takes a nanosecond, the sum is
    // to be below 100,000 instructions.
    static constexpr Nanos slice = 40'000;

    promise_type* first = this;  // of those that await each other; the rest is in it:
    Handle last = handle();      // who works
    Nanos slice_began = 0;
    bool lacks_memory = false;
    Handle awaited_by;  // of one that is not first

    struct Left {
        bool ready;
        [[nodiscard]] bool await_ready() const noexcept { return ready; }
        void await_suspend(Handle) const noexcept {}
        void await_resume() const noexcept {}
    };
    struct LeftToOther {
        Task other;
        [[nodiscard]] bool await_ready() const noexcept { return !other.handle_; }
        void await_suspend(Handle by) const noexcept {
            promise_type& begun = other.handle_.promise();
            begun.awaited_by = by;
            begun.first = by.promise().first;
            begun.first->last = other.handle_;
        }
        void await_resume() const noexcept {}
    };
    [[nodiscard]] Left await_transform(PreemptionPoint) const {
        return {machine::now() - first->slice_began < slice};
    }
    [[nodiscard]] Left await_transform(NextSlice) const { return {false}; }
    [[nodiscard]] LeftToOther await_transform(Task&& other) const {
        first->lacks_memory |= other.lacks_memory();
        return {std::move(other)};
    }

    Handle handle() { return Handle::from_promise(*this); }
    Task get_return_object() { return Task{handle()}; }
    static Task get_return_object_on_allocation_failure() { return Task{Handle{}}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() noexcept {}  // there are none

    static void* operator new(usize bytes) noexcept;
    static void operator delete(void* p, usize bytes);
};

}  // namespace monitor
