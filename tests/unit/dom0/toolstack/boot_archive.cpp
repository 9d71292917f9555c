// SPDX-License-Identifier: MIT
#include "dom0/toolstack/boot_archive.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstring>

namespace {

// A member as the cpio program writes it.
std::string member(std::string_view name, std::string_view contents) {
    char header[111];
    std::snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 1u,
                  0100644u, 0u, 0u, 1u, 0u, contents.size(), 0u, 0u, 0u, 0u, name.size() + 1, 0u);
    std::string text = header;
    text.append(name).append(1, '\0').resize((text.size() + 3) & ~3u);
    text.append(contents).resize((text.size() + 3) & ~3u);
    return text;
}

toolstack::BootArchive::Contents bytes_of(std::string const& text) {
    return std::as_bytes(std::span{text});
}

std::string text_of(toolstack::BootArchive::Contents bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("files of an archive are found by name") {
    auto const archive = member("web.cfg", "name='web'") + member("granite/boot", "web.cfg\n\n other.cfg\n") +
                         member("TRAILER!!!", "");
    auto const parsed = toolstack::BootArchive::parse(bytes_of(archive));
    REQUIRE(parsed);
    CHECK(text_of(*parsed->file("web.cfg")) == "name='web'");
    CHECK(parsed->file("missing").error() == "no file 'missing' in the boot archive; 'xl files' lists them");
    CHECK(parsed->file("wb.cfg").error() == "no file 'wb.cfg' in the boot archive, did you mean 'web.cfg'?");
    CHECK(parsed->boot_list() == std::vector<std::string>{"web.cfg", "other.cfg"});
    CHECK(parsed->names().size() == 2);
}

TEST_CASE("an archive cut off anywhere is refused or misses only its trailer") {
    auto const archive = member("a", "contents of a") + member("TRAILER!!!", "");
    for (usize size = 0; size < archive.size(); ++size) {
        std::string const part = archive.substr(0, size);
        CAPTURE(size);
        auto const parsed = toolstack::BootArchive::parse(bytes_of(part));
        if (parsed)
            CHECK(parsed->file("a"));
        else
            CHECK_FALSE(parsed.error().empty());
    }
}

TEST_CASE("sizes that reach beyond the archive are refused") {
    auto archive = member("a", "b") + member("TRAILER!!!", "");
    std::memcpy(archive.data() + 6 + 6 * 8, "ffffffff", 8);
    CHECK_FALSE(toolstack::BootArchive::parse(bytes_of(archive)));
    CHECK_FALSE(toolstack::BootArchive::parse(bytes_of("not an archive at all")));
}
