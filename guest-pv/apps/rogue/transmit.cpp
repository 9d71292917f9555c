// SPDX-License-Identifier: MIT
// Requests to send that make no sense. Where a packet ends is known, each slot
// is answered; where not, nothing is any more.
#include "guest-pv/apps/rogue/attack.hpp"

namespace rogue {

namespace {

constexpr u16 frame_bytes = 1514;
constexpr u32 most_parts = XEN_NETIF_NR_SLOTS_MIN;

netif_tx_request_t honest(RawVif const& vif, u16 flags = 0) {
    return {.gref = vif.source().raw(), .offset = 0, .flags = flags, .id = 1, .size = 60};
}

// So many more slots are refused, and then it goes on.
bool is_refused(RawVif& vif, u32 slots) {
    u32 const before = vif.seen().refused;
    vif.publish();
    return eventually([&] {
               vif.collect();
               return vif.seen().refused - before == slots;
           }) &&
           vif.serves();
}

bool wild_pages(RawVif& vif) {
    for (u32 const reference : wild_references) {
        auto request = honest(vif);
        request.gref = reference;
        vif.send(request);
    }
    return is_refused(vif, wild_references.size());
}

bool beyond_a_page(RawVif& vif) {
    constexpr std::array<std::pair<u16, u16>, 5> places{
        {{4095, frame_bytes}, {4096, 60}, {0xffff, 60}, {0, 4097}, {0, 0xffff}}};
    for (auto const& [offset, size] : places) {
        auto request = honest(vif);
        request.offset = offset;
        request.size = size;
        vif.send(request);
    }
    return is_refused(vif, places.size());
}

bool too_short(RawVif& vif) {
    for (u16 const size : std::array<u16, 3>{0, 1, 13}) {
        auto request = honest(vif);
        request.size = size;
        vif.send(request);
    }
    return is_refused(vif, 3);
}

bool parts_beyond_the_whole(RawVif& vif) {
    vif.send(honest(vif, NETTXF_more_data));
    auto part = honest(vif);
    part.size = 0xffff;
    vif.send(part);
    return is_refused(vif, 2);
}

void send_chain(RawVif& vif, u32 parts) {
    for (u32 i = 0; i < parts; ++i) {
        auto part = honest(vif, i + 1 < parts ? NETTXF_more_data : 0);
        part.size = i == 0 ? static_cast<u16>(60 * parts) : u16{60};
        vif.send(part);
    }
}

bool too_many_parts(RawVif& vif) {
    send_chain(vif, most_parts + 1);
    return is_refused(vif, most_parts + 1);
}

bool chain_without_end(RawVif& vif) {
    for (u32 i = 0; i < RawVif::buffer_count; ++i)
        vif.send(honest(vif, NETTXF_more_data));
    vif.publish();
    return vif.is_cut_off();
}

// Refused slots, but for the one of the extra information.
bool unknown_extra(RawVif& vif) {
    vif.send(honest(vif, NETTXF_extra_info));
    netif_extra_info_t extra{};
    extra.type = 77;
    vif.send(extra);
    return is_refused(vif, 1);
}

bool nonsense_to_cut(RawVif& vif) {
    vif.send(honest(vif, NETTXF_extra_info | NETTXF_csum_blank | NETTXF_data_validated));
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
    extra.u.gso.size = 1448;
    vif.send(extra);
    return is_refused(vif, 1);
}

bool extras_without_end(RawVif& vif) {
    vif.send(honest(vif, NETTXF_extra_info));
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.flags = XEN_NETIF_EXTRA_FLAG_MORE;
    for (u32 i = 1; i < RawVif::buffer_count; ++i)
        vif.send(extra);
    vif.publish();
    return vif.is_cut_off();
}

bool far_ahead(RawVif& vif) {
    vif.run_ahead(RawVif::tx, RawVif::buffer_count + 1);
    return vif.is_cut_off();
}

bool half_around(RawVif& vif) {
    vif.run_ahead(RawVif::tx, u32{1} << 31);
    return vif.is_cut_off();
}

// Slots that were there before, and are full of requests answered long ago.
bool old_slots_again(RawVif& vif) {
    for (u32 i = 0; i < RawVif::buffer_count; ++i)
        vif.ask_peer();
    bool const sent = eventually([&] {
        vif.collect();
        return vif.seen().sent > RawVif::buffer_count;
    });
    vif.run_ahead(RawVif::tx, RawVif::buffer_count);
    return sent;
}

constexpr std::array attacks{
    Attack{"transmit pages that nobody granted", wild_pages},
    Attack{"transmit from beyond a page", beyond_a_page},
    Attack{"transmit less than a header", too_short},
    Attack{"transmit parts longer than the whole", parts_beyond_the_whole},
    Attack{"transmit more parts than there may be", too_many_parts},
    Attack{"transmit a chain without end", chain_without_end},
    Attack{"transmit unknown extra information", unknown_extra},
    Attack{"transmit nonsense to be cut", nonsense_to_cut},
    Attack{"transmit extra information without end", extras_without_end},
    Attack{"transmit producer beyond the ring", far_ahead},
    Attack{"transmit producer half around", half_around},
    Attack{"transmit old slots again", old_slots_again},
};

}  // namespace

constinit std::span<Attack const> const transmit_attacks{attacks};

}  // namespace rogue
