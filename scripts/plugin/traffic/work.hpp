// SPDX-License-Identifier: MIT
// A piece of work is a coroutine that runs whenever the generator looks at the
// machine and what it waits for has come.
#pragma once
#include <coroutine>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <utility>

namespace traffic {

class Work {
  public:
    struct promise_type {
        std::function<bool()> awaited;

        Work get_return_object() { return Work{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::abort(); }

        // co_await CONDITION
        auto await_transform(std::function<bool()> condition) {
            awaited = std::move(condition);
            return std::suspend_always{};
        }
    };

    Work(Work&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Work& operator=(Work&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Work() {
        if (handle_)
            handle_.destroy();
    }

    [[nodiscard]] bool done() const { return handle_.done(); }

    void go_on() {
        while (!done() && (!handle_.promise().awaited || handle_.promise().awaited()))
            handle_.resume();
    }

  private:
    explicit Work(std::coroutine_handle<promise_type> handle) : handle_{handle} {}

    std::coroutine_handle<promise_type> handle_;
};

}  // namespace traffic
