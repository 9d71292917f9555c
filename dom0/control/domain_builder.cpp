// SPDX-License-Identifier: MIT
#include "dom0/control/domain_builder.hpp"

#include <memory>
#include <utility>

#include "dom0/control/first_pages.hpp"
#include "dom0/control/foreign_memory.hpp"
#include "dom0/control/sysctl.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "kernel/image/pv_writer.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr u64 kib_per_page = page_size / 1024;
constexpr DomId this_domain{0};
// Some frontends' buffers lie outside of what the balloon counts as the guest's
// memory; its map ends this much later, as xl's guests are used to.
constexpr u64 map_slack_kib = 8 * 1024;

// Destroys the domain unless it was completed.
class Unfinished {
    DomId id_;
    bool owned_ = true;

  public:
    explicit Unfinished(DomId id) : id_{id} {}
    Unfinished(Unfinished const&) = delete;
    Unfinished& operator=(Unfinished const&) = delete;
    ~Unfinished() {
        // Nothing is left to try when even this is refused.
        if (owned_)
            static_cast<void>(domctl::destroy(id_));
    }
    [[nodiscard]] DomId id() const { return id_; }
    void complete() { owned_ = false; }
};

Result<EvtchnPort> open_port(DomId domain) {
    evtchn_alloc_unbound_t request{.dom = domain.raw(), .remote_dom = this_domain.raw(), .port = 0};
    TRY_VOID(rt::hypercall::event_channel_op(EVTCHNOP_alloc_unbound, request));
    return EvtchnPort{request.port};
}

Result<> pin_tables(DomId domain, Mfn l4) {
    mmuext_op_t pin{};
    pin.cmd = MMUEXT_PIN_L4_TABLE;
    pin.arg1.mfn = l4.raw();
    TRY_VOID(rt::hypercall::mmuext_op(std::span{&pin, 1}, domain));
    return {};
}

Result<> start_registers(DomId domain, image::PvLayout const& layout, image::GuestMemory const& memory) {
    // Larger than a thread's stack should have to hold.
    auto const context = std::make_unique<vcpu_guest_context_t>();
    image::fill_context(layout, memory, *context);
    return domctl::set_context(domain, VcpuId{0}, *context);
}

Result<> fill(image::Kernel const& kernel, image::PvLayout const& layout, image::GuestMemory const& memory,
              image::Bytes ramdisk, image::StartFacts const& facts) {
    TRY_VOID(image::write_kernel(kernel, layout, memory));
    TRY_VOID(image::write_ramdisk(layout, memory, ramdisk));
    TRY_VOID(image::write_p2m(layout, memory));
    TRY_VOID(image::write_tables(layout, memory));
    return image::write_start_info(layout, memory, facts);
}

Result<> set_limits(DomId domain, GuestPlan const& plan) {
    TRY_VOID(domctl::set_vcpus(domain, plan.creation.vcpus));
    TRY_VOID(domctl::set_native_tsc(domain));
    TRY_VOID(domctl::set_most_memory(domain, plan.most_memory_kib + slack_kib));
    return set_memory_map(domain, (plan.most_memory_kib + map_slack_kib) * 1024);
}

// Asked before anything is made, for books as large as the guest are kept here; and
// again when more has been set aside for the guest than its memory.
Outcome<> check_free_memory(u64 pages) {
    constexpr u64 pages_per_mib = 1024 / kib_per_page;
    u64 const free = GET(or_say(sysctl::machine(), "cannot ask how much memory is free")).free_pages;
    if (pages <= free)
        return {};
    return Failure{"not enough memory: it takes " + std::to_string(pages / pages_per_mib) + " MiB and " +
                   std::to_string(free / pages_per_mib) +
                   " MiB are free; 'xl list' shows who has the rest, 'xl mem-set' takes some back"};
}

Outcome<> assign_functions(DomId domain, std::vector<pci::Address> const& functions) {
    for (auto const& at : functions)
        DO(or_say(domctl::assign_function(domain, at.bus, at.devfn()),
                  "cannot give it the PCI function " + toolstack::to_string(at)));
    return {};
}

}  // namespace

Outcome<BuiltDomain> build_domain(GuestPlan const& plan) {
    auto const kernel = image::Kernel::parse(plan.kernel);
    if (!kernel)
        return Failure{"the kernel is " + std::string{kernel.error()}};
    image::PvRequest const request{.pages = plan.memory_kib / kib_per_page,
                                   .ramdisk_bytes = plan.ramdisk.size()};
    auto const layout = image::PvLayout::plan(*kernel, request);
    if (!layout)
        return Failure{std::string{layout.error()}};

    DO(check_free_memory(layout->pages));
    Unfinished domain{GET(or_say(domctl::create(plan.creation), "cannot create a domain"))};
    DO(or_say(set_limits(domain.id(), plan), "cannot set the domain's limits"));
    DO(check_free_memory(layout->pages));
    DO(assign_functions(domain.id(), plan.functions));
    auto foreign = GET(
        or_say(ForeignMemory::populate(domain.id(), layout->pages, plan.progress), "cannot give it memory"));
    image::GuestMemory const memory{foreign};

    auto const store_port = GET(or_say(open_port(domain.id()), "cannot open the store's event channel"));
    auto const console_port = GET(or_say(open_port(domain.id()), "cannot open the console's event channel"));
    auto const info = GET(or_say(domctl::info(domain.id()), "cannot inspect the new domain"));
    DO(or_say(mask_events(domain.id(), Mfn{info.shared_info_frame}), "cannot mask its events"));
    image::StartFacts const facts{.shared_info = maddr_of(Mfn{info.shared_info_frame}),
                                  .store_port = store_port,
                                  .console_port = console_port,
                                  .command_line = plan.command_line};
    DO(or_say(fill(*kernel, *layout, memory, plan.ramdisk, facts), "cannot fill the domain's memory"));
    foreign.close_window();

    SharedRing const store{foreign.frame(layout->store.first), store_port};
    SharedRing const console{foreign.frame(layout->console.first), console_port};
    DO(or_say(seed_grants(domain.id(), console.frame, store.frame), "cannot seed the grant table"));
    DO(or_say(pin_tables(domain.id(), foreign.frame(layout->l4)), "the hypervisor refuses the page tables"));
    DO(or_say(start_registers(domain.id(), *layout, memory), "cannot set the first registers"));
    domain.complete();
    return BuiltDomain{domain.id(), store, console};
}

}  // namespace control
