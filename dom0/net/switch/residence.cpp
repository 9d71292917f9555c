// SPDX-License-Identifier: MIT
// Moving in and out.
#include "dom0/net/switch/residence.hpp"

#include "dom0/net/trail/card.hpp"

namespace net {

Residence::Residence(Neighbours& neighbours, nic::Mac station, std::unique_ptr<nic::OwnQueue> queue,
                     nic::Nic const& nic, nic::PacketPool& pool, Outgoing& common)
    : neighbours_{neighbours},
      station_{station},
      nic_{nic},
      queue_{std::move(queue)},
      outgoing_{nic, pool},
      common_{common} {
    neighbours_.present.push_back(this);
}

u32 Residence::transmit(std::span<nic::PacketRef> frames) {
    return trail::watch_transmit([this] { return queue_->places(); },
                                 [this](nic::Packet const& packet) { return queue_->place_of(packet); },
                                 [&] { return queue_->transmit(frames); });
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
