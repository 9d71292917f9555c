// SPDX-License-Identifier: MIT
// The store as a service: takes requests from sessions, one at a time, answers
// them and tells watchers what changed. Knows nothing of rings and domains;
// those who do hand bytes in and fetch bytes out.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "dom0/xenstore/session.hpp"

namespace xenstore {

// What the server cannot do itself: reach the domains it is told about, and tell
// how much memory there is.
class Domains {
  public:
    virtual ~Domains() = default;
    virtual Result<> introduce(DomId domain, Mfn ring, EvtchnPort port) = 0;
    virtual Result<> release(DomId domain) = 0;
    [[nodiscard]] virtual bool introduced(DomId domain) const = 0;
    // Whether guests may have more of it. Each has its quota, but the sum of all
    // quotas may be more than there is.
    [[nodiscard]] virtual bool has_memory_for_guests() const = 0;
};

class Server {
  public:
    explicit Server(Domains& domains) : domains_{domains} {}

    // A session ends with the pointer that is returned.
    std::shared_ptr<Session> connect(Caller caller);

    // Serves one request of the session, if a whole one is there and its reply
    // would be read. True: call again.
    bool serve(Session& session);

    void domain_introduced(DomId) { tell_special("@introduceDomain"); }
    // Also wipes out what the domain owned, so its number can be used again.
    void domain_released(DomId domain);

    [[nodiscard]] Tree& tree() { return tree_; }
    [[nodiscard]] Domains& domains() { return domains_; }
    void tell_special(std::string_view path);

  private:
    void tell(std::vector<Change> const& changes);

    Domains& domains_;
    Tree tree_;
    std::list<std::weak_ptr<Session>> sessions_;
};

}  // namespace xenstore
