// SPDX-License-Identifier: MIT
#include "kernel/console/dmesg.hpp"

#include <algorithm>

namespace console {

void Dmesg::add(std::string_view bytes) {
    for (char const c : bytes)
        bytes_[end_++ % capacity] = c;
    if (end_ - begin_ > capacity)
        begin_ = end_ - capacity;
}

Dmesg::Extract Dmesg::read(u64 from, std::span<char> into) const {
    u64 const at = std::clamp(from, begin_, end_);
    usize const count = std::min<u64>(into.size(), end_ - at);
    for (usize i = 0; i < count; ++i)
        into[i] = bytes_[(at + i) % capacity];
    return {at, count};
}

}  // namespace console
