// SPDX-License-Identifier: MIT
#include "dom0/net/policy/policy.hpp"

#include "dom0/net/frame/vlan.hpp"

namespace policy {

using bridge::VlanId;
using bridge::Vlans;

std::optional<Refusal> Policy::judge(Bytes head) const {
    if (guard)
        if (auto const spoof = guard->judge(head); spoof != Spoof::none)
            return spoof == Spoof::mac ? Refusal::spoofed_mac : Refusal::spoofed_ip;
    if (auto const tag = frame::tag_of(head); tag && !vlans.network_of(tag))
        return Refusal::foreign_vlan;
    if (allow && !allow->allows(head))
        return Refusal::not_allowed;
    return std::nullopt;
}

std::optional<Vlans> parse_vlans(std::string_view access, std::string_view tagged) {
    auto const own = number<u16>(access);
    if (!own || *own > bridge::last_vlan.raw())
        return std::nullopt;
    if (tagged == "all")
        return Vlans::trunk(VlanId{*own});
    Vlans vlans{VlanId{*own}};
    bool const good = each_word(tagged, [&](std::string_view word) {
        auto const ids = range<u16>(word);
        if (!ids || ids->first == 0 || ids->last > bridge::last_vlan.raw())
            return false;
        for (u16 id = ids->first; id <= ids->last; ++id)
            vlans.add_tagged(VlanId{id});
        return true;
    });
    return good ? std::optional{vlans} : std::nullopt;
}

std::optional<std::vector<Address>> parse_addresses(std::string_view text) {
    std::vector<Address> all;
    bool const good = each_word(text, [&](std::string_view word) {
        auto const address = Address::parse(word);
        if (address)
            all.push_back(*address);
        return address.has_value();
    });
    return good && !all.empty() ? std::optional{std::move(all)} : std::nullopt;
}

}  // namespace policy
