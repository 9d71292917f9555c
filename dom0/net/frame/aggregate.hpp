// SPDX-License-Identifier: MIT
// Frames of a card made fewer before a guest pays for each of them: TCP
// segments that follow one another become one large frame, which cut again is
// the same frames, and of acknowledgements alone the latest stays. Frames of
// one connection keep their order.
#pragma once

#include <array>
#include <optional>
#include <utility>

#include "dom0/net/frame/adapt.hpp"
#include "dom0/net/frame/segment_view.hpp"

namespace frame {

class Aggregator {
  public:
    static constexpr usize most_flows = 8;
    static constexpr u32 most_pieces = 44;  // of usual segments in the largest frame

    // Only of networks whose large frames the taker takes.
    explicit Aggregator(PerNetwork large) : large_{large} {}

    // Keeps the frame until flush(), or hands `sink` what is not to be kept.
    template <class Sink>
    void add(nic::PacketRef&& packet, Sink&& sink) {
        auto const view = wanted(packet);
        if (!view) {
            // It may belong to a connection all the same, and overtakes none.
            flush(sink);
            segments_ += packet->is_large() ? 1 : 0;
            return sink(std::move(packet));
        }
        ++segments_;
        Flow* const known = find(*packet, *view);
        if (known != nullptr && known->take(packet, *view)) {
            ++merged_;
            return;
        }
        if (known != nullptr)
            sink(known->end());
        if (!view->may_begin())
            return sink(std::move(packet));
        Flow& flow = known != nullptr ? *known : place();
        if (flow.used())
            sink(flow.end());
        flow.begin(std::move(packet), *view);
    }

    template <class Sink>
    void flush(Sink&& sink) {
        for (Flow& flow : std::span{flows_}.first(open_))
            if (flow.used())
                sink(flow.end());
        open_ = next_ = 0;
    }

    // Frames that came as a part of others, or were outdated by others, since
    // this was asked before.
    u64 take_merged() { return std::exchange(merged_, 0); }
    // The same of what belongs to a TCP connection, merged or not.
    u64 take_segments() { return std::exchange(segments_, 0); }

  private:
    class Flow {
      public:
        [[nodiscard]] bool used() const { return static_cast<bool>(packet_); }
        [[nodiscard]] bool carries(nic::Packet const& packet, SegmentView const& view) const;
        void begin(nic::PacketRef&& packet, SegmentView const& view);
        // Empties `packet` when it was merged.
        [[nodiscard]] bool take(nic::PacketRef& packet, SegmentView const& view);
        // As one frame.
        nic::PacketRef end();

      private:
        [[nodiscard]] bool continues(nic::Packet const& packet, SegmentView const& view) const;
        [[nodiscard]] bool outdates(nic::Packet const& packet, SegmentView const& view) const;

        nic::PacketRef packet_;
        SegmentView first_{};
        u32 payload_ = 0;   // of all that is in it
        u8 end_flags_ = 0;  // of the last piece
        u16 pieces_ = 0;
        bool complete_ = false;  // nothing may follow
    };

    [[nodiscard]] std::optional<SegmentView> wanted(nic::PacketRef const& packet) const;
    [[nodiscard]] Flow* find(nic::Packet const& packet, SegmentView const& view);
    [[nodiscard]] Flow& place();

    PerNetwork large_;
    std::array<Flow, most_flows> flows_{};
    usize open_ = 0;  // places that have been used since flush()
    usize next_ = 0;  // whose turn it is to make room
    u64 merged_ = 0;
    u64 segments_ = 0;
};

}  // namespace frame
