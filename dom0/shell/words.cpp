// SPDX-License-Identifier: MIT
#include "dom0/shell/words.hpp"

namespace shell {

std::optional<std::vector<std::string>> words_of(std::string_view line) {
    std::vector<std::string> words;
    bool inside = false;  // a word has begun; it may be an empty one in quotes
    char quote = '\0';
    for (char const c : line) {
        if (quote == '\0' && (c == ' ' || c == '\t')) {
            inside = false;
            continue;
        }
        if (!inside) {
            words.emplace_back();
            inside = true;
        }
        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '"' || c == '\''))
            quote = c;
        else
            words.back() += c;
    }
    return quote == '\0' ? std::optional{words} : std::nullopt;
}

}  // namespace shell
