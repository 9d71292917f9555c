// SPDX-License-Identifier: MIT
#include "kernel/monitor/tables.hpp"

#include "kernel/domain/domain.hpp"
#include "kernel/machine/vcpu.hpp"

namespace monitor {

Entry read_entry(Mfn table, unsigned slot) {
    u64 const* const entries = machine::frame_as<u64 const>(table);
    return {__atomic_load_n(&entries[slot], __ATOMIC_RELAXED)};
}

std::optional<Mfn> root_of(Vcpu const& v) {
    if (!v.initialised)
        return std::nullopt;
    vcpu_guest_context context{};
    machine::vcpu_get_context(v, context);
    Mfn const root = mfn_of(Maddr{context.ctrlreg[3]});
    return mm::page_of(root) ? std::optional{root} : std::nullopt;
}

std::array<char, 8> flag_letters(Entry e) {
    auto const letter = [&](unsigned bit, char c) { return (e.raw >> bit & 1) != 0 ? c : '-'; };
    return {'r',
            letter(1, 'w'),
            (e.raw >> 63) != 0 ? '-' : 'x',
            letter(2, 'u'),
            letter(5, 'A'),
            letter(6, 'D'),
            letter(4, 'C'),
            '\0'};
}

}  // namespace monitor
