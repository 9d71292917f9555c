// SPDX-License-Identifier: MIT
// The words of the shared page that both sides change at any time, and the
// masks in it.
#pragma once

#include "kernel/abi/xen.hpp"
#include "kernel/base/types.hpp"

namespace rt {

inline u64 load_word(xen_ulong_t const& word) {
    return __atomic_load_n(&word, __ATOMIC_SEQ_CST);
}
inline u64 exchange_word(xen_ulong_t& word, u64 value) {
    return __atomic_exchange_n(&word, value, __ATOMIC_SEQ_CST);
}
inline u64 fetch_and_word(xen_ulong_t& word, u64 keep) {
    return __atomic_fetch_and(&word, keep, __ATOMIC_SEQ_CST);
}
inline u8 exchange_byte(u8& byte, u8 value) {
    return __atomic_exchange_n(&byte, value, __ATOMIC_SEQ_CST);
}

void mask_port(EvtchnPort port);

// Forgets an event of a masked port.
void clear_port(EvtchnPort port);

// Takes care of an event that came while the port was masked.
void unmask_port(EvtchnPort port);

}  // namespace rt
