// SPDX-License-Identifier: MIT
// Completion by what a command says of its arguments, as in
//     [on [KINDS]|off|N]     next DOM [rx|tx]     [-w] DOMAIN|-a
// Brackets hold what may be left out, a bar separates alternatives, words in
// capitals stand for something else.
#pragma once

#include "kernel/console/editor/completion.hpp"

namespace editor {

// Offers what may stand for such a word.
using StandIn = void (*)(std::string_view capitals, Completion&);

// `given`: the arguments before the word to complete.
void offer_by_usage(std::string_view usage, std::string_view given, Completion& completion, StandIn stand_in);

// Takes the first word off `line`; empty when there is none.
std::string_view take_word(std::string_view& line);

}  // namespace editor
