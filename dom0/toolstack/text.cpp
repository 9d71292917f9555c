// SPDX-License-Identifier: MIT
#include "dom0/toolstack/text.hpp"

#include <algorithm>
#include <numeric>

namespace toolstack {
namespace {

constexpr std::string_view blanks = " \t\r";

// Edits that turn one word into the other; one row of the table at a time.
usize distance(std::string_view a, std::string_view b) {
    std::vector<usize> row(b.size() + 1);
    std::iota(row.begin(), row.end(), usize{0});
    for (usize i = 0; i < a.size(); ++i) {
        usize diagonal = row[0];
        row[0] = i + 1;
        for (usize j = 0; j < b.size(); ++j) {
            usize const replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view nearest(std::string_view word, std::span<std::string_view const> known) {
    usize const farthest = word.size() / 3 + 1;
    std::string_view best;
    usize least = farthest + 1;
    for (auto const candidate : known) {
        if (usize const edits = distance(word, candidate); edits < least) {
            least = edits;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<std::string_view const> known,
                         std::string_view otherwise) {
    auto const meant = nearest(word, known);
    if (meant.empty())
        return std::string{otherwise};
    return std::string{", did you mean '"}.append(meant).append("'?");
}

}  // namespace toolstack
