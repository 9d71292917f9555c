// SPDX-License-Identifier: MIT
// Two interfaces of about the same load would change places for ever; who wants
// another's queue has to be twice as busy, and worth a queue at all.
#include "dom0/net/switch/queue_shares.hpp"

#include <algorithm>

namespace net {

namespace {

constexpr u64 least_load = 1000;  // packets, of late
constexpr u64 times_busier = 2;

}  // namespace

void QueueShares::follow(std::vector<Candidate> const& candidates) {
    std::vector<Known> now;
    now.reserve(candidates.size());
    for (Candidate const& candidate : candidates) {
        auto const before = std::ranges::find(known_, candidate.id, &Known::id);
        // A counter that went back is another interface's of the same number.
        bool const same = before != known_.end() && candidate.packets >= before->packets;
        u64 const load = same ? before->load / 2 + candidate.packets - before->packets : 0;
        now.push_back({candidate.id, candidate.packets, load});
    }
    known_ = std::move(now);
    fresh_ = true;
}

u64 QueueShares::load_of(Id id) const {
    auto const known = std::ranges::find(known_, id, &Known::id);
    return known == known_.end() ? 0 : known->load;
}

std::optional<QueueShares::Move> QueueShares::next(std::vector<Candidate> const& candidates, u32 queues) {
    Candidate const* named = nullptr;    // without
    Candidate const* busiest = nullptr;  // of all others, without
    Candidate const* idlest = nullptr;   // of all others, with
    u32 used = 0;
    for (Candidate const& candidate : candidates) {
        u64 const load = load_of(candidate.id);
        used += candidate.has_queue ? 1 : 0;
        if (candidate.by_name)
            named = candidate.has_queue ? named : &candidate;
        else if (candidate.has_queue)
            idlest = idlest == nullptr || load < load_of(idlest->id) ? &candidate : idlest;
        else
            busiest = busiest == nullptr || load > load_of(busiest->id) ? &candidate : busiest;
    }
    bool const one_is_free = used < queues;
    auto const giver = one_is_free || idlest == nullptr ? std::nullopt : std::optional{idlest->id};
    bool const to_be_had = one_is_free || giver;
    if (named != nullptr && to_be_had)
        return Move{giver, named->id};
    if (!fresh_ || busiest == nullptr || !to_be_had)
        return std::nullopt;
    u64 const enough = giver ? std::max(least_load, times_busier * load_of(*giver)) : least_load;
    if (load_of(busiest->id) < enough)
        return std::nullopt;
    fresh_ = false;
    return Move{giver, busiest->id};
}

}  // namespace net
