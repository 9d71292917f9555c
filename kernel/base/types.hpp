// SPDX-License-Identifier: MIT
// The vocabulary that every part of Granite speaks: fixed-width integers, and
// frame numbers and addresses that do not mix. Nothing here knows the machine.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
using usize = std::size_t;
using uptr = std::uintptr_t;

inline constexpr unsigned page_shift = 12;
inline constexpr u64 page_size = u64{1} << page_shift;
inline constexpr u64 page_mask = page_size - 1;

// A number that means one thing. Conversion in and out is spelled out, so an
// mfn can never be passed where a pfn is meant.
template <class Tag, class Rep>
class Strong {
    Rep v_{};

  public:
    using rep = Rep;
    constexpr Strong() = default;
    constexpr explicit Strong(Rep v) : v_{v} {}
    [[nodiscard]] constexpr Rep raw() const { return v_; }
    constexpr auto operator<=>(Strong const&) const = default;
};

// A strong number that can be stepped through: frame numbers and addresses.
// Distances between two of them are plain integers.
template <class Tag>
class Steps : public Strong<Tag, u64> {
  public:
    using Strong<Tag, u64>::Strong;
    friend constexpr Steps operator+(Steps a, u64 n) { return Steps{a.raw() + n}; }
    friend constexpr Steps operator-(Steps a, u64 n) { return Steps{a.raw() - n}; }
    friend constexpr u64 operator-(Steps a, Steps b) { return a.raw() - b.raw(); }
    constexpr Steps& operator++() { return *this = *this + 1; }
    constexpr Steps& operator+=(u64 n) { return *this = *this + n; }
};

using Mfn = Steps<struct MfnTag>;      // machine frame number
using Pfn = Steps<struct PfnTag>;      // a PV guest's own frame numbering
using Maddr = Steps<struct MaddrTag>;  // machine (physical) address, in bytes
using Vaddr = Steps<struct VaddrTag>;  // a guest's virtual address, in bytes

// For PV guests "not a frame" is all ones, in M2P entries and in P2M lists.
inline constexpr Mfn mfn_none{~u64{0}};
inline constexpr Pfn pfn_none{~u64{0}};

constexpr Maddr maddr_of(Mfn m) {
    return Maddr{m.raw() << page_shift};
}
constexpr Mfn mfn_of(Maddr a) {
    return Mfn{a.raw() >> page_shift};
}
constexpr u64 offset_in_page(Maddr a) {
    return a.raw() & page_mask;
}
constexpr u64 offset_in_page(Vaddr a) {
    return a.raw() & page_mask;
}

using DomId = Strong<struct DomIdTag, u16>;
using VcpuId = Strong<struct VcpuIdTag, u32>;
using CpuId = Strong<struct CpuIdTag, u32>;  // physical CPU
using EvtchnPort = Strong<struct EvtchnPortTag, u32>;
using GrantRef = Strong<struct GrantRefTag, u32>;
using GrantHandle = Strong<struct GrantHandleTag, u32>;

using Nanos = s64;  // a span or an instant of system time, in nanoseconds

constexpr u64 round_up(u64 v, u64 align) {
    return (v + align - 1) / align * align;
}
constexpr u64 round_down(u64 v, u64 align) {
    return v / align * align;
}
constexpr u64 pages_for(u64 bytes) {
    return (bytes >> page_shift) + ((bytes & page_mask) != 0);
}
