// SPDX-License-Identifier: MIT
#include "dom0/control/shell.hpp"

#include <array>
#include <utility>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/shell/line_editor.hpp"

namespace control {

void run_shell(Toolstack& tools) {
    shell::LineEditor editor{"granite> "};
    editor.redraw();
    for (;;) {
        terminal::write(editor.take_output());
        std::array<char, 64> keys;
        std::string_view typed{keys.data(), terminal::read(keys)};
        while (!typed.empty()) {
            auto const line = editor.press(typed.front());
            typed.remove_prefix(1);
            if (!line)
                continue;
            terminal::write(editor.take_output());
            // What follows the line may be meant for what it starts.
            terminal::unread(std::exchange(typed, {}));
            run_line(tools, *line);
            editor.redraw();
        }
    }
}

}  // namespace control
