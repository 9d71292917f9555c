// SPDX-License-Identifier: MIT
#include "kernel/console/line_buffer.hpp"

namespace console {
namespace {

constexpr char escape = 0x1b;
constexpr std::string_view hex = "0123456789abcdef";

constexpr bool printable(char c) {
    return (c >= ' ' && c <= '~') || c == '\t';
}
constexpr bool in_sequence(char c) {
    return (c >= '0' && c <= '9') || c == ';';
}

}  // namespace

void LineBuffer::append(char c) {
    if (used_ < capacity)
        text_[used_++] = c;
}

void LineBuffer::append_escaped(char c) {
    if (printable(c)) {
        append(c);
        return;
    }
    auto const byte = static_cast<u8>(c);
    append('\\');
    append('x');
    append(hex[byte >> 4]);
    append(hex[byte & 15]);
}

void LineBuffer::flush_sequence(bool as_is) {
    for (usize i = 0; i < sequence_used_; ++i)
        as_is ? append(sequence_[i]) : append_escaped(sequence_[i]);
    sequence_used_ = 0;
}

// Whether `c` belongs to a colour sequence; one that turns out to be something
// else is shown byte by byte.
bool LineBuffer::sequence_takes(char c) {
    if (sequence_used_ == 0 && c != escape)
        return false;
    bool const goes_on = sequence_used_ == 0 || (sequence_used_ == 1 ? c == '[' : in_sequence(c));
    if (goes_on && sequence_used_ + 1u < sequence_.size()) {
        sequence_[sequence_used_++] = c;
        return true;
    }
    if (sequence_used_ >= 2 && c == 'm') {
        sequence_[sequence_used_++] = c;
        flush_sequence(true);
        return true;
    }
    flush_sequence(false);
    if (c != escape)
        return false;
    sequence_[sequence_used_++] = c;
    return true;
}

bool LineBuffer::put(char c) {
    if (cr_ && c != '\n')
        append_escaped('\r');
    cr_ = false;
    if (sequence_takes(c))
        return full();
    if (c == '\n')
        return true;
    if (c == '\r')
        cr_ = true;
    else
        append_escaped(c);
    return full();
}

bool LineBuffer::finish() {
    flush_sequence(false);
    cr_ = false;
    return used_ != 0;
}

}  // namespace console
