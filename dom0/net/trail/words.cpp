// SPDX-License-Identifier: MIT
#include "dom0/net/trail/words.hpp"

namespace net::trail {

namespace {

constexpr u64 grant_table_op = 20;

std::string number(u64 n) {
    return std::to_string(n);
}

std::string name(u16 domain, u16 vcpu) {
    return domain == trace::Who{}.domain ? "-" : "d" + number(domain) + "v" + number(vcpu);
}

std::string batch_of(Stamp const& stamp, char const* things) {
    return ", of " + number(stamp.batch.count) + " " + things;
}

std::string port_name(u32 port) {
    if (port == mark::nowhere)
        return "nowhere";
    return port == mark::everywhere ? "all others" : "port " + number(port);
}

std::string ring_of(Stamp const& stamp, char const* direction) {
    return " of " + std::string{direction} + " ring " + number(stamp.batch.queue);
}

std::string_view place_of(Station station) {
    switch (station) {
        case Station::received:
        case Station::sent:
            return "driver";
        case Station::decided:
            return "bridge";
        case Station::rx_pushed:
        case Station::tx_taken:
            return "netback";
        case Station::rx_seen:
        case Station::tx_seen:
            return "netfront";
        case Station::cleaned:
            break;
    }
    return "card";
}

std::string what_of(Stamp const& s) {
    std::string const place = number(s.place), queue = "queue " + number(s.batch.queue);
    switch (s.station) {
        case Station::received:
            return queue + ", descriptor " + place + batch_of(s, "received");
        case Station::decided:
            return "port " + number(s.batch.owner) + " to " + port_name(s.batch.first);
        case Station::rx_pushed:
            return "response " + place + ring_of(s, "rx") + batch_of(s, "answered") +
                   (s.batch.notified ? "" : ", nobody to be told");
        case Station::tx_taken:
            return "request " + place + ring_of(s, "tx") + batch_of(s, "taken and answered");
        case Station::rx_seen:
            return "has by now looked at response " + place + ring_of(s, "rx");
        case Station::tx_seen:
            return "has by now looked at response " + place + ring_of(s, "tx");
        case Station::sent:
            return queue + ", descriptor " + place + batch_of(s, "given");
        case Station::cleaned:
            break;
    }
    return queue + ", descriptor " + place + " is sent";
}

}  // namespace

Words words_of(Stamp const& stamp) {
    return {place_of(stamp.station), what_of(stamp)};
}

std::string name_of(Stamp const& stamp, u16 here) {
    switch (stamp.station) {
        case Station::rx_seen:
        case Station::tx_seen:
            return "d" + number(stamp.batch.owner);
        case Station::cleaned:
            return "-";
        default:
            return name(here, 0);
    }
}

Words words_of(trace::Record const& event) {
    switch (static_cast<trace::Kind>(event.kind)) {
        case trace::Kind::interrupt:
            return {"interrupt", "vector " + number(event.a)};
        case trace::Kind::send:
            return {"event", "to d" + number(event.a >> 32) + " port " + number(event.a & 0xffff'ffff)};
        case trace::Kind::upcall:
            return {"upcall", ""};
        case trace::Kind::run:
            return {"run", ""};
        case trace::Kind::call:
            return {event.a == grant_table_op ? "grants" : "", ""};
        default:
            return {};
    }
}

std::string name_of(trace::Record const& event) {
    return name(event.domain, event.vcpu);
}

}  // namespace net::trail
