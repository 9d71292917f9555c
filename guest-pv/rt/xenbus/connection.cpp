// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/connection.hpp"

#include <array>
#include <charconv>

#include "guest-pv/rt/xenbus/transport.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace rt::xenbus {

namespace {

using namespace std::string_view_literals;

constexpr auto zero = "\0"sv;

std::vector<std::string> split_at_zeros(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        usize const length = std::min(text.find('\0'), text.size());
        parts.emplace_back(text.substr(0, length));
        text.remove_prefix(std::min(text.size(), length + 1));
    }
    return parts;
}

Result<> done(Result<std::string> const& reply) {
    if (!reply)
        return Fail{reply.error()};
    return {};
}

template <class... Pieces>
Result<std::string> ask(Transport& transport, xsd_sockmsg_type type, TransactionId in, Pieces... pieces) {
    std::array<std::string_view, sizeof...(Pieces)> const list{pieces...};
    return transport.request(type, in, list);
}

Result<TransactionId> begin(Transport& transport) {
    auto const reply = TRY(ask(transport, XS_TRANSACTION_START, {}, zero));
    u32 id = 0;
    if (std::from_chars(reply.data(), reply.data() + reply.size(), id).ec != std::errc{} || id == 0)
        return Fail{Errno::io};
    return TransactionId{id};
}

Result<> end(Transport& transport, TransactionId id, bool commit) {
    return done(ask(transport, XS_TRANSACTION_END, id, commit ? "T\0"sv : "F\0"sv));
}

}  // namespace

Connection::Connection(xenstore_domain_interface& ring, std::function<void()> notify)
    : transport_{std::make_shared<Transport>(ring, std::move(notify))} {
    Transport::start(transport_);
}

Connection::~Connection() {
    transport_->close();
}

void Connection::ring_moved() {
    transport_->ring_moved();
}

Result<std::string> Connection::read(std::string_view path, TransactionId in) {
    return ask(*transport_, XS_READ, in, path, zero);
}

Result<> Connection::write(std::string_view path, std::string_view value, TransactionId in) {
    return done(ask(*transport_, XS_WRITE, in, path, zero, value));
}

Result<> Connection::mkdir(std::string_view path, TransactionId in) {
    return done(ask(*transport_, XS_MKDIR, in, path, zero));
}

Result<> Connection::remove(std::string_view path, TransactionId in) {
    return done(ask(*transport_, XS_RM, in, path, zero));
}

Result<std::vector<std::string>> Connection::directory(std::string_view path, TransactionId in) {
    return split_at_zeros(TRY(ask(*transport_, XS_DIRECTORY, in, path, zero)));
}

Result<std::vector<std::string>> Connection::permissions(std::string_view path, TransactionId in) {
    return split_at_zeros(TRY(ask(*transport_, XS_GET_PERMS, in, path, zero)));
}

Result<> Connection::set_permissions(std::string_view path, std::span<std::string const> permissions,
                                     TransactionId in) {
    std::string list;
    for (auto const& permission : permissions)
        list.append(permission).append(zero);
    return done(ask(*transport_, XS_SET_PERMS, in, path, zero, std::string_view{list}));
}

Result<std::string> Connection::domain_path(DomId domain) {
    auto const number = std::to_string(domain.raw());
    auto reply = TRY(ask(*transport_, XS_GET_DOMAIN_PATH, {}, std::string_view{number}, zero));
    reply.resize(std::min(reply.find('\0'), reply.size()));
    return reply;
}

Result<> Connection::introduce(DomId domain, Mfn ring, EvtchnPort port) {
    std::string arguments;
    for (u64 number : {u64{domain.raw()}, ring.raw(), u64{port.raw()}})
        arguments.append(std::to_string(number)).append(zero);
    return done(ask(*transport_, XS_INTRODUCE, {}, std::string_view{arguments}));
}

Result<> Connection::release(DomId domain) {
    auto const number = std::to_string(domain.raw());
    return done(ask(*transport_, XS_RELEASE, {}, std::string_view{number}, zero));
}

Result<> Connection::transact(std::function<Result<>(TransactionId)> const& body) {
    for (;;) {
        auto const id = TRY(begin(*transport_));
        if (auto const outcome = body(id); !outcome) {
            TRY_VOID(end(*transport_, id, false));
            return outcome;
        }
        auto const committed = end(*transport_, id, true);
        if (committed || committed.error() != Errno::again)
            return committed;
    }
}

Result<std::unique_ptr<Watch>> Connection::watch(std::string_view path) {
    auto watch = std::make_unique<Watch>(transport_, std::string{path});
    TRY_VOID(watch->begin());
    return watch;
}

}  // namespace rt::xenbus
