// SPDX-License-Identifier: MIT
#include "dom0/toolstack/boot_archive.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "dom0/toolstack/text.hpp"

namespace toolstack {
namespace {

constexpr std::string_view magic = "070701";
constexpr std::string_view trailer = "TRAILER!!!";
constexpr usize header_size = 110;
constexpr usize number_digits = 8;
// Positions among the header's numbers, which follow the magic.
constexpr usize file_size_number = 6, name_size_number = 11;

usize padded(usize size) {
    return (size + 3) & ~usize{3};
}

std::string_view text_of(BootArchive::Contents bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

std::optional<u32> header_number(std::string_view header, usize index) {
    auto const digits = header.substr(magic.size() + index * number_digits, number_digits);
    u32 value = 0;
    auto const [end, error] = std::from_chars(digits.begin(), digits.end(), value, 16);
    return error == std::errc{} && end == digits.end() ? std::optional{value} : std::nullopt;
}

struct Member {
    std::string_view name;
    BootArchive::Contents contents;
    usize size;  // of header, name and contents with their padding
};

std::optional<Member> member_in(BootArchive::Contents rest) {
    auto const text = text_of(rest);
    if (text.size() < header_size || !text.starts_with(magic))
        return std::nullopt;
    auto const name_size = header_number(text, name_size_number);
    auto const file_size = header_number(text, file_size_number);
    if (!name_size || !file_size || *name_size == 0)
        return std::nullopt;
    usize const contents_at = padded(header_size + *name_size);
    usize const end = contents_at + *file_size;
    if (end > text.size())
        return std::nullopt;
    return Member{text.substr(header_size, *name_size - 1), rest.subspan(contents_at, *file_size),
                  std::min(padded(end), text.size())};
}

}  // namespace

Outcome<BootArchive> BootArchive::parse(Contents archive) {
    BootArchive parsed;
    while (!archive.empty()) {
        auto const member = member_in(archive);
        if (!member)
            return Failure{"the boot archive is damaged or not a cpio archive of the newc format"};
        if (member->name == trailer)
            return parsed;
        parsed.files_.emplace(member->name, member->contents);
        archive = archive.subspan(member->size);
    }
    return Failure{"the boot archive ends without its trailer"};
}

Outcome<BootArchive::Contents> BootArchive::file(std::string_view name) const {
    auto const it = files_.find(name);
    if (it != files_.end())
        return it->second;
    std::vector<std::string_view> known;
    for (auto const& [each, contents] : files_)
        known.push_back(each);
    return Failure{"no file '" + std::string{name} + "' in the boot archive" +
                   did_you_mean(name, known, "; 'xl files' lists them")};
}

std::vector<std::string> BootArchive::names() const {
    std::vector<std::string> names;
    for (auto const& [name, contents] : files_)
        names.push_back(name);
    return names;
}

std::vector<std::string> BootArchive::boot_list() const {
    std::vector<std::string> list;
    auto const it = files_.find("granite/boot");
    if (it == files_.end())
        return list;
    for (auto const line : split(text_of(it->second), '\n')) {
        if (auto const name = trimmed(line); !name.empty())
            list.emplace_back(name);
    }
    return list;
}

}  // namespace toolstack
