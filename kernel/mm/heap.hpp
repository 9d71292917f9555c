// SPDX-License-Identifier: MIT
// The hypervisor's own objects. Sizes up to half a frame come from slabs, one
// size class per frame; larger ones are whole frames. Memory arrives zeroed.
#pragma once

#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "kernel/base/result.hpp"

namespace mm {

// nomem when there is none. `bytes` of heap_free is that of heap_alloc.
Result<void*> heap_alloc(usize bytes);
void heap_free(void* p, usize bytes);
// Bytes handed out now, rounded up to what they occupy (DS-4).
u64 heap_bytes_in_use();

template <class T, class... A>
Result<T*> heap_new(A&&... args) {
    static_assert(alignof(T) <= 64);
    return ::new (TRY(heap_alloc(sizeof(T)))) T(std::forward<A>(args)...);
}

template <class T>
void heap_delete(T* p) {
    if (!p)
        return;
    p->~T();
    heap_free(p, sizeof(T));
}

// An array of a length known at run time.
template <class T>
class HeapArray {
    T* data_ = nullptr;
    usize size_ = 0;
    HeapArray(T* data, usize size) : data_{data}, size_{size} {}

  public:
    HeapArray() = default;
    HeapArray(HeapArray&& o) noexcept
        : data_{std::exchange(o.data_, nullptr)}, size_{std::exchange(o.size_, 0)} {}
    HeapArray& operator=(HeapArray&& o) noexcept {
        std::swap(data_, o.data_);
        std::swap(size_, o.size_);
        return *this;
    }
    ~HeapArray() {
        if constexpr (!std::is_trivially_destructible_v<T>)
            for (usize i = size_; i-- > 0;)
                data_[i].~T();
        if (data_)
            heap_free(data_, size_ * sizeof(T));
    }

    // `n` elements, each as T{}: where that is all zeroes, they are as they come.
    static Result<HeapArray> make(usize n) {
        usize bytes = 0;
        if (n == 0 || __builtin_mul_overflow(n, sizeof(T), &bytes))
            return Fail{Errno::nomem};
        T* const data = static_cast<T*>(TRY(heap_alloc(bytes)));
        if constexpr (!std::is_trivially_default_constructible_v<T>)
            for (usize i = 0; i < n; ++i)
                ::new (data + i) T{};
        return HeapArray{data, n};
    }

    [[nodiscard]] usize size() const { return size_; }
    [[nodiscard]] T& operator[](usize i) const { return data_[i]; }
    [[nodiscard]] std::span<T> span() const { return {data_, size_}; }
};

}  // namespace mm
