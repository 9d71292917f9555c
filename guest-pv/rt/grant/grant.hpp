// SPDX-License-Identifier: MIT
// Granting: letting another domain map or copy a page of ours.
#pragma once

#include "guest-pv/rt/memory/mapping.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt {

// Owns one entry of the grant table.
//
// A grant that its user still holds cannot be taken back. end() then says so
// and keeps the grant; the destructor in that case gives the entry up for
// good, and counts it, for a reused entry would hand the peer another page.
class Grant {
  public:
    static Result<Grant> allow(DomId peer, Mfn frame, Access access);

    Grant() = default;
    Grant(Grant&& other) noexcept;
    Grant& operator=(Grant&& other) noexcept;
    ~Grant();

    [[nodiscard]] explicit operator bool() const { return ref_ != GrantRef{}; }
    [[nodiscard]] GrantRef ref() const { return ref_; }

    // True when the peer cannot reach the page any more.
    [[nodiscard]] bool end();

  private:
    explicit Grant(GrantRef ref) : ref_{ref} {}

    GrantRef ref_{};
};

struct GrantCounts {
    u64 active = 0;  // granted now
    u64 made = 0;    // since the start
    u64 leaked = 0;  // still held by the peer when their owner went
    u64 capacity = 0;
};
GrantCounts grant_counts();

}  // namespace rt
