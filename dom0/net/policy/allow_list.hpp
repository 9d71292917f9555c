// SPDX-License-Identifier: MIT
// Where a guest may send. It is for guests that are expected to be captured one
// day: whoever is inside then cannot use them against the world.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dom0/net/policy/conversations.hpp"
#include "dom0/net/policy/datagram.hpp"
#include "dom0/net/policy/words.hpp"

namespace policy {

// "tcp:80-443@10.0.0.0/8", "udp:53@10.0.2.3", "icmp", "any@fd00::/8"
struct Rule {
    enum class Protocol : u8 { any, tcp, udp, icmp };

    Protocol protocol = Protocol::any;
    std::optional<Range<u16>> ports;  // of the destination
    std::optional<Prefix> to;

    [[nodiscard]] bool allows(Datagram const& datagram) const;
    static std::optional<Rule> parse(std::string_view text);
};

class AllowList {
  public:
    static constexpr usize most_rules = 64;

    // Rules between blanks; `reply` among them allows answers to who has
    // spoken to the guest. Empty: one is no rule, or there are too many.
    static std::optional<AllowList> parse(std::string_view text);

    // ARP and neighbour discovery pass, without which nothing else could.
    // `head` has at least the Ethernet header.
    [[nodiscard]] bool allows(Bytes head) const;

    // A frame for the guest.
    void heard(Bytes head);

  private:
    std::vector<Rule> rules_;
    std::optional<Conversations> conversations_;  // where replies are allowed
};

}  // namespace policy
