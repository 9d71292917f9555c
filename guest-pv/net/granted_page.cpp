// SPDX-License-Identifier: MIT
#include "guest-pv/net/granted_page.hpp"

namespace net {

Result<GrantedPage> GrantedPage::make(DomId peer, rt::Access access) {
    auto page = TRY(rt::Pages::allocate());
    auto grant = TRY(rt::Grant::allow(peer, page.mfn(), access));
    return GrantedPage{std::move(page), std::move(grant)};
}

GrantedPage::~GrantedPage() {
    if (grant_ && !grant_.end())
        page_.release();
}

}  // namespace net
