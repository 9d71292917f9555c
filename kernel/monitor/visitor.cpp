// SPDX-License-Identifier: MIT
#include "kernel/monitor/visitor.hpp"

#include <array>
#include <optional>
#include <utility>

#include "kernel/monitor/slices.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {
namespace {

class Visitor {
    std::array<char, longest_command> text_{};
    usize length_ = 0;
    bool waits_ = false;
    std::optional<Answer> answer_;

  public:
    [[nodiscard]] bool waits() const { return waits_; }
    void ask(std::string_view line) {
        length_ = line.copy(text_.data(), text_.size());
        waits_ = true;
        answer_.reset();
    }
    void deliver(Answer a) {
        waits_ = false;
        answer_ = std::move(a);
    }
    // What was answered to just this.
    std::optional<Answer> fetch(std::string_view line) {
        return line == std::string_view{text_.data(), length_} ? std::exchange(answer_, std::nullopt)
                                                               : std::nullopt;
    }
};

constinit Locked<Visitor, Rank::monitor> visitor;

void deliver(Answer a) {
    visitor.lock()->deliver(std::move(a));
}

}  // namespace

Result<Answer> ask_or_come_back(std::string_view command_line) {
    {
        auto v = visitor.lock();
        if (v->waits())
            return Fail{Errno::again};
        if (auto answer = v->fetch(command_line))
            return std::move(*answer);
        v->ask(command_line);
    }
    // Without the lock: whoever delivers takes it.
    slices::begin(questions::Asker::visitor, command_line, deliver);
    if (auto answer = visitor.lock()->fetch(command_line))
        return std::move(*answer);
    return Fail{Errno::again};
}

}  // namespace monitor
