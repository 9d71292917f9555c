// SPDX-License-Identifier: MIT
// What a monitor command answers: tables and remarks, for people or for
// programs. A command says what its columns are and fills rows; it does not
// know which of the two it writes.
//   text  a header, then one line a row
//   JSON  one object a row, its keys the columns' names in lower case, each
//         line behind the byte 0x1e, so that a reader can tell it from
//         console text (RFC 7464)
#pragma once

#include <array>
#include <concepts>
#include <initializer_list>
#include <span>
#include <string_view>

#include "kernel/base/format.hpp"

namespace monitor {

struct Column {
    std::string_view name;
    u8 width = 0;
    bool left = false;
};

// A cell. Hexadecimal ones are strings in JSON, where numbers have 53 bits.
class Value {
  public:
    enum class Kind : u8 { text, number, hex };

    // Text, which stays where it is until the row has been written.
    template <std::convertible_to<std::string_view> T>
    Value(T const& s) : kind_{Kind::text}, text_{s} {}
    template <class T>
    requires(!std::convertible_to<T, std::string_view> &&
             text::arg_of(T{}).kind == text::Arg::Kind::unsigned_) Value(T v)
        : kind_{Kind::number}, number_{text::arg_of(v).number} {}
    static Value hex(u64 v) {
        Value h{v};
        h.kind_ = Kind::hex;
        return h;
    }

    // As it stands in a text table.
    [[nodiscard]] std::string_view shown(std::span<char> buffer) const;
    [[nodiscard]] Kind kind() const { return kind_; }

  private:
    Kind kind_;
    u64 number_ = 0;
    std::string_view text_;
};

class Report {
  public:
    // Rows leave room for remarks, and all for the closing line: even an answer cut
    // short says what was to be said behind its rows, and is framed.
    Report(std::span<char> out, bool json) : out_{out}, json_{json} {}

    void begin(std::string_view command);
    // When the command began, in system time, and how long it kept a CPU.
    void end(Nanos at, Nanos took);

    // Starts a table; `columns` stay valid until the next one.
    void table(std::span<Column const> columns);
    // Cells for which the table has no column are left out.
    void row(std::initializer_list<Value> cells);

    // A remark. In JSON: {"note": ...}.
    template <class... A>
    void note(text::Format<std::type_identity_t<A>...> f, A const&... a) {
        std::array<char, 200> buffer;
        std::array<text::Arg, sizeof...(A)> const args{text::arg_of(a)...};
        remark("note", {}, text::vformat_to(buffer, f.text, args));
    }
    // Why the command could not do what it was asked. In JSON: {"error": ...}.
    template <class... A>
    void refuse(text::Format<std::type_identity_t<A>...> f, A const&... a) {
        std::array<char, 200> buffer;
        std::array<text::Arg, sizeof...(A)> const args{text::arg_of(a)...};
        refused_ = true;
        remark("error", "error: ", text::vformat_to(buffer, f.text, args));
    }

    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] u64 rows() const { return rows_; }
    [[nodiscard]] bool refused() const { return refused_; }
    [[nodiscard]] std::string_view text() const { return {out_.data(), used_}; }

  private:
    static constexpr usize end_reserve = 160;
    static constexpr usize remarks_reserve = 1024;

    void remark(std::string_view key, std::string_view prefix, std::string_view s);
    void line(std::string_view s, usize reserve = end_reserve);

    std::span<char> out_;
    usize used_ = 0;
    std::span<Column const> columns_;
    u64 rows_ = 0;
    u64 lost_ = 0;
    bool json_;
    bool refused_ = false;
};

}  // namespace monitor
