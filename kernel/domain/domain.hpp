// SPDX-License-Identifier: MIT
// A domain: the unit of ownership. It composes the data structures of the
// layers below; what happens to it lives in lifecycle.hpp and in
// kernel/hypercall.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <string_view>

#include "kernel/abi/xen.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/domain/devices.hpp"
#include "kernel/domain/vcpu.hpp"
#include "kernel/console/line_buffer.hpp"
#include "kernel/evtchn/channels.hpp"
#include "kernel/grant/maptrack.hpp"
#include "kernel/grant/table.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/e820.hpp"
#include "kernel/mm/page.hpp"

inline constexpr unsigned max_vcpus_per_domain = 32;
inline constexpr DomId dom_invalid{DOMID_INVALID};

// What a domain may do beyond its own affairs.
struct Privileges {
    bool control = false;   // domctl, sysctl, foreign mappings: toolstack
    bool hardware = false;  // ports, PCI, MMIO frames, physical interrupts
    bool console = false;   // raw console, input
};

struct Domain {
    // Empty and without vcpus; domains::create() does the rest.
    explicit Domain(DomId id);
    ~Domain();
    Domain(Domain const&) = delete;
    Domain& operator=(Domain const&) = delete;

    DomId const id;
    Privileges priv;
    PageOwner memory;
    DomainDevices devices;
    // What XENMEM_memory_map answers; empty: RAM from 0 to max_pages.
    Locked<GuestMap, Rank::domain> memory_map;

    ChannelTable channels;  // read without a lock, changed through `events` only
    Locked<EventChannels, Rank::evtchn> events{std::in_place, channels};
    Locked<GrantTable, Rank::grant> grants;     // what it offers
    Locked<Maptrack, Rank::maptrack> maptrack;  // what it has mapped of others

    sched::Share share;  // of the machine, for all its vcpus together

    // Fixed once max_vcpus is set; a vcpu exists from then to the domain's end.
    std::array<Vcpu*, max_vcpus_per_domain> vcpus{};
    u32 vcpu_limit = 0;
    // What VCPUOP_initialise gives to one of them, right now: whoever took it reads and
    // writes it. It is larger than a stack should carry.
    struct VcpuSetUp {
        std::atomic<bool> taken{false};
        vcpu_guest_context_t context{};
    } vcpu_set_up;

    Mfn shared_info_mfn = mfn_none;
    [[nodiscard]] shared_info_t* shared_info() const {
        return machine::frame_as<shared_info_t>(shared_info_mfn);
    }

    // What people call it: "domain-N" until the toolstack says better. Written
    // under the domctl lock; a reader may see a mix but always an end.
    std::array<char, 64> name{};
    void set_name(std::string_view text);
    std::array<u8, 16> handle{};  // uuid
    u32 ssid = 0;

    // Life: running -> shutting down (guest ended, memory stays) -> dying
    // (being torn down, preemptible) -> dead (waits for its last reference).
    enum class Life : u8 { running, shutdown, dying, dead };
    std::atomic<Life> life{Life::running};
    static constexpr u32 not_shut_down = ~u32{0};
    std::atomic<u32> shutdown_code{not_shut_down};  // SHUTDOWN_*: the first one counts
    std::atomic<u32> pause_count{0};                // by the toolstack, and 1 at creation
    std::atomic<bool> frozen{false};                // one of these pauses is the monitor's
    u8 relinquish_stage = 0;                        // progress of teardown
    // Who refers to it, and whether it waits for the last of them.
    static constexpr u32 buried = u32{1} << 31;
    std::atomic<u32> refs{1};
    [[nodiscard]] u32 ref_count() const { return refs.load(std::memory_order_relaxed) & ~buried; }
    // Bit n: vcpu n is inside SCHEDOP_poll, so raising events must look at it.
    std::atomic<u32> polling{0};

    // Text by console_io that is not a whole line yet.
    Locked<console::LineBuffer, Rank::console_text> text;

    Nanos created_at = 0;
    u32 vm_assist = 0;

    // By a number that anybody chose; and by one that is known to have been in range.
    [[nodiscard]] Vcpu* vcpu(u32 n) const {
        return n < vcpu_limit ? vcpus[nospec::index(n, vcpu_limit)] : nullptr;
    }
    [[nodiscard]] Vcpu* known_vcpu(u32 n) const { return n < vcpu_limit ? vcpus[n] : nullptr; }
    [[nodiscard]] bool uses_devices() const { return priv.hardware || !devices.empty(); }
    [[nodiscard]] bool dying() const { return life.load() >= Life::dying; }
    // Whether its vcpus may be given a CPU at all.
    [[nodiscard]] bool may_run() const { return life.load() == Life::running && pause_count.load() == 0; }
    [[nodiscard]] std::span<Vcpu* const> all_vcpus() const { return std::span{vcpus}.first(vcpu_limit); }
    [[nodiscard]] std::string_view name_view() const { return name.data(); }
};

namespace domains {
// A dead domain may have lost the last reference but that of the list. Any
// context; nothing is freed before the caller is through.
void reap_soon();
}  // namespace domains

// A held reference to a domain structure (LC-1): the structure stays, whatever
// becomes of the domain.
class DomainRef {
    Domain* d_ = nullptr;

    // Behind the decrement the domain may be gone.
    static void drop(Domain& d) {
        if (d.refs.fetch_sub(1) == (Domain::buried | 2)) [[unlikely]]
            domains::reap_soon();
    }

  public:
    DomainRef() = default;
    explicit DomainRef(Domain& d) : d_{&d} { d.refs.fetch_add(1); }
    DomainRef(DomainRef&& o) noexcept : d_{std::exchange(o.d_, nullptr)} {}
    DomainRef& operator=(DomainRef&& o) noexcept {
        std::swap(d_, o.d_);
        return *this;
    }
    ~DomainRef() {
        if (d_)
            drop(*d_);
    }
    // Of a domain that may be about to go: empty when it is too late.
    static DomainRef try_take(Domain& d) {
        u32 refs = d.refs.load();
        while (refs != 0)
            if (d.refs.compare_exchange_weak(refs, refs + 1))
                return adopt(d);
        return {};
    }
    // Ends a buried domain's time of being referred to, if one reference is left.
    static bool end(Domain& d) {
        u32 last = Domain::buried | 1;
        return d.refs.compare_exchange_strong(last, 0);
    }
    // Takes over a reference that someone else counted; release() is the inverse.
    static DomainRef adopt(Domain& d) {
        DomainRef r;
        r.d_ = &d;
        return r;
    }
    Domain* release() { return std::exchange(d_, nullptr); }

    Domain* operator->() const { return d_; }
    Domain& operator*() const { return *d_; }
    explicit operator bool() const { return d_ != nullptr; }
};
