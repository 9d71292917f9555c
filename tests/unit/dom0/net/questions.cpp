// SPDX-License-Identifier: MIT
#include "dom0/net/questions.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace {

std::string answer(std::vector<net::CardQueue> const& cards, std::vector<netback::VifInfo> const& vifs,
                   bool json) {
    std::string memory(8192, '\0');
    monitor::Report out{memory, json};
    net::show_queues(cards, vifs, DomId{0}, out);
    return std::string{out.text()};
}

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

netback::VifInfo web() {
    netback::VifInfo vif;
    vif.guest = DomId{3};
    vif.mac = "00:16:3e:00:00:03";
    vif.levels = {{.rx_requests = 7}};
    vif.counters.rx_packets = 12;
    vif.counters.drop(netback::Drop::guest_slow, 4);
    return vif;
}

}  // namespace

TEST_CASE("a queue of a card is shown with the interface whose it is") {
    net::CardQueue const common{.queues = 2, .tx_waiting = 5};
    net::CardQueue const own{.own = nic::Mac::parse("00:16:3e:00:00:03")};
    auto const text = answer({common, own}, {web()}, true);
    CHECK(contains(text, R"({"card":"nic0","kind":"common","queues":2,"owner":"-","tx_waiting":5,)"));
    CHECK(contains(text, R"({"card":"nic0","kind":"own","queues":1,"owner":"vif3.0",)"));
    CHECK(contains(answer({own}, {}, true), R"("owner":"00:16:3e:00:00:03")"));
}

TEST_CASE("an interface is shown with the rings of each of its queues") {
    auto const text = answer({}, {web()}, true);
    CHECK(contains(text, R"({"vif":"vif3.0","dom":3,"mode":"copy","by":"dom0","rx_packets":12,)"));
    CHECK(contains(text, R"({"vif":"vif3.0","queue":0,"tx_requests":0,"tx_responses":0,"rx_requests":7,)"));
}

TEST_CASE("an interface is shown with who brings frames to the guest") {
    auto vif = web();
    vif.with_card = true;
    CHECK(contains(answer({}, {vif}, true), R"("by":"card")"));
    vif.mode = netback::Mode::guest_copy;
    CHECK(contains(answer({}, {vif}, true), R"("by":"guest")"));
    vif.broken = true;
    CHECK(contains(answer({}, {vif}, true), R"("by":"cut off")"));
    vif.broken = vif.with_card = false;
    vif.helped_queues = 1;
    CHECK(contains(answer({}, {vif}, true), R"("by":"helper")"));
}

TEST_CASE("only places that have dropped something are shown") {
    net::CardQueue own{.own = nic::Mac::parse("00:16:3e:00:00:03")};
    own.counters.rx_missed = 9;
    auto const text = answer({own}, {web()}, true);
    CHECK(contains(text, R"({"where":"nic0/vif3.0","why":"rx-missed","dropped":9})"));
    CHECK(contains(text, R"({"where":"vif3.0","why":"guest-slow","dropped":4})"));
    CHECK_FALSE(contains(text, "rx-bad"));
}
