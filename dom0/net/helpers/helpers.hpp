// SPDX-License-Identifier: MIT
// Who makes copies on which physical CPU: virtual CPUs of this domain, started
// when first needed, never more than there are, and moved when nobody uses them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "dom0/net/helpers/helper.hpp"

namespace helpers {

class Helpers {
  public:
    struct Machine {
        std::function<Result<std::shared_ptr<Helper>>(VcpuId)> start;
        std::function<Result<>(VcpuId, u32 cpu)> pin;
        std::function<Result<u32>(DomId, VcpuId)> cpu_of;  // that it runs on, or did last
    };
    explicit Helpers(Machine machine) : machine_{std::move(machine)} {}

    // Whose CPU is that of the guest's vcpu. A user keeps it for as long as it uses
    // it. None: our own thread is there, or no vcpu is left for that CPU.
    [[nodiscard]] std::shared_ptr<Helper> beside(DomId guest, VcpuId vcpu);

  private:
    struct Place {
        VcpuId vcpu{};
        u32 cpu = 0;
        std::shared_ptr<Helper> helper;

        [[nodiscard]] bool used() const { return helper.use_count() > 1; }
    };
    static constexpr u32 any_cpu = ~0U;  // not pinned yet

    std::shared_ptr<Helper> on(u32 cpu);
    Place* find(u32 cpu);
    Place* start_next();

    Machine machine_;
    std::vector<Place> places_;
    bool no_more_ = false;  // vcpus to start
};

}  // namespace helpers
