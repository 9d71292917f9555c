// SPDX-License-Identifier: MIT
#include "dom0/control/shell.hpp"

#include <array>
#include <string>
#include <utility>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/completion.hpp"
#include "dom0/control/terminal.hpp"
#include "kernel/console/editor/line_editor.hpp"

namespace control {

void run_shell(Toolstack& tools) {
    complete_for(tools);
    editor::KeyDecoder keys;
    editor::LineEditor line{"granite> ", editor::LineEditor::capacity, terminal::write, complete};
    line.redraw();
    for (;;) {
        std::array<char, 64> bytes;
        std::string_view typed{bytes.data(), terminal::read(bytes)};
        while (!typed.empty()) {
            auto const whole = line.press(keys.take(typed.front()));
            typed.remove_prefix(1);
            if (!whole)
                continue;
            // What follows the line may be meant for what it starts.
            terminal::unread(std::exchange(typed, {}));
            run_line(tools, *whole);
            line.redraw();
        }
    }
}

}  // namespace control
