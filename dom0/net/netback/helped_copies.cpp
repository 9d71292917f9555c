// SPDX-License-Identifier: MIT
#include "dom0/net/netback/helped_copies.hpp"

#include <utility>

namespace netback {

HelpedCopies::~HelpedCopies() {
    if (lent_to_)
        lent_to_->wait_for(job_);
}

void HelpedCopies::run() {
    if (copies_.planned().empty())
        return;
    job_.begin(copies_.planned());
    if (helper_ && helper_->take(job_))
        lent_to_ = helper_;
    else
        copies_.run();
}

bool HelpedCopies::done() {
    if (!lent_to_)
        return true;
    if (!job_.done())
        return false;
    lent_to_.reset();
    copies_.conclude(job_.made());
    return true;
}

}  // namespace netback
