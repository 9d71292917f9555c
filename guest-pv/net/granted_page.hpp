// SPDX-License-Identifier: MIT
// A page and the grant on it. When the backend still holds it at the end the
// page is lost: better that than memory somebody else writes to.
#pragma once

#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace net {

class GrantedPage {
  public:
    static Result<GrantedPage> make(DomId peer, rt::Access access);
    GrantedPage(GrantedPage&&) noexcept = default;
    GrantedPage& operator=(GrantedPage&&) = delete;
    ~GrantedPage();

    [[nodiscard]] std::byte* data() const { return page_.data(); }
    [[nodiscard]] GrantRef ref() const { return grant_.ref(); }

  private:
    GrantedPage(rt::Pages page, rt::Grant grant) : page_{std::move(page)}, grant_{std::move(grant)} {}

    rt::Pages page_;
    rt::Grant grant_;
};

}  // namespace net
