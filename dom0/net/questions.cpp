// SPDX-License-Identifier: MIT
#include "dom0/net/questions.hpp"

#include <algorithm>
#include <string>

namespace net {
namespace {

using monitor::Column;
using netback::VifInfo;

std::string name_of(VifInfo const& vif) {
    return "vif" + std::to_string(vif.guest.raw()) + "." + std::to_string(vif.handle);
}

std::string owner_of(CardQueue const& queue, std::span<VifInfo const> vifs) {
    if (!queue.own)
        return "-";
    nic::MacText text;
    auto const mac = nic::to_text(*queue.own, text);
    auto const vif = std::ranges::find(vifs, mac, &VifInfo::mac);
    return vif == vifs.end() ? std::string{mac} : name_of(*vif);
}

std::string card_of(CardQueue const& queue) {
    return "nic" + std::to_string(queue.card);
}

void show_card_queues(std::span<CardQueue const> queues, std::span<VifInfo const> vifs,
                      monitor::Report& out) {
    static constexpr std::array columns{
        Column{"CARD", 5, true},  Column{"KIND", 6, true},  Column{"QUEUES", 6},   Column{"OWNER", 8, true},
        Column{"TX_WAITING", 10}, Column{"TX_ROOM", 7},     Column{"RX_ROOM", 7},  Column{"RX_PACKETS", 10},
        Column{"RX_BYTES", 12},   Column{"TX_PACKETS", 10}, Column{"TX_BYTES", 12}};
    out.table(columns);
    for (CardQueue const& q : queues)
        out.row({card_of(q), q.own ? "own" : "common", q.queues, owner_of(q, vifs), q.tx_waiting, q.tx_room,
                 q.rx_room, q.counters.rx_packets, q.counters.rx_bytes, q.counters.tx_packets,
                 q.counters.tx_bytes});
}

// Who brings frames into the guest's memory.
std::string bringer(VifInfo const& vif, DomId here) {
    if (vif.broken)
        return "cut off";
    if (vif.with_card)
        return vif.mode == netback::Mode::guest_copy ? "guest" : "card";
    return vif.helped_queues != 0 ? "helper" : "dom" + std::to_string(here.raw());
}

void show_interfaces(std::span<VifInfo const> vifs, DomId here, monitor::Report& out) {
    static constexpr std::array columns{
        Column{"VIF", 8, true}, Column{"DOM", 4},         Column{"MODE", 10, true},
        Column{"BY", 8, true},  Column{"RX_PACKETS", 10}, Column{"RX_BYTES", 12},
        Column{"RX_MERGED", 9}, Column{"TX_PACKETS", 10}, Column{"TX_BYTES", 12}};
    out.table(columns);
    for (VifInfo const& vif : vifs) {
        auto const& c = vif.counters;
        out.row({name_of(vif), vif.guest.raw(), netback::name_of(vif.mode), bringer(vif, here), c.rx_packets,
                 c.rx_bytes, c.rx_merged, c.tx_packets, c.tx_bytes});
    }
}

void show_rings(std::span<VifInfo const> vifs, monitor::Report& out) {
    static constexpr std::array columns{Column{"VIF", 8, true},    Column{"QUEUE", 5},
                                        Column{"TX_REQUESTS", 11}, Column{"TX_RESPONSES", 12},
                                        Column{"RX_REQUESTS", 11}, Column{"RX_WAITING", 10},
                                        Column{"WITH_CARD", 9},    Column{"MAPPED", 6}};
    out.table(columns);
    for (VifInfo const& vif : vifs)
        for (u32 i = 0; i < vif.levels.size(); ++i) {
            auto const& level = vif.levels[i];
            out.row({name_of(vif), i, level.tx_requests, level.tx_responses, level.rx_requests,
                     level.rx_waiting, level.with_card, level.mapped});
        }
}

// One line for each place where frames were dropped.
class Drops {
  public:
    explicit Drops(monitor::Report& out) : out_{out} {
        static constexpr std::array columns{Column{"WHERE", 14, true}, Column{"WHY", 18, true},
                                            Column{"DROPPED", 10}};
        out_.table(columns);
    }
    void add(std::string_view where, std::string_view why, u64 count) {
        if (count != 0)
            out_.row({where, why, count});
    }

  private:
    monitor::Report& out_;
};

void show_drops(std::span<CardQueue const> queues, std::span<VifInfo const> vifs, monitor::Report& out) {
    Drops drops{out};
    for (CardQueue const& q : queues) {
        std::string const where = q.own ? card_of(q) + "/" + owner_of(q, vifs) : card_of(q);
        drops.add(where, "rx-bad", q.counters.rx_bad);
        drops.add(where, "rx-no-buffer", q.counters.rx_no_buffer);
        drops.add(where, "rx-missed", q.counters.rx_missed);
        drops.add(where, "rx-unfinished", q.flawed);
        drops.add(where, "rx-lost-in-reset", q.counters.rx_lost);
        drops.add(where, "tx-full", q.overruns);
        drops.add(where, "tx-lost-in-reset", q.counters.tx_lost);
    }
    for (VifInfo const& vif : vifs)
        for (usize i = 0; i < netback::drop_reasons; ++i) {
            auto const reason = static_cast<netback::Drop>(i);
            drops.add(name_of(vif), netback::name_of(reason), vif.counters.dropped(reason));
        }
}

}  // namespace

void show_queues(std::span<CardQueue const> cards, std::span<VifInfo const> vifs, DomId here,
                 monitor::Report& out) {
    show_card_queues(cards, vifs, out);
    show_interfaces(vifs, here, out);
    show_rings(vifs, out);
    show_drops(cards, vifs, out);
}

}  // namespace net
