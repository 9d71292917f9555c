// SPDX-License-Identifier: MIT
#include "arch/platform/debug_exit.hpp"

#include <algorithm>
#include <charconv>

u16 arch::debug_exit_port(std::string_view command_line) {
    constexpr std::string_view name = "debug-exit=";
    while (!command_line.empty()) {
        std::string_view word = command_line.substr(0, command_line.find(' '));
        command_line.remove_prefix(std::min(word.size() + 1, command_line.size()));
        if (!word.starts_with(name))
            continue;
        word.remove_prefix(name.size());
        bool const hex = word.starts_with("0x");
        if (hex)
            word.remove_prefix(2);
        u16 port = 0;
        auto const end = word.data() + word.size();
        auto const r = std::from_chars(word.data(), end, port, hex ? 16 : 10);
        return r.ec == std::errc{} && r.ptr == end ? port : u16{0};
    }
    return 0;
}
