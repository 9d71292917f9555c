// SPDX-License-Identifier: MIT
// The monitor's `prof`: samples by owner and by function.
#include "kernel/profile/profile.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"
#include "tests/host/sampling.hpp"

namespace {

std::string ask(std::string_view command) {
    host::power_on();
    auto const answer = host::ask_monitor(command);
    return std::string{answer.text()};
}

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

void take(unsigned times, profile::Place const& place) {
    for (unsigned i = 0; i < times; ++i)
        profile::sample(place);
}

}  // namespace

TEST_CASE("samples are charged to functions of the hypervisor and to domains, the most first") {
    CHECK(contains(ask("prof"), "error: there are no samples: 'prof on' begins"));
    CHECK(contains(ask("prof on"), "sampling is on"));
    CHECK(host::sampling_hz != 0);
    take(20, {profile::hypervisor, 0x5008});
    take(15, {profile::hypervisor, 0x5f00});  // the same function
    take(40, {3, 0x401000});
    take(25, {profile::idle, 0});
    std::string const text = ask("prof");
    CHECK(contains(text,
                   "d3              40   40.0%           0x401000 -\n"
                   "granite         35   35.0%             0x5000 function_5\n"
                   "idle            25   25.0%"));
    CHECK(contains(text,
                   "WHO        SAMPLES   SHARE\n"
                   "d3              40   40.0%\n"
                   "granite         35   35.0%\n"
                   "idle            25   25.0%\n"));
    CHECK(contains(ask("prof 1 -j"),
                   "{\"who\":\"d3\",\"samples\":40,\"share\":\"40.0%\",\"address\":\"0x401000\""));
    CHECK_FALSE(contains(ask("prof 1 -j"), "function_5"));
    CHECK(contains(ask("prof off"), "sampling is off"));
    CHECK(host::sampling_hz == 0);
    CHECK(contains(ask("prof"), "function_5"));  // what was seen stays to be read
    CHECK(contains(ask("prof on"), "sampling is on"));
    CHECK(contains(ask("prof"), "error: there are no samples"));
    CHECK(contains(ask("prof off"), "sampling is off"));
}

TEST_CASE("a machine that cannot sample says so") {
    host::can_sample = false;
    CHECK(contains(ask("prof on"), "error: this machine has no timer"));
    host::can_sample = true;
    CHECK(contains(ask("prof 1x"), "error: on, off, or how many places to show"));
}
