// SPDX-License-Identifier: MIT
#include "kernel/base/format.hpp"

#include <algorithm>
#include <charconv>

namespace text {
namespace {

struct Spec {
    unsigned width = 0;
    bool left = false, right = false, zeros = false, prefix = false, hex = false;
};

Spec parse(std::string_view s) {
    Spec r;
    usize i = 0;
    if (i < s.size() && (s[i] == '<' || s[i] == '>')) {
        r.left = s[i] == '<';
        r.right = !r.left;
        ++i;
    }
    if (i < s.size() && s[i] == '#') {
        r.prefix = true;
        ++i;
    }
    if (i < s.size() && s[i] == '0') {
        r.zeros = true;
        ++i;
    }
    for (; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i)
        r.width = r.width * 10 + static_cast<unsigned>(s[i] - '0');
    r.hex = i < s.size() && s[i] == 'x';
    return r;
}

class Sink {
    std::span<char> out_;
    usize used_ = 0;

  public:
    explicit Sink(std::span<char> out) : out_{out} {}
    void put(char c) {
        if (used_ < out_.size())
            out_[used_++] = c;
    }
    void put(std::string_view s) {
        for (char const c : s)
            put(c);
    }
    void fill(char c, usize n) {
        while (n-- > 0)
            put(c);
    }
    [[nodiscard]] std::string_view view() const { return {out_.data(), used_}; }
};

void put_padded(Sink& sink, std::string_view s, Spec const& spec, bool number) {
    usize const pad = spec.width > s.size() ? spec.width - s.size() : 0;
    bool const left = spec.left || (!number && !spec.right);
    if (!left)
        sink.fill(' ', pad);
    sink.put(s);
    if (left)
        sink.fill(' ', pad);
}

void put_number(Sink& sink, Arg const& a, Spec const& spec) {
    std::array<char, 72> buf{};
    char* p = buf.data();
    bool const negative = a.kind == Arg::Kind::signed_ && static_cast<s64>(a.number) < 0;
    u64 const magnitude = negative ? ~a.number + 1 : a.number;
    if (negative)
        *p++ = '-';
    if (spec.prefix) {
        *p++ = '0';
        *p++ = 'x';
    }
    bool const hex = spec.hex || spec.prefix;
    std::array<char, 24> digits{};
    auto const r = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude, hex ? 16 : 10);
    usize const n = static_cast<usize>(r.ptr - digits.data());
    if (spec.zeros)
        for (usize i = n + static_cast<usize>(p - buf.data()); i < std::min<usize>(spec.width, 40); ++i)
            *p++ = '0';
    p = std::copy_n(digits.data(), n, p);
    put_padded(sink, {buf.data(), static_cast<usize>(p - buf.data())}, spec, true);
}

void put_arg(Sink& sink, Arg const& a, Spec const& spec) {
    switch (a.kind) {
        case Arg::Kind::string:
            put_padded(sink, a.string, spec, false);
            break;
        case Arg::Kind::character: {
            char const c = static_cast<char>(a.number);
            put_padded(sink, {&c, 1}, spec, false);
            break;
        }
        default:
            put_number(sink, a, spec);
    }
}

}  // namespace

std::string_view vformat_to(std::span<char> out, std::string_view f, std::span<Arg const> args) {
    Sink sink{out};
    usize next = 0;
    for (usize i = 0; i < f.size(); ++i) {
        bool const doubled = i + 1 < f.size() && f[i] == f[i + 1] && (f[i] == '{' || f[i] == '}');
        if (doubled || f[i] != '{') {
            sink.put(f[i]);
            i += doubled;
            continue;
        }
        usize const end = f.find('}', i);
        if (end == std::string_view::npos)
            break;
        std::string_view spec = f.substr(i + 1, end - i - 1);
        if (!spec.empty() && spec.front() == ':')
            spec.remove_prefix(1);
        if (next < args.size())
            put_arg(sink, args[next++], parse(spec));
        i = end;
    }
    return sink.view();
}

}  // namespace text
