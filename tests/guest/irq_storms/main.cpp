// SPDX-License-Identifier: MIT
// IO-7: a device that interrupts without end is heard so often and no more, and
// is heard again when it has calmed down. The device is QEMU's `edu`, which
// interrupts whenever a register is written to.
#include <optional>

#include "drivers/io/mmio.hpp"
#include "drivers/pci/enumerate.hpp"
#include "drivers/pci/function.hpp"
#include "drivers/pci/host.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hypervisor.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

constexpr u16 edu_vendor = 0x1234, edu_device = 0x11e8;
constexpr usize registers_bytes = 0x100;
struct Raise : io::Reg<u32, 0x60> {};
struct Acknowledge : io::Reg<u32, 0x64> {};

// What one line may do in a window (arch/platform/storm.hpp); Xen's `irq_ratelimit`.
constexpr Nanos window = 10 * millisecond;
constexpr u64 granites_limit = 1000, xens_limit = 10'000;
constexpr Nanos windows = 10;

u64 limit() {
    return is_granite() ? granites_limit : xens_limit;
}

std::optional<pci::Function> find_edu() {
    for (pci::Function const& f : pci::enumerate())
        if (f.vendor() == edu_vendor && f.device() == edu_device)
            return f;
    return {};
}

Result<u32> message_of(pci::Function const& f) {
    physdev_map_pirq_t map{};
    map.domid = DOMID_SELF;
    map.type = MAP_PIRQ_TYPE_MSI_SEG;
    map.index = -1;
    map.pirq = -1;
    map.bus = f.address().bus;
    map.devfn = f.address().devfn();
    TRY_VOID(hypercall::physdev_op(PHYSDEVOP_map_pirq, map));
    return static_cast<u32>(map.pirq);
}

// On Xen that is the first domain's to do; on Granite the hypervisor has done it, and drops the write.
void switch_on(pci::Function const& f) {
    constexpr u8 control = 2;
    constexpr u32 enable = 1u << 16;
    auto const msi = f.find(pci::Capability::msi);
    NEED(msi);
    u32 const word = pci::host::read32(f.address(), *msi);
    pci::host::write16(f.address(), static_cast<u8>(*msi + control), static_cast<u16>((word | enable) >> 16));
    f.set_bus_master(true);
}

// Its events are looked at where they are noted: nothing is as quick.
class Storm {
    io::Mmio registers_;
    EventChannel channel_;
    u32 pirq_;
    bool needs_eoi_;

  public:
    u64 raised = 0, heard = 0;

    Storm(io::Mmio registers, EventChannel channel, u32 pirq, bool needs_eoi)
        : registers_{std::move(registers)}, channel_{std::move(channel)}, pirq_{pirq}, needs_eoi_{needs_eoi} {
        channel_.mask();
    }
    void raise() {
        registers_.write(io::Bits<Raise>{1});
        registers_.write(io::Bits<Acknowledge>{1});
        ++raised;
        listen();
    }
    bool listen() {
        u32 const port = channel_.port().raw();
        u64 const bit = u64{1} << port % 64;
        if ((fetch_and_word(rt::shared_info().evtchn_pending[port / 64], ~bit) & bit) == 0)
            return false;
        ++heard;
        physdev_eoi_t eoi{.irq = pirq_};
        return !needs_eoi_ || hypercall::physdev_op(PHYSDEVOP_eoi, eoi).has_value();
    }
    bool listen_for(Nanos time) {
        for (Nanos const end = now() + time; now() < end;)
            if (listen())
                return true;
        return false;
    }
    // The end of a rest is told, too: there may have been something.
    void calm_down() {
        while (listen_for(2 * window)) {
        }
        raised = heard = 0;
    }
};

Storm storm_of(pci::Function const& edu) {
    auto const bar = edu.memory_bar(0);
    NEED(bar);
    edu.enable_memory();
    auto registers = io::map_registers(bar->base, registers_bytes);
    NEED(registers);
    NEED(pci::host::announce(edu.address()));
    auto const pirq = message_of(edu);
    NEED(pirq);
    auto channel = EventChannel::bind_pirq(*pirq);
    NEED(channel);
    physdev_irq_status_query_t query{.irq = *pirq, .flags = 0};
    NEED(hypercall::physdev_op(PHYSDEVOP_irq_status_query, query));
    switch_on(edu);
    return {std::move(*registers), std::move(*channel), *pirq, (query.flags & XENIRQSTAT_needs_eoi) != 0};
}

void check_single_ones(Storm& storm) {
    for (unsigned i = 0; i < 3; ++i) {
        storm.calm_down();
        storm.raise();
        CHECK(storm.heard == 1 || storm.listen_for(second));
    }
}

void check_storm(Storm& storm) {
    storm.calm_down();
    Nanos const begin = now();
    while (now() - begin < windows * window)
        storm.raise();
    u64 const touched = static_cast<u64>((now() - begin) / window) + 2;
    std::printf("%llu of %llu were heard in %llu windows\n", static_cast<unsigned long long>(storm.heard),
                static_cast<unsigned long long>(storm.raised), static_cast<unsigned long long>(touched));
    CHECK(storm.heard >= u64{windows});
    CHECK(storm.heard <= touched * (limit() + 1));  // one more: the end of a rest
}

}  // namespace

int main() {
    auto const edu = is_initial_domain() ? find_edu() : std::nullopt;
    if (!edu)
        return verdict::skip("no device here interrupts as often as it is told to");
    Storm storm = storm_of(*edu);
    check_single_ones(storm);
    check_storm(storm);
    check_single_ones(storm);
    return verdict::finish();
}
