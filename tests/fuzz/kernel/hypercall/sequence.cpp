// SPDX-License-Identifier: MIT
// D12 GT-04 GT-10 GT-14 EV-2 EV-3 MM-2 MM-3 HC-5 HC-9 LC-1: vcpus call as they like, and after each call, and
// wherever one is interrupted, all counts are right
//
// Three domains of two vcpus share grants and channels, trade memory, and end at
// any moment. The input is the scheduler: it says which vcpu goes on, with what,
// and whether that is interrupted. What is interrupted waits until its vcpu's
// turn comes again, when others may have changed what it is about.
#include "kernel/domain/lifecycle.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/monitor/command.hpp"
#include "tests/fuzz/kernel/hypercall/players.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/mapping.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

using fuzz::Caller, fuzz::Player, fuzz::frames_each, fuzz::vcpus_each;

namespace {

constexpr u32 domains_at_once = 3;
constexpr u64 memory_va = 0x10000;

class World {
    fuzz::Input& input_;
    std::array<Player, domains_at_once> players_;
    u16 next_id_ = 1;
    // Whose turn it is.
    Vcpu* vcpu_ = nullptr;
    Caller* caller_ = nullptr;

  public:
    explicit World(fuzz::Input& input) : input_{input} {
        host::power_on();
        host::reset_cpu();
        host::vcpus() = {};
        sched::init_cpu(CpuId{0});
        host::guest().clear();
        u64 va = memory_va;
        for (Player& player : players_) {
            player.start(next_id_++);
            for (Caller& caller : player.callers) {
                caller.lie_at(va);
                va += 2 * page_size;
            }
        }
    }
    ~World() {
        host::reset_cpu();
        for (Player& player : players_)
            player.domain.reset();
        host::mapped_frames().clear();
        host::guest().clear();
    }
    World(World const&) = delete;

    void step() {
        Player& player = players_[input_.below(domains_at_once)];
        u32 const n = input_.below(vcpus_each);
        vcpu_ = &player.domain->vcpu(n);
        caller_ = &player.callers[n];
        host::cpu().current = vcpu_;
        host::cpu().preempt = input_.below(4) == 0 ? [] { return true; } : std::function<bool()>{};
        if (caller_->unfinished)
            resume();
        else
            begin(player);
        audit();
    }

  private:
    void begin(Player& player) {
        switch (input_.below(10)) {
            case 0:
                return grant(player);
            case 1:
            case 2:
                return grant_table_op();
            case 3:
            case 4:
                return event_channel_op();
            case 5:
            case 6:
                return memory_op();
            case 7:
                return multicall();
            case 8:
                return vcpu_op();
            default:
                if (input_.below(8) == 0)
                    end(player);
        }
    }
    // Somebody may have written into what the call has still to read.
    void resume() {
        if (input_.below(8) == 0)
            caller_->list[input_.below(8)] = input_.take<u64>();
        Caller::Unfinished const rest = *caller_->unfinished;
        call(rest.number, rest.args);
    }

    u16 some_domain() {
        u32 const n = input_.below(domains_at_once + 2);
        if (n < domains_at_once)
            return (*players_[n].domain)->id.raw();
        return n == domains_at_once ? u16{DOMID_SELF} : u16{7000};
    }
    Mfn some_frame() { return players_[input_.below(domains_at_once)].frames[input_.below(frames_each)]; }

    void call(u64 number, hypercall::Args args) {
        caller_->unfinished.reset();
        if (hypercall::dispatch(*vcpu_, number, args).restart)
            caller_->unfinished = {number, args};
    }
    template <class T>
    void argue(T const& value) {
        std::memcpy(caller_->argument.data(), &value, sizeof value);
    }

    // The granter writes into its table, sometimes nonsense.
    void grant(Player& player) {
        gnttab_setup_table_t setup{
            .dom = DOMID_SELF, .nr_frames = 1 + input_.below(2), .status = 0, .frame_list = {}};
        setup.frame_list.p = reinterpret_cast<xen_pfn_t*>(caller_->list_va);
        argue(setup);
        call(__HYPERVISOR_grant_table_op, {GNTTABOP_setup_table, caller_->argument_va, 1});
        Mfn const first = (*player.domain)->grants.lock()->frame(0);
        auto& entry = machine::frame_as<grant_entry_v1_t>(first)[input_.below(8)];
        entry.frame = static_cast<u32>(some_frame().raw());
        entry.domid = some_domain();
        auto const honest = static_cast<u16>(GTF_permit_access | input_.below(2) << 2);
        entry.flags = input_.below(8) == 7 ? input_.take<u16>() : honest;
    }

