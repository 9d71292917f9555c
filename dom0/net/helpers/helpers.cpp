// SPDX-License-Identifier: MIT
#include "dom0/net/helpers/helpers.hpp"

#include <algorithm>

namespace helpers {

namespace {

constexpr DomId driver_domain{0};

}  // namespace

// The first vcpu is everybody else's.
auto Helpers::start_next() -> Place* {
    if (no_more_)
        return nullptr;
    VcpuId const vcpu{static_cast<u32>(places_.size()) + 1};
    auto helper = machine_.start(vcpu);
    no_more_ = !helper;
    if (!helper)
        return nullptr;
    return &places_.emplace_back(Place{vcpu, any_cpu, std::move(*helper)});
}

// One that is there, one that nobody uses, or a new one.
auto Helpers::find(u32 cpu) -> Place* {
    auto const there = std::ranges::find(places_, cpu, &Place::cpu);
    if (there != places_.end())
        return &*there;
    auto const unused = std::ranges::find(places_, false, &Place::used);
    return unused != places_.end() ? &*unused : start_next();
}

std::shared_ptr<Helper> Helpers::on(u32 cpu) {
    Place* const place = find(cpu);
    if (place == nullptr)
        return nullptr;
    if (place->cpu != cpu) {
        bool const pinned = machine_.pin(place->vcpu, cpu).has_value();
        place->cpu = pinned ? cpu : any_cpu;
        if (!pinned)
            return nullptr;
    }
    return place->helper;
}

std::shared_ptr<Helper> Helpers::beside(DomId guest, VcpuId vcpu) {
    auto const own = machine_.cpu_of(driver_domain, VcpuId{0});
    auto cpu = machine_.cpu_of(guest, vcpu);
    if (!cpu)
        cpu = machine_.cpu_of(guest, VcpuId{0});
    return cpu && own && *cpu != *own ? on(*cpu) : nullptr;
}

}  // namespace helpers
