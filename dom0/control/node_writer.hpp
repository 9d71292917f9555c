// SPDX-License-Identifier: MIT
// Writes nodes below one directory of xenstore, in one transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guest-pv/rt/xenbus/connection.hpp"

namespace control {

class NodeWriter {
    rt::xenbus::Connection& store_;
    rt::xenbus::TransactionId transaction_;
    std::string base_;

  public:
    NodeWriter(rt::xenbus::Connection& store, rt::xenbus::TransactionId transaction, std::string base)
        : store_{store}, transaction_{transaction}, base_{std::move(base)} {}

    [[nodiscard]] std::string const& base() const { return base_; }
    [[nodiscard]] NodeWriter below(std::string_view name) const {
        return {store_, transaction_, base_ + "/" + std::string{name}};
    }

    Result<> put(std::string_view name, std::string_view value) const {
        return store_.write(base_ + "/" + std::string{name}, value, transaction_);
    }
    Result<> put(std::string_view name, u64 value) const { return put(name, std::to_string(value)); }

    // Makes the directory. What is put there later inherits its permissions.
    Result<> make(DomId owner, std::optional<DomId> reader) const {
        TRY_VOID(store_.mkdir(base_, transaction_));
        std::vector<std::string> permissions{"n" + std::to_string(owner.raw())};
        if (reader)
            permissions.push_back("r" + std::to_string(reader->raw()));
        return store_.set_permissions(base_, permissions, transaction_);
    }
};

}  // namespace control