    // Mappings are for devices: there are no tables of guests here.
    void grant_table_op() {
        switch (input_.below(3)) {
            case 0:
                argue(gnttab_map_grant_ref_t{.host_addr = 0,
                                             .flags = GNTMAP_device_map | input_.below(2) << _GNTMAP_readonly,
                                             .ref = input_.below(9),
                                             .dom = some_domain(),
                                             .status = 0,
                                             .handle = 0,
                                             .dev_bus_addr = 0});
                return call(__HYPERVISOR_grant_table_op, {GNTTABOP_map_grant_ref, caller_->argument_va, 1});
            case 1:
                argue(gnttab_unmap_grant_ref_t{.host_addr = 0,
                                               .dev_bus_addr = maddr_of(some_frame()).raw(),
                                               .handle = input_.below(12),
                                               .status = 0});
                return call(__HYPERVISOR_grant_table_op, {GNTTABOP_unmap_grant_ref, caller_->argument_va, 1});
            default:
                return grant_copy();
        }
    }
    void grant_copy() {
        std::array<gnttab_copy_t, 3> ops{};
        for (auto& op : ops) {
            op.flags = static_cast<u16>(input_.below(4));
            op.source.domid = some_domain();
            op.dest.domid = some_domain();
            op.source.u.gmfn = (op.flags & GNTCOPY_source_gref) != 0 ? input_.below(9) : some_frame().raw();
            op.dest.u.gmfn = (op.flags & GNTCOPY_dest_gref) != 0 ? input_.below(9) : some_frame().raw();
            op.source.offset = static_cast<u16>(input_.below(20) * 256);
            op.dest.offset = static_cast<u16>(input_.below(20) * 256);
            op.len = static_cast<u16>(input_.below(20) * 256);
        }
        argue(ops);
        call(__HYPERVISOR_grant_table_op, {GNTTABOP_copy, caller_->argument_va, ops.size()});
    }

    void event_channel_op() {
        u32 const port = input_.below(10);
        switch (input_.below(7)) {
            case 0:
                argue(evtchn_alloc_unbound_t{DOMID_SELF, some_domain(), 0});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_alloc_unbound, caller_->argument_va});
            case 1:
                argue(evtchn_bind_interdomain_t{some_domain(), port, 0});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_bind_interdomain, caller_->argument_va});
            case 2:
                argue(evtchn_bind_virq_t{input_.below(26), input_.below(3), 0});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_bind_virq, caller_->argument_va});
            case 3:
                argue(evtchn_bind_vcpu_t{port, input_.below(3)});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_bind_vcpu, caller_->argument_va});
            case 4:
                argue(evtchn_close_t{port});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_close, caller_->argument_va});
            case 5:
                argue(evtchn_unmask_t{port});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_unmask, caller_->argument_va});
            default:
                argue(evtchn_send_t{port});
                return call(__HYPERVISOR_event_channel_op, {EVTCHNOP_send, caller_->argument_va});
        }
    }

    xen_memory_reservation_t extents(u64 at) {
        xen_memory_reservation_t r{};
        r.extent_start.p = reinterpret_cast<xen_pfn_t*>(at);
        r.nr_extents = input_.below(6);
        r.extent_order = input_.below(4);
        r.domid = DOMID_SELF;
        return r;
    }
    void memory_op() {
        for (usize i = 0; i < 8; ++i)
            caller_->list[i] = input_.below(4) == 0 ? input_.take<u64>() : some_frame().raw();
        constexpr std::array changes{XENMEM_increase_reservation, XENMEM_decrease_reservation,
                                     XENMEM_populate_physmap};
        u32 const which = input_.below(4);
        if (which < changes.size()) {
            argue(extents(caller_->list_va));
            return call(__HYPERVISOR_memory_op, {static_cast<u64>(changes[which]), caller_->argument_va});
        }
        xen_memory_exchange_t x{};
        x.in = extents(caller_->list_va);
        x.out = extents(caller_->list_va + 0x100);
        argue(x);
        call(__HYPERVISOR_memory_op, {XENMEM_exchange, caller_->argument_va});
    }

    void vcpu_op() {
        u32 const vcpu = input_.below(vcpus_each + 1);
        switch (input_.below(3)) {
            case 0:
                argue(vcpu_register_vcpu_info_t{
                    .mfn = some_frame().raw(), .offset = input_.below(66) * 64U, .rsvd = 0});
                return call(__HYPERVISOR_vcpu_op, {VCPUOP_register_vcpu_info, vcpu, caller_->argument_va});
            case 1:
                argue(vcpu_set_singleshot_timer_t{.timeout_abs_ns = input_.take<u64>(), .flags = 0});
                return call(__HYPERVISOR_vcpu_op, {VCPUOP_set_singleshot_timer, vcpu, caller_->argument_va});
            default:
                argue(vcpu_set_periodic_timer_t{.period_ns = input_.take<u64>()});
                return call(__HYPERVISOR_vcpu_op, {VCPUOP_set_periodic_timer, vcpu, caller_->argument_va});
        }
    }

    // Any calls, with any small numbers.
    void multicall() {
        std::array<multicall_entry_t, 4> calls{};
        constexpr std::array<u64, 5> numbers{__HYPERVISOR_event_channel_op, __HYPERVISOR_memory_op,
                                             __HYPERVISOR_grant_table_op, __HYPERVISOR_xen_version,
                                             __HYPERVISOR_multicall};
        for (auto& c : calls) {
            c.op = numbers[input_.below(numbers.size())];
            c.args[0] = input_.below(32);
            c.args[1] = caller_->list_va + input_.below(16) * 8;
            c.args[2] = input_.below(3);
        }
        argue(calls);
        call(__HYPERVISOR_multicall, {caller_->argument_va, calls.size()});
    }

    // It goes, in pieces, and another takes its place.
    void end(Player& player) {
        host::reset_cpu();
        player.domain->destroy();
        player.domain.reset();
        audit();
        player.start(next_id_++);
    }
    static void audit() {
        static std::array<char, 8192> text;
        monitor::Report report{text, false};
        monitor::audit_standing_still(report);
        fuzz::require(report.text().starts_with("audit: ok"), report.text().data());
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, std::min<usize>(size, 1024)};
    World world{input};
    while (!input.empty())
        world.step();
    return 0;
}
