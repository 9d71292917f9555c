// SPDX-License-Identifier: MIT
#include "tests/host/irq.hpp"

namespace host {

std::set<u32>& open_pirqs() {
    static std::set<u32> open;
    return open;
}

}  // namespace host

namespace machine {

Result<Pirq> map_msi(MsiRequest const&) {
    return Fail{Errno::nodev};
}
Result<Pirq> map_gsi(u32 gsi) {
    if (gsi >= 24)
        return Fail{Errno::inval};
    return Pirq{gsi};
}
Result<> unmap_pirq(Pirq) {
    return {};
}
Result<> enable_pirq(Pirq p, bool) {
    host::open_pirqs().insert(p.raw());
    return {};
}
void disable_pirq(Pirq p) {
    host::open_pirqs().erase(p.raw());
}
void eoi_pirq(Pirq) {}
bool pirq_needs_eoi(Pirq) {
    return false;
}

}  // namespace machine
