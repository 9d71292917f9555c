// SPDX-License-Identifier: MIT
#include "kernel/trace/room.hpp"

#include <algorithm>

#include "kernel/machine/cpu.hpp"
#include "kernel/sync/lock.hpp"
#include "kernel/trace/trace.hpp"

namespace trace {
namespace {

constinit u32 pages_of_each = 128;

// Whose memory is taken, or given back since there is not enough.
struct Taking {
    u32 cpu = 0;
    bool in_vain = false;
};
constinit Locked<Taking, Rank::monitor> taking;
// Changed under that lock, and not once all is there: then anybody reads.
constinit std::array<Recorder*, machine::max_cpus> recorders{};
constinit std::atomic<bool> complete{false};

Result<Recorder*> make_recorder() {
    return mm::heap_new<Recorder>(TRY(mm::HeapArray<Ring::Page*>::make(pages_of_each)));
}

// False: there is more to take.
Result<bool> take_one(Taking& t) {
    if (t.cpu == machine::online_cpus())
        return true;
    Recorder*& r = recorders[t.cpu];
    if (!r)
        r = TRY(make_recorder());
    r->pages[r->taken] = TRY(mm::heap_new<Ring::Page>());
    if (++r->taken == r->pages.size())
        ++t.cpu;
    return false;
}

// False: there is more to give back.
bool give_back_one(Taking& t) {
    Recorder*& r = recorders[t.cpu];
    if (r && r->taken != 0) {
        mm::heap_delete(r->pages[--r->taken]);
        return false;
    }
    mm::heap_delete(std::exchange(r, nullptr));
    if (t.cpu == 0)
        return true;
    --t.cpu;
    return false;
}

}  // namespace

void set_room(u32 pages) {
    pages_of_each = std::clamp(pages, 1u, most_pages);
}

Result<bool> make_room() {
    if (complete.load(std::memory_order_acquire))
        return true;
    auto t = taking.lock();
    if (t->in_vain) {
        t->in_vain = !give_back_one(*t);
        return t->in_vain ? Result<bool>{false} : Fail{Errno::nomem};
    }
    auto const all = take_one(*t);
    t->in_vain = !all;
    if (all && *all)
        complete.store(true, std::memory_order_release);
    return all && *all;
}

Recorder* recorder_of(CpuId cpu) {
    bool const there = cpu.raw() < machine::max_cpus && complete.load(std::memory_order_acquire);
    return there ? recorders[cpu.raw()] : nullptr;
}

}  // namespace trace
