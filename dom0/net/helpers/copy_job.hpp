// SPDX-License-Identifier: MIT
// A batch of grant copies that another virtual CPU makes. It belongs to its
// owner, is lent from begin() until done(), and then is the owner's again.
#pragma once

#include <atomic>
#include <optional>

#include "dom0/net/netback/copier.hpp"

namespace helpers {

class CopyJob {
  public:
    // `reply`: where its owner is told, if it asks to be.
    explicit CopyJob(EvtchnPort reply) : reply_{reply} {}

    // The owner's. The copies stay where they are until it is done.
    void begin(std::span<gnttab_copy_t> copies) {
        copies_ = copies;
        state_.store(State::lent, std::memory_order_relaxed);  // the queue it goes by orders this
    }
    [[nodiscard]] bool done() const { return state_.load(std::memory_order_acquire) == State::done; }
    // Asks to be told. True: it is done already, and nobody tells.
    [[nodiscard]] bool ask() {
        State expected = State::lent;
        return !state_.compare_exchange_strong(expected, State::asked) && expected == State::done;
    }
    // Once done: whether the copies were tried at all; each has its own status.
    [[nodiscard]] bool made() const { return made_; }

    // The borrower's. Where its owner is to be told, if it has asked; the job
    // is not to be touched any more.
    [[nodiscard]] std::optional<EvtchnPort> finish(netback::CopyGranted copy) {
        EvtchnPort const reply = reply_;
        made_ = copy(copies_).has_value();
        if (state_.exchange(State::done, std::memory_order_acq_rel) == State::asked)
            return reply;
        return std::nullopt;
    }

  private:
    enum class State : u8 { done, lent, asked };

    EvtchnPort reply_;
    std::span<gnttab_copy_t> copies_;
    bool made_ = false;
    std::atomic<State> state_{State::done};
};

}  // namespace helpers
