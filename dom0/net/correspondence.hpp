// SPDX-License-Identifier: MIT
// Questions that come from another domain, by nodes of xenstore below the home
// of the one where the network runs:
//   data/question    "NUMBER GUEST LINE", of who asks; gone when nobody waits
//   data/answer/I    pieces of the answer
//   data/answered    "NUMBER PIECES", when all of them are there
// A network that is ended meanwhile finds the question again at its next start.
#pragma once

#include "dom0/net/answers.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace net::correspondence {

inline constexpr char const* question_node = "data/question";
inline constexpr char const* answer_node = "data/answer";
inline constexpr char const* answered_node = "data/answered";

// Begins to answer, in a thread of its own.
void serve(rt::xenbus::Connection& store, Answerer answerer);

}  // namespace net::correspondence
