// SPDX-License-Identifier: MIT
// What a configuration asks for, checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/toolstack/cpu_list.hpp"
#include "dom0/toolstack/outcome.hpp"
#include "dom0/toolstack/pci_address.hpp"
#include "dom0/toolstack/vif_spec.hpp"

namespace toolstack {

enum class OnEnd { destroy, restart, preserve };
std::string_view to_string(OnEnd action);

// Printable, without blanks, not too long, and not a path.
bool is_domain_name(std::string_view name);

struct DomainConfig {
    std::string name;
    std::string kernel;
    std::string ramdisk;
    std::string command_line;
    u64 memory_mib = 128;
    u64 most_memory_mib = 0;  // 0: as much as memory_mib
    u32 vcpus = 1;
    u32 most_vcpus = 0;  // 0: as many as vcpus
    u32 weight = 256;
    u32 cap = 0;
    CpuMask cpus = any_cpu;          // that its vcpus may use, but those
    std::vector<CpuMask> vcpu_cpus;  // that have a list of their own
    u32 grant_frames = 64;
    std::optional<u32> maptrack_frames;
    std::vector<VifSpec> vifs;            // each identified
    std::vector<pci::Address> functions;  // of PCI, that it drives
    bool driver_domain = false;           // others' backends are in it
    OnEnd on_poweroff = OnEnd::destroy;
    OnEnd on_reboot = OnEnd::restart;
    OnEnd on_crash = OnEnd::destroy;
    std::vector<std::string> warnings;

    [[nodiscard]] u64 maxmem_mib() const { return most_memory_mib != 0 ? most_memory_mib : memory_mib; }
    [[nodiscard]] u32 maxvcpus() const { return most_vcpus != 0 ? most_vcpus : vcpus; }
    // All of it is set aside: much for who serves others, little for who is served.
    [[nodiscard]] u32 max_maptrack_frames() const {
        return maptrack_frames.value_or(driver_domain ? 512 : 64);
    }
    [[nodiscard]] CpuMask cpus_of(u32 vcpu) const { return vcpu < vcpu_cpus.size() ? vcpu_cpus[vcpu] : cpus; }
};

// `overrides` are further lines of the same syntax, as `xl create` takes them.
// Failures name file, line and key.
Outcome<DomainConfig> read_config(std::string_view file, std::string_view text,
                                  std::vector<std::string> const& overrides = {});

}  // namespace toolstack
