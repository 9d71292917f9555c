// SPDX-License-Identifier: MIT
// Makes every hypercall that loops with as much to do as it may have, then ends
// with all of that for its destruction to undo. For `stretches` in the monitor:
// how long does each go on before it looks who else waits?
#include <cstdio>
#include <array>

#include "guest-pv/apps/lengthy/calls.hpp"

int main() {
    using namespace lengthy;
    struct Named {
        char const* name;
        bool (*run)();
    };
    static constexpr std::array all{
        Named{"entries", update_entries}, Named{"tables", pin_tables},      Named{"frames", give_and_take},
        Named{"exchange", exchange},      Named{"descriptors", set_tables}, Named{"copies", copy_pages},
        Named{"grants", map_grants},      Named{"multicall", many_in_one},  Named{"text", write_text}};
    for (auto const& [name, run] : all)
        if (!run())
            std::printf("lengthy: %s: refused\n", name);
    std::puts("lengthy: done");
    return reset_channels() ? 0 : 1;  // the console's is one of them
}
