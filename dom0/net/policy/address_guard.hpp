// SPDX-License-Identifier: MIT
// A guest speaks for itself alone: with its own Ethernet address and, where
// they are listed, its own Internet addresses, also in the protocols by which
// others learn them.
#pragma once

#include <vector>

#include "dom0/net/frame/fields.hpp"
#include "dom0/net/policy/datagram.hpp"

namespace policy {

enum class Spoof : u8 { none, mac, ip };

class AddressGuard {
  public:
    // No addresses: any will do, and any protocol. A station's own link-local
    // address is always among the listed.
    AddressGuard(nic::Mac mac, std::vector<Address> addresses);

    // `head` has at least the Ethernet header.
    [[nodiscard]] Spoof judge(Bytes head) const {
        if (nic::Mac::at(&head[ether_source]) != mac_)
            return Spoof::mac;
        bool const free = addresses_.empty() && frame::get16(&head[frame::ether_type]) == frame::type_ipv4;
        return free ? Spoof::none : judge_protocol(head);  // most frames of most guests are
    }

  private:
    static constexpr usize ether_source = 6;

    [[nodiscard]] Spoof judge_protocol(Bytes head) const;
    [[nodiscard]] bool is_own(Address address) const;
    [[nodiscard]] Spoof judge_arp(Bytes packet) const;
    [[nodiscard]] bool may_send(Datagram const& datagram) const;
    [[nodiscard]] bool may_announce(Bytes message) const;
    [[nodiscard]] bool options_are_own(Bytes options) const;

    nic::Mac mac_;
    std::vector<Address> addresses_;  // empty: any
};

}  // namespace policy
