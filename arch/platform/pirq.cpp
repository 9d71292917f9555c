// SPDX-License-Identifier: MIT
// The table of physical interrupts. The first numbers are the IO-APIC's inputs,
// so that for those pirq and GSI agree, as PV Linux expects; messages get the
// numbers above.
#include "arch/platform/pirq.hpp"

#include "arch/cpu/percpu.hpp"
#include "arch/platform/io_apic.hpp"
#include "arch/platform/msi.hpp"
#include "arch/platform/storm.hpp"
#include "arch/platform/vectors.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

constexpr u32 first_message_pirq = 64;

struct Line {
    enum class Kind : u8 { none, wire, message, own } kind = Kind::none;
    u8 vector = 0;
    bool enabled = false;
    bool level = false;
    DomId owner{};  // of a wire or message
    Message message{};
};

// What a handler must know without the lock: inputs to be masked until handled.
constinit std::array<std::atomic<bool>, first_message_pirq> level_wire{};
constinit VectorTable vectors;
constinit Locked<std::array<Line, machine::max_pirqs>, Rank::irq_line> lines;
constinit FixedVector<acpi::Override, 24> overrides;

// Only touched by the CPU that the line's interrupts go to.
constinit std::array<StormGuard, machine::max_pirqs> storms{};
constinit std::array<Timer, machine::max_pirqs> rests{};

using machine::Pirq;

u32 target() {
    return this_cpu_local().apic_id;
}

// How input `gsi` is wired: ISA interrupts by default edge, active high; PCI's
// level, active low (ACPI 5.2.12.5 tells the exceptions).
io_apic::Route route_of(u32 gsi, u8 vector) {
    constexpr u32 isa_inputs = 16;
    for (acpi::Override const& o : overrides)
        if (o.gsi == gsi)
            return {vector, target(), o.active_low, o.level};
    bool const pci = gsi >= isa_inputs;
    return {vector, target(), pci, pci};
}

void set_line_mask(Line const& line, u32 pirq, bool masked) {
    if (line.kind == Line::Kind::message)
        set_message_mask(line.message, masked);
    else if (masked)
        io_apic::mask(pirq);
    else
        io_apic::unmask(pirq);
}

// The end of a forced rest. A message that came meanwhile may be lost where
// there is no mask bit to keep it pending, so the domain is told to look.
void resume(Timer& t, void*) {
    u32 const pirq = static_cast<u32>(&t - rests.data());
    {
        auto all = lines.lock();
        if (!(*all)[pirq].enabled)
            return;
        set_line_mask((*all)[pirq], pirq, false);
    }
    evtchn::raise_pirq(pirq);
}

void rest(u32 pirq) {
    {
        auto all = lines.lock();
        set_line_mask((*all)[pirq], pirq, true);
    }
    rests[pirq].fn = resume;
    timers::arm(rests[pirq], storms[pirq].rest_until());
}

Result<Pirq> free_message_pirq(std::span<Line const> all) {
    for (u32 n = first_message_pirq; n < all.size(); ++n)
        if (all[n].kind == Line::Kind::none)
            return Pirq{n};
    return Fail{Errno::nospc};
}

// The line of some domain; null: there is none.
Line* find(std::span<Line> all, Pirq p) {
    using Kind = Line::Kind;
    if (p.raw() >= all.size())
        return nullptr;
    Line& line = all[nospec::index(p.raw(), all.size())];
    return line.kind == Kind::wire || line.kind == Kind::message ? &line : nullptr;
}

Line* find_of(std::span<Line> all, Pirq p, DomId owner) {
    Line* const line = find(all, p);
    return line != nullptr && line->owner == owner ? line : nullptr;
}

void unmap(Line& line, u32 pirq) {
    set_line_mask(line, pirq, true);
    if (line.kind == Line::Kind::message)
        retire_message(line.message);
    vectors.release(line.vector);
    line = {};
}

Result<> map_wire(Line& line, Pirq pirq, DomId owner) {
    u32 const gsi = pirq.raw();
    u8 const vector = TRY(vectors.claim(pirq));
    io_apic::Route const route = route_of(gsi, vector);
    if (auto const routed = io_apic::route(gsi, route); !routed) {
        vectors.release(vector);
        return routed;
    }
    line = {.kind = Line::Kind::wire, .vector = vector, .level = route.level, .owner = owner};
    level_wire[gsi].store(route.level, std::memory_order_relaxed);
    return {};
}

}  // namespace

