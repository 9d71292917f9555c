// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/transport.hpp"

#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/error.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace rt::xenbus {

namespace {

std::span<char const> bytes_of(xsd_sockmsg const& header) {
    return {reinterpret_cast<char const*>(&header), sizeof header};
}

}  // namespace

// Replies to somebody who used this ring before are of no interest.
Transport::Transport(xenstore_domain_interface& ring, std::function<void()> notify)
    : requests_{ring.req, ring.req_cons, ring.req_prod},
      replies_{ring.rsp, ring.rsp_cons, ring.rsp_prod},
      notify_{std::move(notify)} {
    __atomic_store_n(&ring.rsp_cons, __atomic_load_n(&ring.rsp_prod, __ATOMIC_SEQ_CST), __ATOMIC_SEQ_CST);
}

void Transport::start(std::shared_ptr<Transport> self) {
    spawn("xenbus", [self = std::move(self)] { self->receive(); });
}

void Transport::close() {
    break_off();
    moved_.wake_all();
}

void Transport::receive() {
    while (!closed_) {
        xsd_sockmsg header;
        if (!read_exactly({reinterpret_cast<char*>(&header), sizeof header}))
            return;
        if (header.len > XENSTORE_PAYLOAD_MAX)
            return break_off();
        std::string payload(header.len, '\0');
        if (!read_exactly(payload))
            return;
        dispatch(header, std::move(payload));
    }
}

bool Transport::read_exactly(std::span<char> into) {
    while (!into.empty()) {
        if (closed_)
            return false;
        bool const was_full = replies_.full();
        usize const count = replies_.take(into);
        into = into.subspan(count);
        if (count == 0)
            moved_.wait();
        else if (was_full)
            notify_();
    }
    return true;
}

Result<> Transport::write_all(std::span<char const> bytes) {
    while (!bytes.empty()) {
        if (closed_)
            return Fail{Errno::io};
        usize const count = requests_.put(bytes);
        bytes = bytes.subspan(count);
        if (count == 0)
            moved_.wait();
        if (!bytes.empty())
            notify_();
    }
    return {};
}

Result<> Transport::send(xsd_sockmsg const& header, std::span<std::string_view const> pieces) {
    Mutex::Guard const guard{sending_};
    TRY_VOID(write_all(bytes_of(header)));
    for (auto piece : pieces)
        TRY_VOID(write_all(piece));
    notify_();
    return {};
}

Result<std::string> Transport::request(xsd_sockmsg_type type, TransactionId in,
                                       std::span<std::string_view const> pieces) {
    usize length = 0;
    for (auto piece : pieces)
        length += piece.size();
    if (length > XENSTORE_PAYLOAD_MAX)
        return Fail{Errno::toobig};
    u32 const id = next_id_++;
    Pending reply;
    pending_.emplace(id, &reply);
    auto const sent = send(
        {.type = static_cast<u32>(type), .req_id = id, .tx_id = in.raw(), .len = static_cast<u32>(length)},
        pieces);
    while (sent && !reply.answered && !closed_)
        reply.waiter.wait();
    pending_.erase(id);
    if (!reply.answered)
        return Fail{Errno::io};
    if (reply.type == XS_ERROR)
        return Fail{errno_of(reply.payload)};
    if (reply.type != static_cast<u32>(type))
        return Fail{Errno::io};
    return std::move(reply.payload);
}

void Transport::dispatch(xsd_sockmsg const& header, std::string payload) {
    if (header.type == XS_WATCH_EVENT)
        return deliver_event(payload);
    auto const found = pending_.find(header.req_id);
    if (found == pending_.end())
        return;  // nobody asked
    Pending& reply = *found->second;
    reply.answered = true;
    reply.type = header.type;
    reply.payload = std::move(payload);
    reply.waiter.wake_all();
}

// Payload: path, zero, token, zero.
void Transport::deliver_event(std::string_view payload) {
    usize const end_of_path = payload.find('\0');
    if (end_of_path == payload.npos)
        return;
    auto const rest = payload.substr(end_of_path + 1);
    auto const found = watches_.find(std::string{rest.substr(0, rest.find('\0'))});
    if (found != watches_.end())
        found->second->deliver(std::string{payload.substr(0, end_of_path)});
}

void Transport::break_off() {
    closed_ = true;
    for (auto& [id, reply] : pending_)
        reply->waiter.wake_all();
}

std::string Transport::add(Watch& watch) {
    std::string token = "w" + std::to_string(next_id_++);
    watches_.emplace(token, &watch);
    return token;
}

}  // namespace rt::xenbus
