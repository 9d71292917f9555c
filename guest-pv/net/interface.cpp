// SPDX-License-Identifier: MIT
#include "guest-pv/net/interface.hpp"

#include <charconv>
#include <utility>

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/pbuf.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace net {

namespace {

// Ethernet's header and the least a card would send.
constexpr u16 mtu = 1500;
constexpr usize least_frame = 60;

Interface& self_of(netif* interface) {
    return *static_cast<Interface*>(interface->state);
}

Result<ip4_addr_t> parse_address(std::string_view text) {
    ip4_addr_t address;
    if (ip4addr_aton(std::string{text}.c_str(), &address) == 0)
        return Fail{Errno::inval};
    return address;
}

Result<ip4_addr_t> parse_prefix(std::string_view text) {
    unsigned bits = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || end != text.data() + text.size() || bits > 32)
        return Fail{Errno::inval};
    return ip4_addr_t{.addr = lwip_htonl(static_cast<u32_t>(~u64{0} << (32 - bits)))};
}

// On a whole millisecond as lwIP counts them: the same instant, however often
// and at which fraction of one it is asked for.
Nanos next_timeout() {
    Nanos const milliseconds = rt::now() / rt::millisecond;
    return (milliseconds + sys_timeouts_sleeptime()) * rt::millisecond;
}

}  // namespace

Interface::Interface(std::unique_ptr<Device> device) : device_{std::move(device)} {}

Result<Interface*> Interface::start(std::unique_ptr<Device> device) {
    lwip_init();
    auto* const self = new Interface{std::move(device)};
    netif_add_noaddr(&self->netif_, self, set_up, ethernet_input);
    netif_set_default(&self->netif_);
    netif_set_up(&self->netif_);
    self->device_->on_link_change([self](bool up) {
        self->run([self, up] { (up ? netif_set_link_up : netif_set_link_down)(&self->netif_); });
    });
    TRY_VOID(self->configure());
    rt::spawn("network", [self] { self->serve(); });
    return self;
}

Result<> Interface::configure() {
    auto const given = rt::command_line_option("ip");
    if (given.empty() || given == "dhcp") {
        if (dhcp_start(&netif_) != ERR_OK)
            return Fail{Errno::nomem};
        return {};
    }
    usize const slash = std::min(given.find('/'), given.size());
    auto const address = TRY(parse_address(given.substr(0, slash)));
    auto const mask = TRY(parse_prefix(slash < given.size() ? given.substr(slash + 1) : "24"));
    ip4_addr_t gateway{};
    if (auto const text = rt::command_line_option("gateway"); !text.empty())
        gateway = TRY(parse_address(text));
    netif_set_addr(&netif_, &address, &mask, &gateway);
    return {};
}

err_t Interface::set_up(netif* interface) {
    auto& self = self_of(interface);
    interface->name[0] = 'v';
    interface->name[1] = 'i';
    interface->mtu = mtu;
    interface->hostname = "granite";
    interface->hwaddr_len = ETH_HWADDR_LEN;
    std::copy_n(self.device_->mac().data(), ETH_HWADDR_LEN, interface->hwaddr);
    interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    interface->output = etharp_output;
    interface->linkoutput = send_frame;
    netif_set_status_callback(interface, [](netif* at) { self_of(at).addressed_.wake_all(); });
    return ERR_OK;
}

err_t Interface::send_frame(netif* interface, pbuf* frame) {
    bool const sent = self_of(interface).device_->send([frame](std::span<std::byte> buffer) {
        usize const length = pbuf_copy_partial(frame, buffer.data(), frame->tot_len, 0);
        // The buffer still holds an older frame behind this one's end.
        usize const padded = std::max(length, least_frame);
        std::fill(buffer.begin() + static_cast<ptrdiff_t>(length),
                  buffer.begin() + static_cast<ptrdiff_t>(padded), std::byte{});
        return padded;
    });
    return sent ? ERR_OK : ERR_MEM;
}

void Interface::receive_frame(Device::Pieces pieces) {
    usize length = 0;
    for (auto piece : pieces)
        length += piece.size();
    pbuf* const frame = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(length), PBUF_RAM);
    if (frame == nullptr)
        return;
    auto* at = static_cast<std::byte*>(frame->payload);
    for (auto piece : pieces)
        at = std::copy(piece.begin(), piece.end(), at);
    if (netif_.input(frame, &netif_) != ERR_OK)
        pbuf_free(frame);
}

void Interface::serve() {
    auto const receiver = [this](Device::Pieces pieces) { receive_frame(pieces); };
    for (;;) {
        for (auto const& work : std::exchange(work_, {}))
            work();
        bool const more = device_->receive(receiver);
        sys_check_timeouts();
        device_->flush();
        if (!more && work_.empty())
            device_->wait(next_timeout());
    }
}

void Interface::run(std::function<void()> work) {
    work_.push_back(std::move(work));
    device_->wake();
}

bool Interface::wait_for_address(Nanos deadline) {
    while (ip4_addr_isany_val(*netif_ip4_addr(&netif_)))
        if (!addressed_.wait(deadline))
            return false;
    return true;
}

std::string Interface::address() const {
    return ip4addr_ntoa(netif_ip4_addr(&netif_));
}

}  // namespace net
