// SPDX-License-Identifier: MIT
#include "kernel/monitor/answer/report.hpp"

#include <algorithm>

#include "kernel/monitor/answer/line.hpp"

namespace monitor {
namespace {

constexpr char record_mark = 0x1e;
constexpr int schema = 1;

}  // namespace

std::string_view Value::shown(std::span<char> buffer) const {
    switch (kind_) {
        case Kind::number:
            return text::format_to(buffer, "{}", number_);
        case Kind::hex:
            return text::format_to(buffer, "{:#x}", number_);
        default:
            return text_;
    }
}

void Report::line(std::string_view s, usize reserve) {
    usize const needed = s.size() + 1 + json_;
    if (used_ + needed + reserve > out_.size()) {
        ++lost_;
        return;
    }
    if (json_)
        out_[used_++] = record_mark;
    std::copy(s.begin(), s.end(), out_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += s.size();
    out_[used_++] = '\n';
}

void Report::begin(std::string_view command) {
    if (!json_)
        return;
    Line l;
    l.put(R"({"t":"begin","cmd":)");
    l.put_json(command);
    std::array<char, 24> tail;
    l.put(text::format_to(tail, ",\"schema\":{}}", schema));
    line(l.view());
}

void Report::end(Nanos at, Nanos took) {
    std::array<char, end_reserve> buffer;
    if (json_)
        line(text::format_to(buffer, R"({{"t":"end","rows":{},"lost":{},"at":{},"ns":{}})", rows_, lost_, at,
                             took),
             0);
    else if (lost_ != 0)
        line(text::format_to(buffer, "... {} more lines: ask for less", lost_), 0);
}

void Report::table(std::span<Column const> columns) {
    columns_ = columns;
    if (json_)
        return;
    Line l;
    for (Column const& c : columns) {
        l.put_padded(c.name, c.width, c.left);
        l.put(' ');
    }
    l.trim_end();
    line(l.view());
}

void Report::row(std::initializer_list<Value> cells) {
    Line l;
    std::array<char, 24> buffer;
    auto column = columns_.begin();
    l.put(json_ ? "{" : "");
    for (Value const& cell : cells) {
        if (column == columns_.end())
            break;
        auto const shown = cell.shown(buffer);
        if (!json_) {
            l.put_padded(shown, column->width, column->left);
            l.put(' ');
        } else {
            l.put(column == columns_.begin() ? "\"" : ",\"");
            l.put_lower(column->name);
            l.put("\":");
            cell.kind() == Value::Kind::number ? l.put(shown) : l.put_json(shown);
        }
        ++column;
    }
    l.put(json_ ? "}" : "");
    l.trim_end();
    line(l.view(), remarks_reserve + end_reserve);
    ++rows_;
}

void Report::remark(std::string_view key, std::string_view prefix, std::string_view s) {
    Line l;
    if (json_) {
        l.put("{");
        l.put_json(key);
        l.put(":");
        l.put_json(s);
        l.put("}");
    } else {
        l.put(prefix);
        l.put(s);
    }
    line(l.view());
}

}  // namespace monitor
