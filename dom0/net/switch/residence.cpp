// SPDX-License-Identifier: MIT
// Moving in and out.
#include "dom0/net/switch/residence.hpp"

namespace net {

Residence::Residence(Neighbours& neighbours, std::unique_ptr<nic::OwnQueue> queue, nic::Nic const& nic,
                     nic::PacketPool& pool, Outgoing& common)
    : neighbours_{neighbours}, nic_{nic}, queue_{std::move(queue)}, outgoing_{nic, pool}, common_{common} {
    neighbours_.present.push_back(this);
}

// A queue that was not retired yet counts what it loses now.
Residence::~Residence() {
    static_cast<void>(queue_->retire());
    outgoing_.hand_over(common_);
    neighbours_.departed += queue_->counters();
    neighbours_.departed_overruns += outgoing_.overruns();
    std::erase(neighbours_.present, this);
}

}  // namespace net
