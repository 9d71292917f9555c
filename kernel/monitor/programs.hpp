// SPDX-License-Identifier: MIT
// Questions that programs ask on the serial line while a person uses it. A
// question is TAG, a space and a command; each line of its answer is TAG, a
// space and the line; the last is TAG alone. The tag is the program's own
// choice, so that it knows its answers from those of others.
#pragma once

namespace monitor {

// One byte of a question, its end included; from the console, in interrupt
// context.
void question_input(char c);

}  // namespace monitor
