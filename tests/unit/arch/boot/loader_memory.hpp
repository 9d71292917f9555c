// SPDX-License-Identifier: MIT
// Physical memory as a boot loader leaves it, for tests: bytes are put at
// addresses of one's choice.
#pragma once

#include <cstring>
#include <string_view>
#include <vector>

#include "kernel/base/checked_bytes.hpp"

class LoaderMemory {
    std::vector<u8> bytes_ = std::vector<u8>(0x10000);

  public:
    template <class T>
    void put(u64 at, T const& v) {
        std::memcpy(bytes_.data() + at, &v, sizeof v);
    }
    void put(u64 at, std::string_view s) {
        std::memcpy(bytes_.data() + at, s.data(), s.size());
        bytes_[at + s.size()] = 0;
    }
    void fill(u64 at, u64 n, u8 v) { std::memset(bytes_.data() + at, v, n); }
    std::vector<u8>& raw() { return bytes_; }
    [[nodiscard]] CheckedBytes view() const { return CheckedBytes{bytes_}; }
};
