// SPDX-License-Identifier: MIT
#include "dom0/control/shell.hpp"

#include <array>

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
        usize const count = terminal::read(keys);
        for (char const key : std::span{keys}.first(count)) {
            auto const line = editor.press(key);
            if (!line)
                continue;
            terminal::write(editor.take_output());
            run_line(tools, *line);
            editor.redraw();
        }
    }
}

}  // namespace control
