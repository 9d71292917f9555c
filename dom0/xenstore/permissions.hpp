// SPDX-License-Identifier: MIT
// Who may do what with a node: the first entry names the owner and what
// everybody else gets, the rest make exceptions for single domains.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dom0/xenstore/caller.hpp"
#include "kernel/base/result.hpp"

namespace xenstore {

enum class Access : u8 { none = 0, read = 1, write = 2, both = 3 };

struct Permission {
    DomId domain{};
    Access access = Access::none;
    bool operator==(Permission const&) const = default;
};

class Permissions {
  public:
    explicit Permissions(Permission owner) : entries_{owner} {}

    // As on the wire: "n0\0r5\0".
    static Result<Permissions> parse(std::string_view wire);
    [[nodiscard]] std::string wire() const;

    [[nodiscard]] DomId owner() const { return entries_.front().domain; }
    [[nodiscard]] usize count() const { return entries_.size(); }
    [[nodiscard]] bool owned_by(Caller const& caller) const {
        return caller.privileged || owner() == caller.domain;
    }
    [[nodiscard]] bool allow(Caller const& caller, Access need) const;

    // What a node made by `creator` below this one starts with.
    [[nodiscard]] Permissions inherited_by(Caller const& creator) const;

    // Takes back the exceptions for a domain that is gone. False: it had none.
    bool forget(DomId domain);

    bool operator==(Permissions const&) const = default;

  private:
    explicit Permissions(std::vector<Permission> entries) : entries_{std::move(entries)} {}

    std::vector<Permission> entries_;  // never empty
};

}  // namespace xenstore
