// SPDX-License-Identifier: MIT
#include "dom0/toolstack/vif_spec.hpp"

#include <algorithm>

#include "dom0/net/policy/policy.hpp"
#include "dom0/toolstack/text.hpp"

namespace toolstack {
namespace {

constexpr std::array<std::string_view, 12> acted_on{
    "mac", "bridge", "rate", "queues", "mtu", "mode", "backend", "ip", "vlan", "antispoof", "trunk", "allow"};
constexpr std::array<std::string_view, 7> ignored{"type",       "model", "script", "vifname",
                                                  "gatewaydev", "devid", "trusted"};
// Least by IPv4 (RFC 791, 3.2), most by the largest frame that netfront sends.
constexpr u32 least_mtu = 68;
constexpr u32 most_mtu = 65'517;

Outcome<Mac> parse_mac(std::string_view text) {
    Mac mac{};
    auto const parts = split(text, ':');
    for (usize i = 0; i < parts.size() && parts.size() == mac.size(); ++i) {
        auto const byte = parts[i].size() == 2 ? to_number<u8>(parts[i], 16) : std::nullopt;
        if (!byte)
            break;
        mac[i] = *byte;
        if (i + 1 == mac.size() && (mac[0] & 1) == 0)
            return mac;
    }
    return Failure{"'" + std::string{text} + "' is no MAC address of an interface"};
}

std::optional<u64> unit_factor(std::string_view unit) {
    struct Unit {
        std::string_view name;
        u64 bytes_times_8;
    };
    constexpr std::array units{
        Unit{"b/s", 1}, Unit{"Kb/s", 1'000}, Unit{"Mb/s", 1'000'000}, Unit{"Gb/s", 1'000'000'000},
        Unit{"B/s", 8}, Unit{"KB/s", 8'000}, Unit{"MB/s", 8'000'000}, Unit{"GB/s", 8'000'000'000}};
    auto const found = std::ranges::find(units, unit, &Unit::name);
    return found == units.end() ? std::nullopt : std::optional{found->bytes_times_8};
}

std::optional<u64> interval_in(std::string_view text) {
    for (auto const& [suffix, factor] :
         {std::pair{std::string_view{"us"}, u64{1}}, {"ms", u64{1'000}}, {"s", u64{1'000'000}}}) {
        if (!text.ends_with(suffix))
            continue;
        auto const number = to_number<u32>(text.substr(0, text.size() - suffix.size()));
        return number ? std::optional{*number * factor} : std::nullopt;
    }
    return std::nullopt;
}

// "10Mb/s" or "10Mb/s@50ms"
Outcome<> parse_rate(std::string_view text, VifSpec& vif) {
    auto const at = text.find('@');
    auto const rate = text.substr(0, at);
    auto const unit = rate.find_first_not_of("0123456789");
    auto const number = to_number<u32>(rate.substr(0, unit));
    auto const factor = unit == std::string_view::npos ? std::nullopt : unit_factor(rate.substr(unit));
    auto const interval =
        at == std::string_view::npos ? std::optional{vif.rate_interval_us} : interval_in(text.substr(at + 1));
    if (!number || !factor || !interval || *number == 0)
        return Failure{"'" + std::string{text} + "' is no rate such as 10Mb/s or 10Mb/s@50ms"};
    vif.rate_bytes_per_second = *number * *factor / 8;
    vif.rate_interval_us = *interval;
    return {};
}

// Whether `text` can be understood; the backend reads it again.
Outcome<std::string> checked(bool good, std::string_view text, std::string_view wanted) {
    if (!good)
        return Failure{"'" + std::string{text} + "' is no " + std::string{wanted}};
    return std::string{text};
}

// What the interface may send. False: the key is about something else.
Outcome<bool> apply_policy(std::string_view key, std::string_view value, VifSpec& vif) {
    if (key == "ip") {
        vif.ip = GET(checked(policy::parse_addresses(value).has_value(), value,
                             "list of addresses such as '10.0.2.15 fd00::15'"));
    } else if (key == "vlan") {
        vif.vlan = GET(
            checked(policy::parse_vlans(value, "").has_value(), value, "network: they count from 0 to 4094"));
    } else if (key == "trunk") {
        vif.trunk = GET(checked(policy::parse_vlans("0", value).has_value(), value,
                                "list of networks such as '10 20-29' or 'all'"));
    } else if (key == "allow") {
        vif.allow = GET(checked(policy::AllowList::parse(value).has_value(), value,
                                "list such as 'reply udp:53@10.0.2.3 tcp:80-443 icmp any@10.0.0.0/8'"));
    } else if (key == "antispoof") {
        if (value != "yes" && value != "no")
            return Failure{"antispoof is yes or no"};
        vif.antispoof = value == "yes";
    } else {
        return false;
    }
    return true;
}

Outcome<> apply(std::string_view key, std::string_view value, VifSpec& vif) {
    if (key == "mac") {
        vif.mac = GET(parse_mac(value));
    } else if (key == "bridge") {
        vif.bridge = value;
    } else if (key == "rate") {
        DO(parse_rate(value, vif));
    } else if (key == "queues") {
        auto const queues = to_number<u32>(value);
        if (!queues || *queues == 0 || *queues > most_queues)
            return Failure{"queues is a number from 1 to 8"};
        vif.queues = *queues;
    } else if (key == "mtu") {
        vif.mtu = to_number<u32>(value);
        if (!vif.mtu || *vif.mtu < least_mtu || *vif.mtu > most_mtu)
            return Failure{"mtu is a number from 68 to 65517"};
    } else if (key == "mode") {
        vif.mode = netback::parse_mode(value);
        if (!vif.mode)
            return Failure{"mode is one of " + netback::mode_names()};
    } else if (key == "backend") {
        vif.backend = value;
    } else if (GET(apply_policy(key, value, vif))) {
        return {};
    } else if (std::ranges::find(ignored, key) != ignored.end()) {
        vif.without_effect.emplace_back(key);
    } else {
        std::string text = "unknown key '" + std::string{key} + "'";
        if (auto const meant = nearest(key, acted_on); !meant.empty())
            text.append(", did you mean '").append(meant).append("'?");
        return Failure{text};
    }
    return {};
}

}  // namespace

std::string to_string(Mac const& mac) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (u8 const byte : mac) {
        if (!text.empty())
            text += ':';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Mac stable_mac(std::string_view guest, unsigned index) {
    u32 hash = 2166136261u;  // FNV-1a
    auto const mix = [&](u8 byte) { hash = (hash ^ byte) * 16777619u; };
    for (char const c : guest)
        mix(static_cast<u8>(c));
    mix(static_cast<u8>(index));
    return {0x00,
            0x16,
            0x3e,
            static_cast<u8>((hash >> 16) & 0x7f),
            static_cast<u8>(hash >> 8),
            static_cast<u8>(hash)};
}

void identify(VifSpec& vif, std::string_view guest, u32 handle) {
    vif.handle = handle;
    if (!vif.mac)
        vif.mac = stable_mac(guest, handle);
}

Outcome<VifSpec> parse_vif(std::string_view text) {
    VifSpec vif;
    for (auto const part : split(text, ',')) {
        auto const field = trimmed(part);
        if (field.empty())
            continue;
        auto const equals = field.find('=');
        if (equals == std::string_view::npos)
            return Failure{"'" + std::string{field} + "' is not of the form key=value"};
        DO(apply(trimmed(field.substr(0, equals)), trimmed(field.substr(equals + 1)), vif));
    }
    if (!vif.antispoof && !vif.ip.empty())
        return Failure{"ip= says which addresses may send, antispoof=no that any may"};
    return vif;
}

}  // namespace toolstack
