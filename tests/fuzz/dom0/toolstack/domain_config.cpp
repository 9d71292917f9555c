// SPDX-License-Identifier: MIT
// IM-2: any text as a configuration: refused with a reason, or within its limits
#include "dom0/toolstack/domain_config.hpp"

#include "tests/fuzz/support/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    auto const config = toolstack::read_config("guest.cfg", {reinterpret_cast<char const*>(data), size});
    if (!config) {
        fuzz::require(!config.error().empty(), "a refusal has a reason");
        return 0;
    }
    fuzz::require(toolstack::is_domain_name(config->name), "a name is one");
    fuzz::require(config->vcpus >= 1 && config->vcpus <= config->maxvcpus(), "there are vcpus");
    fuzz::require(config->memory_mib <= config->maxmem_mib(), "memory is within its limit");
    fuzz::require(config->vcpu_cpus.size() <= config->maxvcpus(), "lists belong to vcpus");
    return 0;
}
