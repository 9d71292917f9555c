// SPDX-License-Identifier: MIT
#include "tests/host/mapping.hpp"

namespace host {

std::map<u64, machine::GrantMapping>& grant_mappings() {
    static std::map<u64, machine::GrantMapping> entries;
    return entries;
}

std::map<u64, Mfn>& mapped_frames() {
    static std::map<u64, Mfn> frames;
    return frames;
}

}  // namespace host

namespace machine {

// Addresses that are no page cannot be mapped, nor can one mapped already.
Result<> grant_map(Vcpu&, u64 address, GrantMapping const& m) {
    if (address % page_size != 0)
        return Fail{Errno::fault};
    if (!host::grant_mappings().emplace(address, m).second)
        return Fail{Errno::inval};
    return {};
}

Result<> grant_unmap(Vcpu&, u64 address, GrantMapping const& m) {
    auto const at = host::grant_mappings().find(address);
    if (at == host::grant_mappings().end())
        return Fail{Errno::fault};
    if (at->second.frame != m.frame || at->second.readonly != m.readonly)
        return Fail{Errno::inval};
    host::grant_mappings().erase(at);
    return {};
}

Result<> grant_replace(Vcpu& v, u64 address, u64, GrantMapping const& m) {
    return grant_unmap(v, address, m);
}

Result<Mfn> frame_behind(Vcpu&, Vaddr va) {
    auto const at = host::mapped_frames().find(va.raw() & ~page_mask);
    if (at == host::mapped_frames().end())
        return Fail{Errno::fault};
    return at->second;
}

}  // namespace machine
