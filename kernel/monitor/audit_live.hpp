// SPDX-License-Identifier: MIT
// The audit while everything goes on: in small steps, between which guests run.
//
// What is counted may change meanwhile. A frame, grant or channel is in order
// when once the count and the books agreed, and rounds go on as long as each
// leaves fewer of them than all before. When that comes to its end, they are
// either wrong or too busy, and whoever asked has everything counted again while
// the machine stands still.
#pragma once

#include <optional>

#include "kernel/mm/audit.hpp"
#include "kernel/monitor/audit_grants.hpp"

namespace monitor {

class LiveAudit {
  public:
    struct Totals {
        u64 frames = 0, grants = 0, channels = 0;
    };
    enum class State : u8 { going_on, in_order, in_doubt };

    // A step: a few ten thousand instructions.
    State step();
    // Once it is in order.
    [[nodiscard]] Totals const& totals() const { return totals_; }

  private:
    // In a row, that brought nothing; and together.
    static constexpr unsigned most_idle_rounds = 3, most_rounds = 20;
    // Frames that a step looks at; an entry of a table takes as long as two.
    static constexpr u64 step_size = 2048;
    static constexpr unsigned entry_work = 2;
    static constexpr unsigned rooms_in_step = 4;
    static constexpr u32 items_in_step = 1024;    // handles, entries of grant tables
    static constexpr u32 channels_in_step = 256;  // whose other end is looked up

    using Phase = State (LiveAudit::*)();

    bool sweep(auto look_at);
    bool for_next_domain(auto f);
    void go_to(Phase next);
    State make_room();
    State count();
    State ask_domains();
    State ask_devices();
    State compare();
    State count_free();
    State look_at_grants();
    State look_at_channels();
    State look_at_promises();
    State again_or(bool well, Phase again, Phase next);

    Phase phase_ = &LiveAudit::make_room;
    mm::AuditBook book_;
    Mfn at_{};                            // where a sweep goes on
    DomId domain_{};                      // likewise, through domains
    u32 item_ = 0;                        // and through what one of them has
    std::optional<GrantRecount> grants_;  // of that domain
    unsigned rounds_ = 0, idle_rounds_ = 0;
    u64 doubtful_ = 0;              // in this round
    u64 least_doubtful_ = ~u64{0};  // in those of this phase
    u64 listed_ = 0;                // free frames
    bool free_well_ = false;        // that many there are
    Totals totals_;
};

}  // namespace monitor
