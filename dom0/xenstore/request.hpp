// SPDX-License-Identifier: MIT
// A request being served.
#pragma once

#include "dom0/xenstore/fields.hpp"
#include "dom0/xenstore/server.hpp"

namespace xenstore {

struct Request {
    Server& server;
    Session& session;
    Message const& message;
    Fields fields{message.payload};

    struct Event {
        std::string path;
        std::string token;
    };
    std::optional<Event> first_event{};  // to be sent behind the reply

    [[nodiscard]] Caller const& caller() const { return session.caller(); }

    template <std::unsigned_integral T>
    Result<T> number() {
        auto const field = fields.next();
        auto const value = field ? number_in<T>(*field) : std::nullopt;
        return value ? Result<T>{*value} : Fail{Errno::inval};
    }

    [[nodiscard]] Result<> at_end() const { return fields.rest().empty() ? Result<>{} : Fail{Errno::inval}; }
};

}  // namespace xenstore
