// SPDX-License-Identifier: MIT
// A vcpu that makes calls. Its arguments lie at the end of a page behind which
// nothing is mapped, or where they should not be. Whatever it makes of its own
// vcpu, the next exception brings it back to the beginning of its next step.
#pragma once

#include <atomic>
#include <cstring>

#include "guest-pv/apps/havoc/selection.hpp"
#include "guest-pv/apps/havoc/values.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"

namespace havoc {

struct Counts {
    u64 calls = 0;
    u64 refused = 0;     // of those; an element of a batch is not counted
    u64 exceptions = 0;  // with which steps ended
};

class Worker {
  public:
    // `id` is the number of its vcpu.
    Result<> start(u32 id, u64 seed, Selection const& selection);

    // For rules: a hypercall that is counted.
    s64 call(u64 number, u64 a1 = 0, u64 a2 = 0, u64 a3 = 0, u64 a4 = 0, u64 a5 = 0) {
        ++counts_.calls;
        s64 const answer = rt::hypercall::raw(number, a1, a2, a3, a4, a5);
        counts_.refused += answer < 0 ? 1 : 0;
        return answer;
    }
    // Where an argument lies: mostly where it was put, now and then where nothing
    // good is. What was put last is the first thing that the next step overwrites.
    template <class T>
    u64 put(Random& r, std::span<T const> list) {
        return r.once_in(8) ? hostile_address(r) : place(r, list);
    }
    // Where it can be read, as far as there is room.
    template <class T>
    u64 place(Random& r, std::span<T const> list) {
        std::byte* const at = room(r, list.size_bytes());
        std::memcpy(at, list.data(), list.size_bytes());
        return rt::hypercall::address(at);
    }
    template <class T>
    u64 put(Random& r, T const& value) {
        return put(r, std::span<T const>{&value, 1});
    }
    // Room for answers of that many bytes.
    std::byte* room(Random& r, usize bytes);

    [[nodiscard]] u32 id() const { return id_; }
    // For others once it is done.
    [[nodiscard]] Counts const& counts() const { return counts_; }
    [[nodiscard]] bool done() const { return done_.load(); }

    // Where it begins, and where every exception of its vcpu ends.
    [[noreturn]] void run();

    // What a step may have taken from its vcpu and the next one cannot do without.
    void repair();

  private:
    u32 id_ = 0;
    u64 seed_ = 0;
    Selection selection_;
    u64 step_ = 0;
    Counts counts_;
    u64 begun_ = 0;  // how often run() began
    std::atomic<bool> done_{false};
    rt::FrameMapping scratch_;
    usize free_ = 0;  // of it, in this step
};

}  // namespace havoc
