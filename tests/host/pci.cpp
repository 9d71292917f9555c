// SPDX-License-Identifier: MIT
#include "tests/host/pci.hpp"

#include <algorithm>

namespace host {

std::vector<PluggedFunction>& plugged_functions() {
    static std::vector<PluggedFunction> all;
    return all;
}

PluggedFunction plain_function(machine::PciFunction where) {
    return {where, {.value = {0xfeb40000, 0xc001}, .sized = {0xfffe0000, 0xffffffe1}}};
}

namespace {

PluggedFunction* find(machine::PciFunction f) {
    auto& all = plugged_functions();
    auto const it = std::ranges::find(all, f, &PluggedFunction::where);
    return it == all.end() ? nullptr : &*it;
}

}  // namespace
}  // namespace host

namespace machine {

Result<BarWords> examine_function(PciFunction f) {
    auto const* const found = host::find(f);
    if (!found)
        return Fail{Errno::nodev};
    return found->bars;
}

void silence_function(PciFunction f) {
    if (auto* const found = host::find(f))
        found->silent = true;
}

}  // namespace machine
