// SPDX-License-Identifier: MIT
#include "dom0/toolstack/config_syntax.hpp"

#include <algorithm>

namespace toolstack {
namespace {

// Far beyond what configurations need; a file made to hurt stops here (IM-2).
constexpr usize largest_file = 64 * 1024;
constexpr usize longest_string = 4096;
constexpr usize most_items = 256;
constexpr unsigned deepest_list = 4;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_letter(c) || is_digit(c);
}

class Parser {
    std::string_view file_;
    std::string_view rest_;
    unsigned line_ = 1;

  public:
    Parser(std::string_view file, std::string_view text) : file_{file}, rest_{text} {}

    Outcome<std::vector<Setting>> settings() {
        std::vector<Setting> found;
        for (;;) {
            skip(" \t\r\n;");
            if (rest_.empty())
                return found;
            found.push_back(GET(setting()));
        }
    }

  private:
    [[nodiscard]] Failure error(std::string_view what) const {
        return Failure{std::string{file_} + ":" + std::to_string(line_) + ": " + std::string{what}};
    }

    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    void advance(usize count) {
        line_ += static_cast<unsigned>(std::ranges::count(rest_.substr(0, count), '\n'));
        rest_.remove_prefix(count);
    }

    bool take(char c) {
        if (peek() != c || rest_.empty())
            return false;
        advance(1);
        return true;
    }

    // Skips any of `characters`, and comments.
    void skip(std::string_view characters) {
        while (!rest_.empty()) {
            if (peek() == '#')
                advance(std::min(rest_.find('\n'), rest_.size()));
            else if (characters.find(peek()) != std::string_view::npos)
                advance(1);
            else
                return;
        }
    }

    Outcome<Setting> setting() {
        Setting setting{.line = line_};
        usize const length = static_cast<usize>(std::ranges::find_if_not(rest_, is_word) - rest_.begin());
        if (length == 0 || !is_letter(peek()))
            return error("a key was expected here");
        setting.key = rest_.substr(0, length);
        advance(length);
        skip(" \t");
        setting.append = take('+');
        if (!take('='))
            return error(setting.key + ": '=' was expected behind the key");
        skip(" \t");
        setting.value = GET(value(0));
        skip(" \t\r");
        if (!rest_.empty() && peek() != '\n' && peek() != ';')
            return error(setting.key + ": something follows the value");
        return setting;
    }

    Outcome<Value> value(unsigned depth) {
        if (peek() == '"' || peek() == '\'')
            return string();
        if (is_digit(peek()))
            return number();
        if (peek() == '[' && depth < deepest_list)
            return list(depth);
        return error("a value was expected here: a quoted string, a number or a [list]");
    }

    // A character behind a backslash stands for itself, as scripts/granite writes it.
    Outcome<Value> string() {
        char const quote = peek();
        advance(1);
        Value value{};
        for (; !rest_.empty() && peek() != '\n' && peek() != quote; advance(1)) {
            if (take('\\') && (rest_.empty() || peek() == '\n'))
                break;
            if (value.text.size() == longest_string)
                return error("a string is too long");
            value.text += peek();
        }
        if (!take(quote))
            return error("a string does not end on its line");
        return value;
    }

    Outcome<Value> number() {
        usize const length = static_cast<usize>(std::ranges::find_if_not(rest_, is_word) - rest_.begin());
        Value value{Value::Kind::number, std::string{rest_.substr(0, length)}};
        advance(length);
        return value;
    }

    Outcome<Value> list(unsigned depth) {
        Value list{Value::Kind::list};
        advance(1);
        for (;;) {
            skip(" \t\r\n");
            if (take(']'))
                return list;
            if (rest_.empty())
                return error("a list is not closed");
            if (list.items.size() == most_items)
                return error("a list is too long");
            list.items.push_back(GET(value(depth + 1)));
            skip(" \t\r\n");
            if (!take(',') && peek() != ']' && !rest_.empty())
                return error("',' or ']' was expected in a list");
        }
    }
};

}  // namespace

Outcome<std::vector<Setting>> parse_config(std::string_view file, std::string_view text) {
    if (text.size() > largest_file)
        return Failure{std::string{file} + ": too large for a configuration"};
    return Parser{file, text}.settings();
}

}  // namespace toolstack
