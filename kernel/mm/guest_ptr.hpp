// SPDX-License-Identifier: MIT
// Guest memory, named by a linear address of the calling guest. It cannot be
// dereferenced, only copied: one fetch is one private copy, so a second vcpu
// that changes the original changes nothing that was checked (D9, HC-2, HC-3).
#pragma once

#include <cstddef>
#include <type_traits>

#include "kernel/base/result.hpp"
#include "kernel/machine/memory.hpp"

namespace mm {

// True when [va, va + bytes) lies wholly outside the hypervisor's range and
// does not wrap or cross the non-canonical hole.
constexpr bool guest_range_ok(u64 va, u64 bytes) {
    u64 const end = va + bytes;
    if (end < va)
        return end == 0 && va >= machine::hypervisor_end;
    return end <= u64{1} << 47 || va >= machine::hypervisor_end;
}

// Small structures are copied word by word, so that they need not lie in memory
// here. What has padding must, on its way out: else the padding is anything.
template <class T>
using CopyWord = std::conditional_t<sizeof(T) % sizeof(u64) == 0, u64,
                                    std::conditional_t<sizeof(T) % sizeof(u32) == 0, u32, u16>>;
template <class T>
inline constexpr bool goes_in_words = sizeof(T) % sizeof(CopyWord<T>) == 0 &&
                                      sizeof(T) / sizeof(CopyWord<T>) <= 11;

template <class T>
[[nodiscard]] bool load_from_guest(T& to, Vaddr from) {
    if constexpr (goes_in_words<T>) {
        machine::GuestAccess const access;
#pragma GCC unroll 11
        for (usize at = 0; at < sizeof to; at += sizeof(CopyWord<T>)) {
            CopyWord<T> word;
            if (!access.load(from + at, word)) [[unlikely]]
                return false;
            __builtin_memcpy(reinterpret_cast<std::byte*>(&to) + at, &word, sizeof word);
        }
        return true;
    } else {
        return machine::copy_from_guest(&to, from, sizeof to);
    }
}

template <class T>
[[nodiscard]] bool store_to_guest(Vaddr to, T const& from) {
    if constexpr (goes_in_words<T> && std::has_unique_object_representations_v<T>) {
        machine::GuestAccess const access;
#pragma GCC unroll 11
        for (usize at = 0; at < sizeof from; at += sizeof(CopyWord<T>)) {
            CopyWord<T> word;
            __builtin_memcpy(&word, reinterpret_cast<std::byte const*>(&from) + at, sizeof word);
            if (!access.store(to + at, word)) [[unlikely]]
                return false;
        }
        return true;
    } else {
        return machine::copy_to_guest(to, &from, sizeof from);
    }
}

}  // namespace mm

template <class T>
class GuestPtr;

// Consecutive elements wholly outside the hypervisor's range: only
// GuestPtr::span() makes one, so each access needs no check but the index's.
template <class T>
class GuestSpan {
    static_assert(std::is_trivially_copyable_v<T>);
    friend GuestPtr<T>;
    Vaddr begin_{};
    u64 size_ = 0;
    GuestSpan(Vaddr begin, u64 size) : begin_{begin}, size_{size} {}

  public:
    GuestSpan() = default;

    [[nodiscard]] u64 size() const { return size_; }
    [[nodiscard]] Result<std::remove_const_t<T>> fetch(u64 i) const {
        std::remove_const_t<T> v;
        if (i >= size_ || !mm::load_from_guest(v, begin_ + i * sizeof(T))) [[unlikely]]
            return Fail{Errno::fault};
        return v;
    }
    [[nodiscard]] Result<> store(u64 i, T const& v) const requires(!std::is_const_v<T>) {
        return store_member(i, 0, v);
    }
    // One member, by its offset.
    template <class M>
    [[nodiscard]] Result<> store_member(u64 i, usize offset, M const& v) const requires(!std::is_const_v<T>) {
        if (i >= size_ || !mm::store_to_guest(begin_ + (i * sizeof(T) + offset), v)) [[unlikely]]
            return Fail{Errno::fault};
        return {};
    }
};

template <class T>
class GuestPtr {
    static_assert(std::is_trivially_copyable_v<T>);
    u64 va_ = 0;

    [[nodiscard]] Result<Vaddr> at(u64 first, u64 count) const {
        u64 off = 0, bytes = 0, va = 0;
        if (__builtin_mul_overflow(first, sizeof(T), &off) ||
            __builtin_mul_overflow(count, sizeof(T), &bytes) || __builtin_add_overflow(va_, off, &va) ||
            !mm::guest_range_ok(va, bytes))
            return Fail{Errno::fault};
        return Vaddr{va};
    }

  public:
    GuestPtr() = default;
    explicit GuestPtr(u64 va) : va_{va} {}
    [[nodiscard]] bool null() const { return va_ == 0; }
    [[nodiscard]] u64 raw() const { return va_; }

    template <class U>
    [[nodiscard]] GuestPtr<U> as() const {
        return GuestPtr<U>{va_};
    }
    // Element `i` onwards; wraps are caught on use.
    [[nodiscard]] GuestPtr operator+(u64 i) const { return GuestPtr{va_ + i * sizeof(T)}; }

    [[nodiscard]] Result<std::remove_const_t<T>> fetch(u64 i = 0) const {
        std::remove_const_t<T> v;
        if (!mm::load_from_guest(v, TRY(at(i, 1)))) [[unlikely]]
            return Fail{Errno::fault};
        return v;
    }
    // fault: not all of them lie outside the hypervisor's range.
    [[nodiscard]] Result<GuestSpan<T>> span(u64 count) const {
        return GuestSpan<T>{TRY(at(0, count)), count};
    }
    [[nodiscard]] Result<> fetch_into(std::remove_const_t<T>* to, u64 count, u64 first = 0) const {
        if (!machine::copy_from_guest(to, TRY(at(first, count)), count * sizeof(T)))
            return Fail{Errno::fault};
        return {};
    }
    // ABI structures with padding must come zero-filled (HC-4).
    [[nodiscard]] Result<> store(T const& v, u64 i = 0) const requires(!std::is_const_v<T>) {
        if (!mm::store_to_guest(TRY(at(i, 1)), v)) [[unlikely]]
            return Fail{Errno::fault};
        return {};
    }
    [[nodiscard]] Result<> store_from(T const* from, u64 count, u64 first = 0) const
        requires(!std::is_const_v<T>) {
        if (!machine::copy_to_guest(TRY(at(first, count)), from, count * sizeof(T)))
            return Fail{Errno::fault};
        return {};
    }
    // One member, by its offset: STORE_FIELD(ptr, i, member, value).
    template <class M>
    [[nodiscard]] Result<> store_member(u64 i, usize offset, M const& v) const requires(!std::is_const_v<T>) {
        u64 const base = TRY(at(i, 1)).raw();
        if (!mm::store_to_guest(Vaddr{base + offset}, v)) [[unlikely]]
            return Fail{Errno::fault};
        return {};
    }
};

// A XEN_GUEST_HANDLE that came inside a structure.
template <class T, class Handle>
GuestPtr<T> guest_ptr(Handle const& h) {
    return GuestPtr<T>{reinterpret_cast<u64>(h.p)};
}
