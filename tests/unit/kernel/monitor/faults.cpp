// SPDX-License-Identifier: MIT
#include "kernel/monitor/faults.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

std::string ask(std::string_view command) {
    host::power_on();
    auto const answer = host::ask_monitor(command);
    return std::string{answer.text()};
}

}  // namespace

TEST_CASE("faults are made only where that was asked for at boot") {
    CHECK(ask("failalloc each").starts_with("error: faults are made only"));
    CHECK(mm::alloc_frames().has_value());
}

TEST_CASE("LC-3 the monitor makes allocations fail, shows where, and says so of its own") {
    monitor::allow_faults();
    CHECK(ask("failalloc none").starts_with("error: 'none' is neither"));
    CHECK(ask("failalloc 0").starts_with("error: '0' is neither"));
    CHECK(ask("failalloc each").empty());
    CHECK(ask("version") == "error: no memory for an answer\n");  // the heap's place
    CHECK_FALSE(mm::alloc_frames().has_value());
    CHECK(ask("failalloc off").find("no memory") != std::string::npos);  // frames of the heap's
    CHECK(ask("failalloc off").empty());
    auto const sites = ask("failalloc");
    CHECK(sites.starts_with("SITE "));
    CHECK(sites.find("function_") != std::string::npos);
    CHECK(ask("failalloc 1").empty());
    CHECK(ask("version") == "error: no memory for an answer\n");
    CHECK(ask("failalloc off").empty());
}
