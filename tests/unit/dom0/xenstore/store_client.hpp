// SPDX-License-Identifier: MIT
// A store and clients that talk to it through ring pages, as guests do.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dom0/xenstore/ring.hpp"
#include "dom0/xenstore/server.hpp"

// Only remembers whom it was told about.
class KnownDomains final : public xenstore::Domains {
  public:
    Result<> introduce(DomId domain, Mfn, EvtchnPort) override {
        return known_.insert(domain).second ? Result<>{} : Fail{Errno::exist};
    }
    Result<> release(DomId domain) override {
        return known_.erase(domain) != 0 ? Result<>{} : Fail{Errno::noent};
    }
    [[nodiscard]] bool introduced(DomId domain) const override { return known_.contains(domain); }
    [[nodiscard]] bool has_memory_for_guests() const override { return memory; }

    bool memory = true;

  private:
    std::set<DomId> known_;
};

struct Store {
    KnownDomains domains;
    xenstore::Server server{domains};
};

class Client {
  public:
    Client(Store& store, u16 domain)
        : store_{store}, session_{store.server.connect({DomId{domain}, domain == 0})} {}

    // The reply; events that come first are kept for events().
    xenstore::Message ask(u32 type, std::string_view payload, u32 transaction = 0) {
        send(xenstore::encode({type, ++request_, transaction, std::string{payload}}));
        for (;;) {
            auto message = receive();
            if (message.type != XS_WATCH_EVENT)
                return message;
            events_.push_back(std::move(message.payload));
        }
    }

    // "EACCES" and the like, or the payload without its last NUL.
    std::string outcome(u32 type, std::string_view payload, u32 transaction = 0) {
        auto text = ask(type, payload, transaction).payload;
        if (text.ends_with('\0'))
            text.pop_back();
        return text;
    }

    std::string write(std::string path, std::string_view value, u32 in = 0) {
        return outcome(XS_WRITE, path.append(1, '\0').append(value), in);
    }
    std::string read(std::string path, u32 in = 0) { return outcome(XS_READ, path.append(1, '\0'), in); }
    std::string remove(std::string path, u32 in = 0) { return outcome(XS_RM, path.append(1, '\0'), in); }
    std::string make(std::string path, u32 in = 0) { return outcome(XS_MKDIR, path.append(1, '\0'), in); }
    std::string watch(std::string path, std::string_view token) {
        return outcome(XS_WATCH, path.append(1, '\0').append(token).append(1, '\0'));
    }
    // `permissions` as people write them: "n1 r2".
    std::string permit(std::string path, std::string permissions, u32 in = 0) {
        std::ranges::replace(permissions, ' ', '\0');
        return outcome(XS_SET_PERMS, path.append(1, '\0').append(permissions).append(1, '\0'), in);
    }
    u32 begin() { return static_cast<u32>(std::stoul(outcome(XS_TRANSACTION_START, {"\0", 1}))); }
    std::string commit(u32 transaction) { return outcome(XS_TRANSACTION_END, {"T\0", 2}, transaction); }
    std::string abort(u32 transaction) { return outcome(XS_TRANSACTION_END, {"F\0", 2}, transaction); }

    // Payloads of the events since the last call.
    std::vector<std::string> events() {
        serve();
        while (available() != 0)
            events_.push_back(receive().payload);
        return std::exchange(events_, {});
    }

    // Bytes into the ring, as many at a time as fit.
    void send(std::string_view bytes) {
        while (!bytes.empty() && !session_->parked()) {
            u32 const room = XENSTORE_RING_SIZE - (ring.req_prod - ring.req_cons);
            auto const part = bytes.substr(0, room);
            for (char const c : part)
                ring.req[MASK_XENSTORE_IDX(ring.req_prod++)] = c;
            bytes.remove_prefix(part.size());
            serve();
        }
    }

    void serve() {
        bool more = true;
        while (more) {
            more = xenstore::exchange(ring, *session_);
            more |= store_.server.serve(*session_);
        }
    }

    xenstore::Message receive() {
        auto const header = take(sizeof(xsd_sockmsg));
        xsd_sockmsg fields;
        __builtin_memcpy(&fields, header.data(), sizeof fields);
        return {fields.type, fields.req_id, fields.tx_id, take(fields.len)};
    }

    xenstore::Session& session() { return *session_; }
    void disconnect() { session_.reset(); }

    xenstore_domain_interface ring{};

  private:
    [[nodiscard]] u32 available() const { return ring.rsp_prod - ring.rsp_cons; }

    std::string take(usize count) {
        std::string bytes;
        while (bytes.size() != count) {
            if (available() == 0)
                serve();
            if (available() == 0)
                throw std::runtime_error{"no reply"};
            bytes += ring.rsp[MASK_XENSTORE_IDX(ring.rsp_cons++)];
        }
        return bytes;
    }

    Store& store_;
    std::shared_ptr<xenstore::Session> session_;
    std::vector<std::string> events_;
    u32 request_ = 0;
};
