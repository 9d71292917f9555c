// SPDX-License-Identifier: MIT
// Verbs about the machine's network cards, which xl does not have: under Xen
// they are the driver domain's own business.
#include <array>
#include <charconv>

#include "dom0/control/commands/command.hpp"
#include "dom0/net/service.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::Outcome;

unsigned long long wide(u64 value) {
    return value;
}

void print_row(usize number, net::NicInfo const& card) {
    nic::MacText text;
    print("%-3zu %-10s %-17s %-4s %u/%u\n", number, std::string{card.driver}.c_str(),
          std::string{nic::to_text(card.mac, text)}.c_str(), card.link_up ? "up" : "down", card.residents,
          card.own_queues);
}

void print_details(net::NicInfo const& card) {
    auto const& c = card.counters;
    print("    rx: %llu packets, %llu bytes\n", wide(c.rx_packets), wide(c.rx_bytes));
    print("    tx: %llu packets, %llu bytes\n", wide(c.tx_packets), wide(c.tx_bytes));
    print(
        "    rx lost: %llu bad, %llu without a buffer, %llu missed by the card, %llu never to be finished, "
        "%llu in a reset\n",
        wide(c.rx_bad), wide(c.rx_no_buffer), wide(c.rx_missed), wide(card.flawed), wide(c.rx_lost));
    print("    tx lost: %llu found it full, %llu in a reset\n", wide(card.overruns), wide(c.tx_lost));
    print("    resets: %llu, %llu buffers given up\n", wide(c.resets), wide(c.leaked_buffers));
}

Outcome<net::Service*> network_of(Toolstack& tools) {
    if (tools.network() == nullptr)
        return Failure{"the network is not running"};
    return tools.network();
}

Outcome<> nic_list(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "v"));
    auto const cards = net::cards(*GET(network_of(tools)));
    print("%-3s %-10s %-17s %-4s %s\n", "Idx", "Driver", "Mac Addr.", "Link", "Queues");
    for (usize i = 0; i < cards.size(); ++i) {
        print_row(i, cards[i]);
        if (options.has('v'))
            print_details(cards[i]);
    }
    return {};
}

Outcome<> nic_reset(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 1)
        return Failure{"name one card by its number"};
    auto const& word = options.operands.front();
    usize number = 0;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    bool const good = error == std::errc{} && end == word.data() + word.size();
    if (!good || !net::reset_card(*GET(network_of(tools)), number))
        return Failure{"there is no card '" + word + "'"};
    return {};
}

constexpr std::array commands{
    Command{"nic-list", "[-v]", "network cards of the machine; -v with what they carried", nic_list},
    Command{"nic-reset", "NUMBER", "reset one, within a second", nic_reset},
};

}  // namespace

std::span<Command const> xl_nic_commands() {
    return commands;
}

}  // namespace control
