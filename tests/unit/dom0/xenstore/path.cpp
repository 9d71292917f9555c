// SPDX-License-Identifier: MIT
#include "dom0/xenstore/path.hpp"

#include <algorithm>
#include <cctype>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <sstream>

#include "kernel/abi/xenstore.hpp"

namespace {

constexpr xenstore::Caller guest{DomId{3}, false};

// Written as one reads it in the protocol's description, element by element.
bool plausible(std::string path) {
    if (path == "/")
        return true;
    bool const is_absolute = path.starts_with('/');
    if (path.size() > (is_absolute ? XENSTORE_ABS_PATH_MAX : XENSTORE_REL_PATH_MAX) || path.starts_with('@'))
        return false;
    std::istringstream elements{path.substr(is_absolute ? 1 : 0) + "/"};
    bool any = false;
    for (std::string element; std::getline(elements, element, '/'); any = true) {
        auto const allowed = [](unsigned char c) {
            return c < 0x80 &&
                   (std::isalnum(c) != 0 || std::string_view{"-_@:.+,~"}.contains(static_cast<char>(c)));
        };
        if (element.empty() || !std::ranges::all_of(element, allowed))
            return false;
    }
    return any;
}

}  // namespace

TEST_CASE("XS-03 paths are accepted and refused as the reference says") {
    auto const ok = rc::check("one function decides", [] {
        auto const path =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"ab0/-@:. \\\"\n\x80"}));
        RC_ASSERT(xenstore::absolute(path, guest).has_value() == plausible(path));
    });
    CHECK(ok);
}

TEST_CASE("XS-03 length limits are exact") {
    std::string const longest = "/" + std::string(XENSTORE_ABS_PATH_MAX - 1, 'a');
    CHECK(xenstore::absolute(longest, guest));
    CHECK_FALSE(xenstore::absolute(longest + "a", guest));
    std::string const relative(XENSTORE_REL_PATH_MAX, 'a');
    CHECK(xenstore::absolute(relative, guest));
    CHECK_FALSE(xenstore::absolute(relative + "a", guest));
}

TEST_CASE("a relative path begins at the caller's home") {
    CHECK(*xenstore::absolute("device/vif", guest) == "/local/domain/3/device/vif");
    CHECK(*xenstore::absolute("/", guest) == "/");
}

TEST_CASE("paths know their parents and what lies below them") {
    CHECK(xenstore::parent_of("/a/b") == "/a");
    CHECK(xenstore::parent_of("/a") == "/");
    CHECK(xenstore::name_of("/a/b") == "b");
    CHECK(xenstore::child_of("/", "a") == "/a");
    CHECK(xenstore::is_below_or_at("/a/b", "/a"));
    CHECK(xenstore::is_below_or_at("/a", "/"));
    CHECK_FALSE(xenstore::is_below_or_at("/ab", "/a"));
}
