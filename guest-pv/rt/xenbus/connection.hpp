// SPDX-License-Identifier: MIT
// A client of xenstore. Works over any ring page and any way to notify the
// server, so a program in the driver domain talks to the store in the same
// address space exactly as a guest talks to it from outside. Several threads
// may use one connection at a time; each sleeps until its own reply comes.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/abi/xenstore.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt::xenbus {

class Transport;
class Watch;

// Zero is "no transaction".
using TransactionId = Strong<struct TransactionTag, u32>;

class Connection {
  public:
    // The ring outlives the connection. `notify` tells the server that bytes
    // were put into or taken out of the ring.
    Connection(xenstore_domain_interface& ring, std::function<void()> notify);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // The server put or took bytes: to be called from its event handler.
    void ring_moved();

    Result<std::string> read(std::string_view path, TransactionId in = {});
    Result<> write(std::string_view path, std::string_view value, TransactionId in = {});
    Result<> mkdir(std::string_view path, TransactionId in = {});
    Result<> remove(std::string_view path, TransactionId in = {});
    Result<std::vector<std::string>> directory(std::string_view path, TransactionId in = {});
    // Permissions as the wire has them: "n0", "r5"; the first is the owner's.
    Result<std::vector<std::string>> permissions(std::string_view path, TransactionId in = {});
    Result<> set_permissions(std::string_view path, std::span<std::string const> permissions,
                             TransactionId in = {});
    Result<std::string> domain_path(DomId domain);

    // For the toolstack's connection.
    Result<> introduce(DomId domain, Mfn ring, EvtchnPort port);
    Result<> release(DomId domain);

    // Runs `body` in a transaction and commits it, again and again while the
    // store reports a conflict. An error of the body aborts.
    Result<> transact(std::function<Result<>(TransactionId)> const& body);

    // Fires once right away, as xenstore always does, then at each change.
    Result<std::unique_ptr<Watch>> watch(std::string_view path);

  private:
    friend class Watch;
    std::shared_ptr<Transport> transport_;
};

// The store this guest was given at its start; none for an initial domain
// until use_connection() names the one it runs itself.
Connection* connection();
void use_connection(Connection& connection);

}  // namespace rt::xenbus
