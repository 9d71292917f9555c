// SPDX-License-Identifier: MIT
// Long answers a page at a time, for a person at a terminal that has told how
// large it is. For all others there is one page without end.
#pragma once

#include "kernel/console/editor/keys.hpp"
#include "kernel/monitor/session.hpp"

namespace monitor {

class Pager {
    editor::ScreenSize screen_{};
    u32 left_ = 0;  // rows of this page
    bool on_ = false;

  public:
    void set_screen(editor::ScreenSize s) {
        screen_ = s;
        on_ = on_ && s.known();
    }

    // An answer begins. `asked_by_typing`: somebody who can turn pages waits for it.
    void begin(bool asked_by_typing) {
        on_ = asked_by_typing && screen_.known();
        next_page();
    }
    // One row stays for the question whether to go on.
    void next_page() { left_ = screen_.rows > 1 ? screen_.rows - 1 : 1; }
    void next_line() { left_ = 1; }
    [[nodiscard]] bool page_is_full() const { return on_ && left_ == 0; }

    // As take_piece(), as far as there is room on this page.
    std::string_view take(std::string_view& unsaid);
};

}  // namespace monitor
