// SPDX-License-Identifier: MIT
#include "dom0/xenstore/server.hpp"

#include "dom0/xenstore/requests.hpp"

namespace xenstore {

std::shared_ptr<Session> Server::connect(Caller caller) {
    auto session = std::make_shared<Session>(caller);
    sessions_.push_back(session);
    return session;
}

bool Server::serve(Session& session) {
    if (session.parked() || session.outbox().full())
        return false;
    auto const message = session.input().next();
    if (!message) {
        session.park();
        return false;
    }
    if (!*message)
        return false;
    answer(*this, session, **message);
    tell(tree_.take_changes());
    return true;
}

void Server::domain_released(DomId domain) {
    tree_.forget(domain);
    tell(tree_.take_changes());
    tell_special("@releaseDomain");
}

void Server::tell_special(std::string_view path) {
    for (auto const& each : sessions_) {
        if (auto const session = each.lock())
            session->deliver_special(path);
    }
}

void Server::tell(std::vector<Change> const& changes) {
    std::erase_if(sessions_, [](auto const& session) { return session.expired(); });
    for (auto const& change : changes) {
        for (auto const& each : sessions_) {
            if (auto const session = each.lock())
                session->deliver(change);
        }
    }
}

}  // namespace xenstore
