// SPDX-License-Identifier: MIT
// Commands that only the driver domain can answer: what its cards and rings are
// doing is in its own memory. A question is kept here, VIRQ_ARCH_0 tells of it,
// and the driver domain fetches and answers it (granite_op 4 and 5). Each asker
// has one at a time, and gets an answer in any case: when the driver domain says
// nothing for a while, one that says so.
#pragma once

#include <optional>
#include <span>

#include "kernel/mm/guest_ptr.hpp"
#include "kernel/monitor/session.hpp"

namespace monitor::questions {

// How long the driver domain may be silent: until it fetches the question, and
// then between any two parts of its answer.
inline constexpr Nanos patience = 5'000'000'000;

// Who has its input, programs beside it, and a domain by hypercall.
enum class Asker : u8 { terminal, program, visitor };
inline constexpr usize askers = 3;

// Takes the answer, framed as all are; called once, without locks, perhaps in
// an interrupt.
using Deliver = void (*)(Answer answer);

// By an asker that has had the answer to its last one.
void ask(Asker asker, std::string_view command_line, Deliver deliver);
// It does not wait any more: what has been said so far is delivered.
void withdraw(Asker asker);

// Any command: carried out here, slice by slice, or asked.
void run_or_ask(Asker asker, std::string_view command_line, Deliver deliver);

// The driver domain's side. `into` is longest_command bytes or more.
struct Fetched {
    u32 number;
    std::string_view text;
};
std::optional<Fetched> fetch(std::span<char> into);
// One more part of the answer, perhaps empty: that is a sign of life. noent:
// nobody waits for it (any more); toobig: there is no room for so much.
Result<> answer(u32 number, GuestPtr<char const> text, usize length, bool last);

}  // namespace monitor::questions
