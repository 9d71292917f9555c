// SPDX-License-Identifier: MIT
#include "tests/host/crew.hpp"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "tests/host/cpu.hpp"

namespace host {
namespace {

class Crew {
    std::mutex mutex_;
    std::condition_variable changed_;
    std::mt19937_64 choice_;
    std::vector<u32> working_;
    u32 turn_ = 0;  // whose it is
    u64 steps_ = 0;

    void choose() {
        constexpr u64 for_ever = 1'000'000;
        if (++steps_ > for_ever) {
            std::fputs("the CPUs of a test wait for each other\n", stderr);
            std::abort();
        }
        if (!working_.empty())
            turn_ = working_[choice_() % working_.size()];
        changed_.notify_all();
    }

  public:
    Crew(u64 seed, usize size) : choice_{seed} {
        for (u32 cpu = 0; cpu < size; ++cpu)
            working_.push_back(cpu);
        choose();
    }

    void wait_for_turn(u32 cpu) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return turn_ == cpu; });
    }
    void pass_on(u32 cpu) {
        std::unique_lock lock{mutex_};
        choose();
        changed_.wait(lock, [&] { return turn_ == cpu; });
    }
    void leave(u32 cpu) {
        std::scoped_lock const lock{mutex_};
        std::erase(working_, cpu);
        choose();
    }
};

}  // namespace

void run_crew(u64 seed, std::vector<std::function<void()>> const& work) {
    Crew crew{seed, work.size()};
    std::vector<std::jthread> threads;
    for (u32 n = 0; n < work.size(); ++n)
        threads.emplace_back([&crew, &work, n] {
            cpu().id = CpuId{n};
            cpu().online = static_cast<unsigned>(work.size());
            cpu().others = [&crew, n] { crew.pass_on(n); };
            crew.wait_for_turn(n);
            work[n]();
            crew.leave(n);
        });
}

void step() {
    cpu().others();
}

}  // namespace host
