// SPDX-License-Identifier: MIT
#include "kernel/mm/e820.hpp"

namespace mm {

MachineMap& machine_map() {
    static constinit MachineMap map;
    return map;
}

}  // namespace mm
