// SPDX-License-Identifier: MIT
#include "arch/mm/device_frames.hpp"

#include <algorithm>

#include "arch/cpu/features.hpp"
#include "kernel/base/fixed_vector.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

struct Range {
    Mfn first{};
    Mfn last{};
    DeviceAccess access = DeviceAccess::none;
};
constinit Locked<FixedVector<Range, 512>, Rank::heap> restricted;

}  // namespace

bool restrict_device_frames(Maddr start, u64 bytes, DeviceAccess access) {
    ASSERT(bytes != 0);
    return restricted.lock()->push({mfn_of(start), mfn_of(start + (bytes - 1)), access});
}

DeviceAccess device_access(Mfn m) {
    if (m.raw() >> (features.physical_bits - page_shift) != 0)
        return DeviceAccess::none;
    DeviceAccess answer = DeviceAccess::full;
    auto const ranges = restricted.lock();
    for (Range const& r : *ranges)
        if (r.first <= m && m <= r.last)
            answer = std::min(answer, r.access);
    return answer;
}

}  // namespace arch
