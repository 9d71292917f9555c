// SPDX-License-Identifier: MIT
#include "kernel/domain/domain.hpp"

#include <algorithm>

#include "kernel/base/format.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"

Domain::Domain(DomId n) : id{n} {
    memory.id = n;
    std::span const room = std::span{name}.first(name.size() - 1);
    text::format_to(room, "{}omain-{}", n == DomId{0} ? 'D' : 'd', n);
}

// Only domains::reap() and a failed create() come here: nobody else knows it.
Domain::~Domain() {
    for (Vcpu*& v : vcpus) {
        if (!v)
            continue;
        machine::vcpu_destroy(*v);
        mm::heap_delete(std::exchange(v, nullptr));
    }
    if (shared_info_mfn != mfn_none)
        mm::unshare_frame(shared_info_mfn);
}

void Domain::set_name(std::string_view s) {
    usize const n = std::min(s.size(), name.size() - 1);
    for (usize i = 0; i < n; ++i)
        name[i] = s[i] > ' ' && s[i] <= '~' ? s[i] : '?';
    name[n] = '\0';
}
