// SPDX-License-Identifier: MIT
// Interrupts of PCI devices by way of the hypervisor: a table entry becomes a
// physical interrupt (pirq), and that an event channel.
#include "drivers/pci/host.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/hypercall.hpp"

namespace pci::host {

namespace {

namespace hypercall = rt::hypercall;

class Pirq {
  public:
    explicit Pirq(int number) : number_{number} {}
    Pirq(Pirq const&) = delete;
    Pirq& operator=(Pirq const&) = delete;
    ~Pirq() {
        channel_ = {};  // the hypervisor keeps a pirq that is still bound
        physdev_unmap_pirq_t unmap{.domid = DOMID_SELF, .pirq = number_};
        static_cast<void>(hypercall::physdev_op(PHYSDEVOP_unmap_pirq, unmap));
    }

    Result<> bind(io::InterruptHandler handler) {
        auto const number = static_cast<u32>(number_);
        channel_ = TRY(rt::EventChannel::bind_pirq(number));
        physdev_irq_status_query_t query{.irq = number, .flags = 0};
        TRY_VOID(hypercall::physdev_op(PHYSDEVOP_irq_status_query, query));
        bool const needs_eoi = (query.flags & XENIRQSTAT_needs_eoi) != 0;
        channel_.on_event([handler = std::move(handler), number, needs_eoi] {
            handler();
            if (needs_eoi)
                end_of_interrupt(number);
        });
        return {};
    }

  private:
    static void end_of_interrupt(u32 number) {
        physdev_eoi_t eoi{.irq = number};
        static_cast<void>(hypercall::physdev_op(PHYSDEVOP_eoi, eoi));
    }

    int number_;
    rt::EventChannel channel_;
};

}  // namespace

Result<> announce(Address at) {
    physdev_pci_device_add_t device{};
    device.bus = at.bus;
    device.devfn = at.devfn();
    TRY_VOID(hypercall::physdev_op(PHYSDEVOP_pci_device_add, device));
    return {};
}

Result<io::Interrupt> connect_msix(Address at, Maddr table_bar, u16 entry, io::InterruptHandler handler) {
    physdev_map_pirq_t map{};
    map.domid = DOMID_SELF;
    map.type = MAP_PIRQ_TYPE_MSI_SEG;
    map.index = -1;
    map.pirq = -1;  // any that is free
    map.bus = at.bus;
    map.devfn = at.devfn();
    map.entry_nr = entry;
    map.table_base = table_bar.raw();
    TRY_VOID(hypercall::physdev_op(PHYSDEVOP_map_pirq, map));
    auto pirq = std::make_shared<Pirq>(map.pirq);
    TRY_VOID(pirq->bind(std::move(handler)));
    return io::Interrupt{std::move(pirq)};
}

}  // namespace pci::host
