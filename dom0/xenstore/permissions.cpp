// SPDX-License-Identifier: MIT
#include "dom0/xenstore/permissions.hpp"

#include <algorithm>
#include <optional>

#include "dom0/xenstore/fields.hpp"
#include "kernel/abi/xen.hpp"

namespace xenstore {
namespace {

constexpr std::string_view letters = "nrwb";  // at the value of their Access

std::optional<Permission> parse_entry(std::string_view text) {
    if (text.size() < 2)
        return std::nullopt;
    auto const letter = letters.find(text.front());
    auto const domain = number_in<u16>(text.substr(1));
    if (letter == std::string_view::npos || !domain || *domain >= DOMID_FIRST_RESERVED)
        return std::nullopt;
    return Permission{DomId{*domain}, static_cast<Access>(letter)};
}

bool includes(Access given, Access need) {
    return (static_cast<unsigned>(given) & static_cast<unsigned>(need)) == static_cast<unsigned>(need);
}

}  // namespace

Result<Permissions> Permissions::parse(std::string_view wire) {
    std::vector<Permission> entries;
    Fields fields{wire};
    while (auto const field = fields.next()) {
        auto const entry = parse_entry(*field);
        if (!entry)
            return Fail{Errno::inval};
        entries.push_back(*entry);
    }
    if (entries.empty() || !fields.rest().empty())
        return Fail{Errno::inval};
    return Permissions{std::move(entries)};
}

std::string Permissions::wire() const {
    std::string text;
    for (auto const& entry : entries_) {
        text += letters[static_cast<usize>(entry.access)];
        text += std::to_string(entry.domain.raw());
        text += '\0';
    }
    return text;
}

bool Permissions::allow(Caller const& caller, Access need) const {
    if (owned_by(caller))
        return true;
    for (usize i = 1; i < entries_.size(); ++i) {
        if (entries_[i].domain == caller.domain)
            return includes(entries_[i].access, need);
    }
    return includes(entries_.front().access, need);
}

Permissions Permissions::inherited_by(Caller const& creator) const {
    Permissions child = *this;
    if (!creator.privileged)
        child.entries_.front().domain = creator.domain;
    return child;
}

bool Permissions::forget(DomId domain) {
    auto const first = entries_.begin() + 1;
    auto const removed =
        std::remove_if(first, entries_.end(), [&](auto const& e) { return e.domain == domain; });
    bool const any = removed != entries_.end();
    entries_.erase(removed, entries_.end());
    return any;
}

}  // namespace xenstore
