// SPDX-License-Identifier: MIT
// A frontend that does to its rings, and writes to xenstore, whatever it is told
// to. It counts what comes back.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guest-pv/apps/rogue/device.hpp"
#include "guest-pv/net/front_ring.hpp"
#include "guest-pv/net/granted_page.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/map.hpp"
#include "kernel/abi/netif.hpp"

namespace rogue {

// What a frontend says to be connected, as text, so that anything can be said.
struct Keys {
    std::string tx_ring, rx_ring, event, queues = "1", control_ring, control_event;
};

class RawVif {
  public:
    static constexpr u32 buffer_count = 256;
    enum Ring : u8 { tx, rx, control };
    enum class Posting : u8 { all, none };

    // Rings that the backend does not know of yet.
    static Result<std::unique_ptr<RawVif>> make(Device const& device);
    // Connected, with all buffers declared.
    static Result<std::unique_ptr<RawVif>> connect(Device const& device, Posting posting = Posting::all);
    // The backend lets go first.
    ~RawVif();
    RawVif(RawVif const&) = delete;
    RawVif& operator=(RawVif const&) = delete;

    // Honest keys.
    [[nodiscard]] Keys keys() const;
    // False: refused.
    [[nodiscard]] bool announce(Keys const& keys);

    // Put on a ring, and shown by publish().
    void send(netif_tx_request_t const& request) { tx_.put(request); }
    void send(netif_extra_info_t const& extra);
    void post(GrantRef page);
    void post_buffer(u32 number);
    void post_buffers();
    void publish();
    // Shows so many more than were put, until publish(), and leaves the backend time to see it.
    void run_ahead(Ring ring, u32 by);

    // One frame that the peer answers.
    void ask_peer();
    // Takes all that came, and posts its buffers again.
    void collect();
    struct Seen {
        u32 sent = 0, refused = 0, others = 0;  // on the transmit ring
        u32 frames = 0, errors = 0;             // on the receive ring
        u32 answer = 0;                         // of the peer, the last one
    };
    [[nodiscard]] Seen const& seen() const { return seen_; }
    // The peer answers a question.
    [[nodiscard]] bool serves();
    // The backend looks at its rings no more.
    [[nodiscard]] bool is_cut_off();

    // By the control ring. Errno::timedout: no answer.
    Result<xen_netif_ctrl_response> request(u16 type, u32 queue, u32 list, u32 entries);
    // A list that is granted to the backend.
    [[nodiscard]] std::span<xen_netif_gref> list() const;
    [[nodiscard]] GrantRef list_page() const { return shared_[listed].ref(); }
    Result<> declare();
    // The backend's pages, if it has some; that it may use them; and both with them
    // mapped between. Errno::opnotsupp: it has none.
    Result<std::vector<GrantRef>> backend_pages();
    Result<> use_backend_pages();
    Result<> map_backend_pages();

    [[nodiscard]] GrantRef buffer(u32 number) const { return buffers_[number].ref(); }
    // A page the backend may only read.
    [[nodiscard]] GrantRef source() const { return source_.ref(); }
    [[nodiscard]] Device const& device() const { return device_; }

  private:
    using TxRing = net::FrontRing<netif_tx_request_t, netif_tx_response_t>;
    using RxRing = net::FrontRing<netif_rx_request_t, netif_rx_response_t>;
    using ControlRing = net::FrontRing<xen_netif_ctrl_request, xen_netif_ctrl_response>;

    static constexpr u32 listed = control + 1, shared_pages = listed + 1;

    RawVif(Device const& device, rt::EventChannel event, rt::EventChannel control_event,
           std::vector<net::GrantedPage> shared, net::GrantedPage source,
           std::vector<net::GrantedPage> buffers);
    void hear(netif_tx_response_t const& response);
    void hear(netif_rx_response_t const& response);
    // Where the frame is.
    [[nodiscard]] std::span<std::byte const> page_of(netif_rx_response_t const& response) const;

    Device const& device_;
    rt::EventChannel event_;
    rt::EventChannel control_event_;
    std::vector<net::GrantedPage> shared_;  // the rings, and a list
    net::GrantedPage source_;
    std::vector<net::GrantedPage> buffers_;
    rt::GrantMapping backend_pages_;
    TxRing tx_{shared_[tx].data()};
    RxRing rx_{shared_[rx].data()};
    ControlRing control_{shared_[control].data()};
    std::array<std::optional<u32>, RxRing::size> posted_;  // buffers, by slot
    u32 question_ = 0;
    Seen seen_;
};

}  // namespace rogue
