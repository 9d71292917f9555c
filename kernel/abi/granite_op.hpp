// SPDX-License-Identifier: MIT
// Numbers of the one extension, hypercall 48. README.md says what each takes
// and answers.
#pragma once

namespace granite_op {

enum Command : unsigned {
    ready = 0,
    monitor = 1,
    input_focus = 2,
    set_name = 3,
    question = 4,
    answer = 5,
    mark = 6,
    walk = 7,
    events = 8,
};

}  // namespace granite_op
