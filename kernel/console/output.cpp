// SPDX-License-Identifier: MIT
#include "kernel/console/output.hpp"

#include <array>

#include "kernel/base/format.hpp"
#include "kernel/base/log.hpp"
#include "kernel/console/input.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/sync/lock.hpp"

namespace console {
namespace {

// The unfinished line of an interactive speaker, to be shown again.
class Unfinished {
    std::array<char, 256> bytes_{};
    usize used_ = 0;
    bool cut_ = false;

  public:
    void note(char c) {
        if (c == '\n' || c == '\r') {  // what follows takes its place
            used_ = 0;
            cut_ = false;
        } else if (used_ < bytes_.size()) {
            bytes_[used_++] = c;
        } else {
            cut_ = true;
        }
    }
    void clear() { note('\n'); }
    [[nodiscard]] bool any() const { return used_ != 0; }
    // Nothing when it was too long to keep: half a line would mislead.
    [[nodiscard]] std::string_view text() const { return {bytes_.data(), cut_ ? 0 : used_}; }
};

struct Output {
    std::array<Unfinished, speakers> lines;
    Speaker interactive = Speaker::driver_domain;  // whose line is on the screen
    Dmesg dmesg;
    char last = '\n';

    // A terminal wants CR LF; programs say LF. What a guest says while somebody is
    // attached to it comes as it is, but cannot begin an answer to a program.
    void put(std::string_view bytes) {
        usize done = 0;
        for (usize i = 0; i < bytes.size(); ++i) {
            bool const ends_line = bytes[i] == '\n' && last != '\r';
            last = bytes[i];
            if (!ends_line && last != program_mark)
                continue;
            machine::console_put(bytes.substr(done, i - done));
            machine::console_put(ends_line ? "\r" : "?");
            done = ends_line ? i : i + 1;
        }
        machine::console_put(bytes.substr(done));
    }

    Unfinished& line_of(Speaker s) { return lines[static_cast<usize>(s)]; }

    // Leaves the line on the screen, as it is.
    void interrupt() {
        if (line_of(interactive).any())
            put("\n");
    }

    void whole_line(std::string_view prefix, std::string_view text) {
        interrupt();
        for (auto const part : {prefix, text, std::string_view{"\n"}}) {
            put(part);
            dmesg.add(part);
        }
        put(line_of(interactive).text());
    }

    void raw(Speaker who, std::string_view bytes) {
        if (who != interactive) {
            interrupt();
            interactive = who;
            put(line_of(who).text());
        }
        put(bytes);
        for (char const c : bytes)
            line_of(who).note(c);
    }

    void aside(std::initializer_list<std::string_view> parts) {
        char const before = last;
        machine::console_put({&program_mark, 1});
        for (auto const part : parts)
            put(part);
        put("\n");
        last = before;
    }

    void end_lines() {
        interrupt();
        for (Unfinished& l : lines)
            l.clear();
    }
};

constinit Locked<Output, Rank::console> output;

}  // namespace

void domain_line(DomId who, std::string_view text) {
    std::array<char, 16> prefix{};
    output.lock()->whole_line(text::format_to(prefix, "(d{}) ", who), text);
}

void raw(Speaker who, std::string_view bytes) {
    output.lock()->raw(who, bytes);
}

void aside(std::initializer_list<std::string_view> parts) {
    output.lock()->aside(parts);
}

void end_lines() {
    output.lock()->end_lines();
}

Dmesg::Extract read_dmesg(u64 from, std::span<char> into) {
    return output.lock()->dmesg.read(from, into);
}

u64 dmesg_end() {
    return output.lock()->dmesg.end();
}

void clear_dmesg() {
    output.lock()->dmesg.clear();
}

}  // namespace console

void log_line(std::string_view line) {
    console::output.lock()->whole_line("(GR) ", line);
}
