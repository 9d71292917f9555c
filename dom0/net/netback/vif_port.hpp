// SPDX-License-Identifier: MIT
// A guest's interface as a port of the switch: its pairs of rings together,
// within what the two ends have agreed on.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "dom0/net/frame/aggregate.hpp"
#include "dom0/net/helpers/helpers.hpp"
#include "dom0/net/netback/control.hpp"
#include "dom0/net/netback/pace.hpp"
#include "dom0/net/netback/queue_pair.hpp"
#include "dom0/net/netback/tcp_share.hpp"
#include "dom0/net/switch/stay.hpp"

namespace netback {

class VifPort final : public net::Port {
  public:
    // `wake` runs when the frontend signals on a queue, `attend` when something
    // else is to be done: it is cut off, asks on its control ring, or receives
    // what another mode is better for.
    struct Hooks {
        std::function<void()> wake;
        std::function<void()> attend;
        std::function<Result<std::unique_ptr<net::Stay>>()> seek_stay;
        ControlRing::FindPages find_pages;
    };
    static Result<std::unique_ptr<VifPort>> create(DomId guest, Allowance allowance, Request request,
                                                   nic::PacketPool& pool, Counters& counters, Hooks hooks);

    Polled poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) override;
    u32 enqueue(std::span<nic::PacketRef> frames) override;
    void count_lost() override { counters_.drop(Drop::no_buffer); }
    bool flush(Nanos now) override;
    bool arm() override;
    Nanos tick(Nanos) override { return 0; }

    // A frontend whose ring made no sense is not served any more; its device
    // can still be closed, opened again, and looked at.
    ~VifPort() override { leave_card(); }
    VifPort(VifPort const&) = delete;
    VifPort& operator=(VifPort const&) = delete;

    // First of all, where another backend has ended. Errno::range: a ring makes no
    // sense.
    Result<> refuse_left();

    // `by_card`: frames for the guest shall come by a queue of a card, into its pages
    // or, in mode `guest_copy`, into ours. An error: there is no such queue.
    Result<> set_mode(Mode mode, bool by_card);
    // Whether it receives what is better aggregated than delivered by a card.
    [[nodiscard]] bool wants_aggregation() const { return takes_large() && tcp_share_.much(); }
    // Where a card is to deliver: is away from it for as long as that is so. As set_mode().
    Result<> follow_traffic();
    // Whether a card is to deliver, and could.
    [[nodiscard]] bool has_card() const { return stay_ != nullptr; }
    [[nodiscard]] bool card_is_good() const { return stay_ && stay_->delivers(); }
    // Whether it does.
    [[nodiscard]] bool with_card() const { return stay_ && stay_->settled(); }
    // Whether the guest has said that it reads pages of ours, and whether it could.
    [[nodiscard]] bool reads_our_pages() const { return control_ && control_->used_pages(); }
    [[nodiscard]] bool has_control() const { return control_ != nullptr; }
    // In mode `guest_copy`: looks where the guest runs, and has copies made there.
    void follow_guest(helpers::Helpers& helpers);
    [[nodiscard]] u32 helped_queues() const;
    // Some requests of the control ring. True when there are more.
    bool serve_control();
    [[nodiscard]] u32 declared_pages() const;
    [[nodiscard]] std::vector<Levels> levels() const;

    [[nodiscard]] bool is_broken() const { return broken_; }
    [[nodiscard]] std::vector<QueueKeys> const& keys() const { return request_.queues; }

  private:
    VifPort(DomId guest, Allowance&& allowance, Request request, nic::PacketPool& pool, Counters& counters,
            Hooks hooks)
        : guest_{guest},
          hooks_{std::move(hooks)},
          request_{std::move(request)},
          pool_{pool},
          counters_{counters},
          incoming_{request_.takes.large},
          tcp_share_{counters.rx_packets + counters.rx_merged, counters.rx_tcp},
          policy_{std::move(allowance.policy)},
          credit_{allowance.rate} {}

    template <class T>
    T checked(Result<T> result, T otherwise);
    void cut_off();
    [[nodiscard]] bool takes_large() const { return request_.takes.large.ipv4 || request_.takes.large.ipv6; }
    void count_given();
    Result<> seek_card();
    void settle();
    [[nodiscard]] std::shared_ptr<BackendPages> pages_for_card() const;
    void leave_card();
    // What the guest sends is polled for then, or when there are so many slots.
    void rest(Polled& polled, Nanos until, u32 call_at);
    [[nodiscard]] Nanos first_due() const;
    [[nodiscard]] QueuePair& queue_of(nic::Packet const& packet) const;
    void deliver(nic::PacketRef&& packet);

    DomId guest_;
    Hooks hooks_;
    Request request_;
    nic::PacketPool& pool_;
    Counters& counters_;
    frame::Aggregator incoming_;
    TcpShare tcp_share_;
    MulticastFilter groups_;
    policy::Policy policy_;
    Credit credit_;
    Pace pace_;
    std::vector<std::unique_ptr<QueuePair>> queues_;
    std::unique_ptr<net::Stay> stay_;
    Mode mode_ = Mode::copy;
    std::unique_ptr<Control> control_;  // goes before what its requests change
    usize turn_ = 0;                    // the queue that is polled first
    bool broken_ = false;
    u32 call_at_ = 1;  // how many slots the guest is to tell of; zero: none
};

}  // namespace netback
