// SPDX-License-Identifier: MIT
// Words that somebody else changes while we look: a device's descriptors, a
// peer's ring. Each access happens exactly once, so what was checked is what
// is used.
#pragma once

#include <type_traits>

namespace io {

// Later reads are not done before this one.
template <class T>
requires std::is_trivially_copyable_v<T> T load_once(T const& from) {
    return __atomic_load_n(&from, __ATOMIC_ACQUIRE);
}

// Earlier writes are visible before this one.
template <class T>
requires std::is_trivially_copyable_v<T>
void store_once(T& to, std::type_identity_t<T> value) {
    __atomic_store_n(&to, value, __ATOMIC_RELEASE);
}

// Between a write and a read that must not overtake it.
inline void full_barrier() {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

}  // namespace io
