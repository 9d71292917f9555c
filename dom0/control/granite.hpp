// SPDX-License-Identifier: MIT
// Granite's one extension of the ABI. On another hypervisor every call here
// fails with Errno::nosys and the driver domain does without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/abi/mark.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"
#include "kernel/trace/event.hpp"

namespace control::granite {

// The boot-time guests are started.
Result<> ready();
// What a command of the monitor answers.
Result<std::string> monitor(std::string_view command);
// Reports of the hypervisor call the domain by this name.
Result<> set_name(DomId domain, std::string_view name);

// Questions of the monitor's users, which it cannot answer itself: VIRQ_ARCH_0
// tells of one. It is had once.
inline constexpr usize longest_answer = 64 * 1024;
struct Question {
    u32 number;
    std::string text;
};
std::optional<Question> next_question();
// Errno::noent: nobody waits for it any more; Errno::toobig: no room.
enum class Part { more, last };
Result<> add_answer(u32 number, std::string_view text, Part part);

// Notes what was done with frames; whether the hypervisor's trace wants marks.
Result<bool> mark(mark::Mark const& mark);
// Has the hypervisor record its part of what happens to frames, or no longer.
Result<> record_for_walk(bool on);
// What was recorded since then, the newest first.
std::vector<trace::Record> recorded_since(Nanos since);

// Before a line that says itself who speaks, so that the hypervisor does not
// put "(d0)" in front of it.
inline constexpr char already_prefixed = '\x01';

}  // namespace control::granite
