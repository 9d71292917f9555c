// SPDX-License-Identifier: MIT
// Raw UDP: what is left is the cost of the way here. The headers are looked at,
// the payload is not.
#include <algorithm>
#include <string>

#include <lwip/ip4_addr.h>

#include "guest-pv/apps/traffic/headers.hpp"
#include "guest-pv/apps/traffic/roles.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/traffic/protocol.hpp"

namespace traffic {
namespace {

constexpr usize least_frame = 60;
constexpr u32 flush_every = 32;

class Endpoint {
  public:
    Endpoint(net::Device& device, u32 own_address) : device_{device}, own_address_{own_address} {}

    [[noreturn]] void serve() {
        for (;;) {
            bool const more = device_.receive([&](net::Device::Pieces pieces) { take(pieces.front()); });
            device_.flush();
            if (!more && rt::now() >= next_hello_)
                say_hello();
            if (!more)
                device_.wait(next_hello_);
        }
    }

  private:
    void take(std::span<std::byte const> frame) {
        auto const headers = headers_of(frame);
        if (!headers)
            return;
        // Others say hello to everybody.
        if (!headers->to_everybody())
            next_hello_ = rt::never;
        auto const payload = frame.subspan(sizeof *headers, headers->payload());
        switch (headers->port()) {
            case sink_port:
                sink(*headers, payload.empty());
                break;
            case echo_port:
                send(headers->reversed(), payload);
                break;
            case source_port:
                source(*headers, payload);
                break;
            default:
                break;
        }
    }

    void sink(Headers const& headers, bool asked) {
        if (!asked)
            count_.datagrams++;
        if (asked || count_.datagrams % credit_every == 0)
            answer(headers, std::as_bytes(std::span{&count_, 1}));
    }

    void source(Headers const& headers, std::span<std::byte const> payload) {
        Order order{};
        if (payload.size() != sizeof order)
            return;
        std::memcpy(&order, payload.data(), sizeof order);
        static std::array<std::byte, most_payload> const nothing{};
        auto const body = std::span{nothing}.first(std::min(order.length, most_payload));
        auto back = headers.reversed();
        back.set_payload(body.size());
        for (u32 sent = 0; sent < order.datagrams; sent++) {
            send(back, body);
            if (sent % flush_every == 0)
                device_.flush();
        }
        answer(headers, {});
    }

    void answer(Headers const& to, std::span<std::byte const> payload) {
        auto back = to.reversed();
        back.set_payload(payload.size());
        send(back, payload);
    }

    // A device that takes nothing for long gives a frame up; who counts frames is
    // not to miss one that has never left.
    void send(Headers const& headers, std::span<std::byte const> payload) {
        auto const fill = [&](std::span<std::byte> into) {
            usize const length = sizeof headers + payload.size();
            std::memcpy(into.data(), &headers, sizeof headers);
            std::memcpy(into.data() + sizeof headers, payload.data(), payload.size());
            if (length < least_frame)
                std::memset(into.data() + length, 0, least_frame - length);
            return std::max(length, least_frame);
        };
        while (!device_.send(fill))
            rt::sleep_for(rt::millisecond);
    }

    // To everybody: who the generator is will be seen by its answer.
    void say_hello() {
        Headers hello{};
        hello.ethernet.dest = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
        std::copy_n(device_.mac().data(), ETH_HWADDR_LEN, hello.ethernet.src.addr);
        hello.ethernet.type = PP_HTONS(ETHTYPE_IP);
        hello.ip._v_hl = 0x45;
        hello.ip._ttl = 64;
        hello.ip._proto = IP_PROTO_UDP;
        hello.ip.src.addr = own_address_;
        hello.ip.dest.addr = PP_HTONL(LWIP_MAKEU32(10, 0, 2, 2));
        hello.udp.src = hello.udp.dest = lwip_htons(generator_port);
        hello.set_payload(0);
        send(hello, {});
        device_.flush();
        next_hello_ = rt::now() + rt::second / 10;
    }

    net::Device& device_;
    u32 own_address_;
    Nanos next_hello_ = 0;  // never: the generator has answered
    Count count_{};
};

// Of `ip=ADDRESS/BITS`, as it stands in a header.
Result<u32> own_address() {
    std::string const text{rt::command_line_option("ip")};
    ip4_addr_t address{};
    if (ip4addr_aton(text.substr(0, text.find('/')).c_str(), &address) == 0)
        return Fail{Errno::inval};
    return address.addr;
}

}  // namespace

Result<> serve_datagrams(net::Device& device) {
    Endpoint{device, TRY(own_address())}.serve();
}

}  // namespace traffic
