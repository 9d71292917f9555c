// SPDX-License-Identifier: MIT
// Cutting a large frame in software for those who cannot take it whole: TCP's
// payload in pieces, each behind a copy of the headers, brought up to date.
#pragma once

#include "drivers/net/pool.hpp"

namespace frame {

class Segmenter {
  public:
    // `large` has all its headers in its head and stays until the end.
    Segmenter(nic::Packet const& large, nic::PacketPool& pool);

    [[nodiscard]] bool done() const { return left_ == 0; }

    // The next frame, its checksum blank. Empty when there is no buffer for it.
    nic::PacketRef next();

  private:
    [[nodiscard]] bool copy_payload(nic::Packet& into, u32 bytes);
    void update_network(nic::Packet& segment, u32 bytes) const;
    void update_transport(nic::Packet& segment, u32 bytes) const;

    nic::Packet const& large_;
    nic::PacketPool& pool_;
    nic::Packet const* buffer_;  // where the next payload is
    u32 offset_;                 // in it
    u32 left_;
    u32 sent_ = 0;
    u16 index_ = 0;
};

}  // namespace frame
