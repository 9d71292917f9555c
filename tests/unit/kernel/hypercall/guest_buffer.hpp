// SPDX-License-Identifier: MIT
// A few pages of guest memory for arguments of hypercalls.
#pragma once

#include <cstring>

#include "kernel/mm/guest_ptr.hpp"
#include "tests/host/memory.hpp"

namespace test {

class GuestBuffer {
    static constexpr u64 address = 0x10000;
    alignas(page_size) std::byte bytes_[4 * page_size]{};

  public:
    GuestBuffer() { host::guest().map(Vaddr{address}, bytes_, sizeof bytes_); }
    GuestBuffer(GuestBuffer const&) = delete;
    GuestBuffer& operator=(GuestBuffer const&) = delete;
    ~GuestBuffer() { host::guest().unmap(Vaddr{address}, sizeof bytes_); }

    [[nodiscard]] static GuestPtr<u8> at(u64 offset = 0) { return GuestPtr<u8>{address + offset}; }

    template <class T>
    GuestPtr<u8> put(T const& v, u64 offset = 0) {
        std::memcpy(bytes_ + offset, &v, sizeof v);
        return at(offset);
    }
    GuestPtr<u8> put_text(std::string_view s, u64 offset = 0) {
        std::memcpy(bytes_ + offset, s.data(), s.size());
        return at(offset);
    }
    template <class T>
    [[nodiscard]] T get(u64 offset = 0) const {
        T v;
        std::memcpy(&v, bytes_ + offset, sizeof v);
        return v;
    }
    [[nodiscard]] std::string_view text(u64 n, u64 offset = 0) const {
        return {reinterpret_cast<char const*>(bytes_) + offset, n};
    }
};

}  // namespace test
