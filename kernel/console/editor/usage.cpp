// SPDX-License-Identifier: MIT
#include "kernel/console/editor/usage.hpp"

#include <algorithm>

namespace editor {
namespace {

// Takes off `text` what comes before the first `separator` outside brackets.
std::string_view take_part(std::string_view& text, char separator) {
    usize depth = 0, end = 0;
    for (; end < text.size(); ++end) {
        depth += text[end] == '[';
        depth -= text[end] == ']';
        if (depth == 0 && text[end] == separator)
            break;
    }
    std::string_view const part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool stands_for_something(std::string_view word) {
    return !word.empty() && word.front() >= 'A' && word.front() <= 'Z';
}

std::string_view inside(std::string_view brackets) {
    return brackets.substr(1, brackets.size() - 2);
}

// The next argument that is no option: those may stand anywhere.
std::string_view take_argument(std::string_view& given) {
    std::string_view word = take_word(given);
    while (word.starts_with('-'))
        word = take_word(given);
    return word;
}

class Follower {
    Completion& completion_;
    StandIn stand_in_;

    static bool fits(std::string_view item, std::string_view word) {
        while (!item.empty()) {
            std::string_view const one = take_part(item, '|');
            if (one == word || stands_for_something(one))
                return true;
        }
        return false;
    }

    void offer(std::string_view item) {
        while (!item.empty()) {
            std::string_view const one = take_part(item, '|');
            stands_for_something(one) ? stand_in_(one, completion_) : completion_.offer(one);
        }
    }

    void option(std::string_view inner) {
        if (completion_.word().starts_with('-'))
            completion_.offer(take_part(inner, ' '));
    }

  public:
    Follower(Completion& completion, StandIn stand_in) : completion_{completion}, stand_in_{stand_in} {}

    // Goes along `usage` as far as what is given leads, and offers what is next.
    // Its brackets, which are ours, bound how deep this calls itself.
    void follow(std::string_view usage, std::string_view given) {
        while (!usage.empty()) {
            std::string_view behind = given;
            std::string_view const word = take_argument(behind);
            std::string_view item = take_part(usage, ' ');
            if (item.starts_with("[-"))
                option(inside(item));
            else if (item.starts_with('['))
                return follow_any(inside(item), given);
            else if (word.empty())
                return offer(item);
            else if (fits(item, word))
                given = behind;
            else
                return;
        }
    }

  private:
    void follow_any(std::string_view alternatives, std::string_view given) {
        while (!alternatives.empty())
            follow(take_part(alternatives, '|'), given);
    }
};

}  // namespace

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    std::string_view const word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

void offer_by_usage(std::string_view usage, std::string_view given, Completion& completion,
                    StandIn stand_in) {
    Follower{completion, stand_in}.follow(usage, given);
}

}  // namespace editor
