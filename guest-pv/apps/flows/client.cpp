// SPDX-License-Identifier: MIT
// The end that begins: each flow says some bytes, waits until all of them are
// back, pauses, and goes on. A byte's place and its flow's number say what it is.
#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

#include <lwip/timeouts.h>

#include "guest-pv/apps/flows/roles.hpp"

namespace flows {
namespace {

constexpr u32 most_bytes = 4096;

Plan plan;

u8 byte_at(u32 flow, u64 place) {
    u64 const mixed = (place + 1) * 0x9e37'79b9'7f4a'7c15 + flow * 0xbf58'476d'1ce4'e5b9;
    return static_cast<u8>(mixed >> 56);
}

class Flow {
  public:
    explicit Flow(u32 number) : number_{number} {}

    // Until the interface has a link, nobody is to be reached.
    void begin() {
        tcp_pcb* const pcb = tcp_new();
        if (pcb == nullptr)
            return fail();
        auto const met = [](void* flow, tcp_pcb*, err_t) { return self(flow).met(); };
        if (tcp_connect(pcb, &plan.peer, plan.port, met) != ERR_OK) {
            tcp_abort(pcb);
            return sys_timeout(
                plan.pause_ms, [](void* flow) { self(flow).begin(); }, this);
        }
        pcb_ = pcb;
        tcp_arg(pcb, this);
        tcp_nagle_disable(pcb);
        tcp_recv(pcb, [](void* flow, tcp_pcb*, pbuf* data, err_t) { return self(flow).hear(data); });
        tcp_err(pcb, [](void* flow, err_t) { self(flow).fail(); });
    }

    void add_to(Score& score) const {
        score.open += open_ ? 1 : 0;
        score.broken += broken_ ? 1 : 0;
        score.bytes += heard_;
        score.wrong += wrong_;
        score.least = std::min(score.least, heard_);
    }

  private:
    static Flow& self(void* flow) { return *static_cast<Flow*>(flow); }

    err_t met() {
        open_ = true;
        return say();
    }

    err_t say() {
        if (broken_)
            return ERR_OK;
        std::array<u8, most_bytes> bytes;
        auto const part = std::span{bytes}.first(plan.bytes);
        for (u64 place = said_; u8 & byte : part)
            byte = byte_at(number_, place++);
        if (tcp_write(pcb_, part.data(), static_cast<u16_t>(part.size()), TCP_WRITE_FLAG_COPY) != ERR_OK) {
            say_later();
            return ERR_OK;
        }
        said_ += part.size();
        // What finds no room below is sent later; lwIP would take an error for data refused.
        tcp_output(pcb_);
        return ERR_OK;
    }
    void say_later() {
        sys_timeout(
            plan.pause_ms, [](void* flow) { self(flow).say(); }, this);
    }

    err_t hear(pbuf* data) {
        if (data == nullptr) {  // nobody here asked for an end
            fail();
            return ERR_OK;
        }
        for (pbuf const* piece = data; piece != nullptr; piece = piece->next)
            for (u8 const byte : std::span{static_cast<u8 const*>(piece->payload), usize{piece->len}})
                wrong_ += byte == byte_at(number_, heard_++) ? 0 : 1;
        tcp_recved(pcb_, data->tot_len);
        pbuf_free(data);
        if (heard_ == said_)
            say_later();
        return ERR_OK;
    }

    void fail() {
        open_ = false;
        broken_ = true;
    }

    u32 number_;
    tcp_pcb* pcb_ = nullptr;
    bool open_ = false;
    bool broken_ = false;
    u64 said_ = 0;
    u64 heard_ = 0;
    u64 wrong_ = 0;
};

std::vector<std::unique_ptr<Flow>> all;

}  // namespace

void begin(Plan const& wanted) {
    plan = wanted;
    plan.bytes = std::clamp(plan.bytes, u32{1}, most_bytes);
    for (u32 i = 0; i < plan.flows; ++i)
        all.push_back(std::make_unique<Flow>(i));
    for (auto const& flow : all)
        flow->begin();
}

Score score() {
    Score sum{.least = ~u64{0}};
    for (auto const& flow : all)
        flow->add_to(sum);
    return sum;
}

}  // namespace flows
