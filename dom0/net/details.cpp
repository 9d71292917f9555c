// SPDX-License-Identifier: MIT
#include "dom0/net/details.hpp"

#include "kernel/base/format.hpp"

namespace net {
namespace {

template <class... A>
void add(std::string& to, text::Format<std::type_identity_t<A>...> format, A const&... values) {
    std::array<char, 256> buffer;
    std::array<text::Arg, sizeof...(A)> const args{text::arg_of(values)...};
    to += text::vformat_to(buffer, format.text, args);
}

void add_queues(std::string& to, netback::VifInfo const& vif) {
    if (vif.queues.empty())
        to += "    queue: not connected\n";
    for (auto const& queue : vif.queues)
        add(to, "    queue: tx-ring-ref {}, rx-ring-ref {}, event-channel-tx {}, event-channel-rx {}{}\n",
            queue.tx_ring, queue.rx_ring, queue.tx_event, queue.rx_event, vif.broken ? ", cut off" : "");
}

void add_some(std::string& to, char const* what, u64 frames) {
    if (frames != 0)
        add(to, "    {}: {} packets\n", what, frames);
}

void add_drops(std::string& to, netback::Counters const& counters) {
    to += "    dropped:";
    bool any = false;
    for (usize i = 0; i < netback::drop_reasons; ++i) {
        auto const reason = static_cast<netback::Drop>(i);
        if (counters.dropped(reason) == 0)
            continue;
        add(to, "{} {} {}", any ? "," : "", netback::name_of(reason), counters.dropped(reason));
        any = true;
    }
    to += any ? "\n" : " nothing\n";
}

char const* how(netback::VifInfo const& vif) {
    if (vif.with_card)
        return vif.mode == netback::Mode::guest_copy ? " by the guest" : " by the card";
    if (vif.aggregated)
        return " by copies, as it is TCP";
    return vif.helped_queues != 0 ? " by a helper" : "";
}

void add_row(std::string& to, usize number, NicInfo const& card) {
    nic::MacText text;
    add(to, "{:<3} {:<10} {:<17} {:<4} {}/{}\n", number, card.driver, nic::to_text(card.mac, text),
        card.link_up ? "up" : "down", card.residents, card.own_queues);
}

void add_counters(std::string& to, NicInfo const& card) {
    auto const& c = card.counters;
    add(to, "    rx: {} packets, {} bytes\n", c.rx_packets, c.rx_bytes);
    add(to, "    tx: {} packets, {} bytes\n", c.tx_packets, c.tx_bytes);
    add(to,
        "    rx lost: {} bad, {} without a buffer, {} missed by the card, {} never to be finished, {} in a "
        "reset\n",
        c.rx_bad, c.rx_no_buffer, c.rx_missed, card.flawed, c.rx_lost);
    add(to, "    tx lost: {} found it full, {} in a reset\n", card.overruns, c.tx_lost);
    add(to, "    interrupts: {}, {} missed\n", card.interrupts, card.missed_interrupts);
    add(to, "    resets: {}, {} buffers given up\n", c.resets, c.leaked_buffers);
}

}  // namespace

std::string details_of(netback::VifInfo const& vif) {
    auto const& c = vif.counters;
    std::string text;
    add(text, "    mode: {}{}{}, {} pages declared\n", netback::name_of(vif.mode), how(vif),
        vif.wanted == netback::Mode::automatic ? " (auto)" : "", vif.declared_pages);
    add_queues(text, vif);
    add(text, "    tx: {} packets, {} bytes\n", c.tx_packets, c.tx_bytes);
    add(text, "    rx: {} packets, {} bytes\n", c.rx_packets, c.rx_bytes);
    add_some(text, "lent", c.tx_lent);
    add_some(text, "merged", c.rx_merged);
    add_drops(text, c);
    return text;
}

std::string table_of(std::span<NicInfo const> cards, bool verbose) {
    std::string text;
    add(text, "{:<3} {:<10} {:<17} {:<4} {}\n", "Idx", "Driver", "Mac Addr.", "Link", "Queues");
    for (usize i = 0; i < cards.size(); ++i) {
        add_row(text, i, cards[i]);
        if (verbose)
            add_counters(text, cards[i]);
    }
    return text;
}

}  // namespace net
