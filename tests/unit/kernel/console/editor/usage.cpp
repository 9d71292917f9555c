// SPDX-License-Identifier: MIT
#include "kernel/console/editor/usage.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace {

std::string offered;

void list(std::string_view s) {
    offered += s;
}

void stand_in(std::string_view capitals, editor::Completion& c) {
    if (capitals == "DOM")
        c.offer("web");
}

// What Tab offers behind `typed`, a command and its arguments.
std::string offers(std::string_view usage, std::string_view typed) {
    offered.clear();
    editor::Completion c{typed, list};
    editor::offer_by_usage(usage, c.before(), c, stand_in);
    return offered;
}

}  // namespace

TEST_CASE("alternatives are offered where they may stand") {
    constexpr std::string_view usage = "[on [KINDS]|off|N|cpu CPU FROM]";
    CHECK(offers(usage, "") == "on  off  cpu  ");
    CHECK(offers(usage, "o") == "on  off  ");
    CHECK(offers(usage, "cpu ") == "");
    CHECK(offers("next DOM [rx|tx]", "") == "next  ");
    CHECK(offers("next DOM [rx|tx]", "next ") == "web  ");
    CHECK(offers("next DOM [rx|tx]", "next web ") == "rx  tx  ");
    CHECK(offers("next DOM [rx|tx]", "first ") == "");
    CHECK(offers("[DOM [VCPU]]", "") == "web  ");
    CHECK(offers("", "") == "");
}

TEST_CASE("options may stand anywhere and are offered when one has begun") {
    CHECK(offers("[-w] [-F] DOM|-a", "") == "web  -a  ");
    CHECK(offers("[-w] [-F] DOM|-a", "-w ") == "web  -a  ");
    CHECK(offers("[-v] [-j] DOM", "-") == "-v  -j  ");
    CHECK(offers("DOM VA [VCPU] [-v]", "web 0x1000 -") == "");
}