void init_pirqs(std::span<acpi::Override const> wiring) {
    for (acpi::Override const& o : wiring)
        if (!overrides.push(o))
            break;
}

u32 gsi_of_isa(u8 irq) {
    for (acpi::Override const& o : overrides)
        if (o.isa_irq == irq)
            return o.gsi;
    return irq;
}

Result<> claim_input(u32 gsi) {
    if (gsi >= first_message_pirq || !io_apic::exists(gsi))
        return Fail{Errno::inval};
    auto all = lines.lock();
    if ((*all)[gsi].kind != Line::Kind::none)
        return Fail{Errno::busy};
    (*all)[gsi].kind = Line::Kind::own;
    return {};
}

void release_input(u32 gsi) {
    io_apic::mask(gsi);
    (*lines.lock())[gsi] = {};
}

Result<> route_to_hypervisor(u32 gsi, u8 vector) {
    TRY_VOID(claim_input(gsi));
    TRY_VOID(io_apic::route(gsi, route_of(gsi, vector)));
    io_apic::unmask(gsi);
    return {};
}

bool take_device_interrupt(u8 vector, Pirq& pirq) {
    if (!vectors.lookup(vector, pirq))
        return false;
    u32 const n = pirq.raw();
    if (n < first_message_pirq && level_wire[n].load(std::memory_order_relaxed))
        io_apic::mask(n);  // until eoi_pirq
    else if (storms[n].record(machine::now()))
        rest(n);
    return true;
}

}  // namespace arch

namespace machine {

using namespace arch;

Result<Pirq> map_msi(MsiRequest const& r, DomId owner) {
    auto all = lines.lock();
    Pirq const pirq = TRY(free_message_pirq(*all));
    u8 const vector = TRY(vectors.claim(pirq));
    auto const message = program_message(r, vector, target());
    if (!message) {
        vectors.release(vector);
        return Fail{message.error()};
    }
    (*all)[pirq.raw()] = {.kind = Line::Kind::message, .vector = vector, .owner = owner, .message = *message};
    return pirq;
}

Result<Pirq> map_gsi(u32 gsi, DomId owner) {
    if (gsi >= first_message_pirq || !io_apic::exists(gsi))
        return Fail{Errno::inval};
    auto all = lines.lock();
    Line& line = (*all)[gsi];
    if (line.kind == Line::Kind::own)
        return Fail{Errno::inval};
    if (line.kind == Line::Kind::none)
        TRY_VOID(map_wire(line, Pirq{gsi}, owner));
    else if (line.owner != owner)
        return Fail{Errno::busy};
    return Pirq{gsi};
}

Result<> unmap_pirq(Pirq p, DomId owner) {
    auto all = lines.lock();
    Line* const line = find_of(*all, p, owner);
    if (line == nullptr)
        return Fail{Errno::inval};
    unmap(*line, p.raw());
    return {};
}

void unmap_pirqs_of(DomId owner) {
    auto all = lines.lock();
    for (u32 n = 0; n < all->size(); ++n)
        if (Line* const line = find_of(*all, Pirq{n}, owner))
            unmap(*line, n);
}

bool is_pirq_of(Pirq p, DomId owner) {
    auto all = lines.lock();
    return find_of(*all, p, owner) != nullptr;
}

Result<> enable_pirq(Pirq p, bool level_ok) {
    auto all = lines.lock();
    Line* const line = find(*all, p);
    if (line == nullptr || (line->level && !level_ok))
        return Fail{Errno::inval};
    line->enabled = true;
    set_line_mask(*line, p.raw(), false);
    return {};
}

void disable_pirq(Pirq p) {
    auto all = lines.lock();
    Line* const line = find(*all, p);
    if (line == nullptr)
        return;
    line->enabled = false;
    set_line_mask(*line, p.raw(), true);
}

void eoi_pirq(Pirq p) {
    auto all = lines.lock();
    Line const* const line = find(*all, p);
    if (line != nullptr && line->level && line->enabled)
        io_apic::unmask(p.raw());
}

IrqLine line_of(Pirq p) {
    auto all = lines.lock();
    Line const* const line = find(*all, p);
    if (line == nullptr)
        return {};
    return {.mapped = true,
            .message = line->kind == Line::Kind::message,
            .level = line->level,
            .open = line->enabled,
            .vector = line->vector};
}

bool pirq_needs_eoi(Pirq p) {
    auto all = lines.lock();
    Line const* const line = find(*all, p);
    return line != nullptr && line->level;
}

}  // namespace machine
