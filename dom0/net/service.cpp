// SPDX-License-Identifier: MIT
// Putting the network together.
#include "dom0/net/service.hpp"

#include "dom0/net/helpers/vcpu_helper.hpp"
#include "dom0/net/netback/manager.hpp"
#include "dom0/net/switch/cards.hpp"
#include "drivers/net/table.hpp"
#include "drivers/pci/enumerate.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "kernel/base/log.hpp"

namespace net {

namespace {

constexpr usize packet_buffers = 2048;
constexpr Nanos longest_wait = 60 * rt::second;

}  // namespace

class Service {
  public:
    Service(rt::xenbus::Connection& store, std::unique_ptr<nic::PacketPool> pool, Processors processors)
        : pool_{std::move(pool)},
          switch_{*pool_},
          manager_{store,
                   switch_,
                   *pool_,
                   cards_,
                   {helpers::VcpuHelper::start, std::move(processors.pin), std::move(processors.cpu_of)}} {}

    void start() {
        std::vector<pci::Function> missing;
        for (pci::Function const& function : pci::enumerate())
            if (lacks_memory(add_card(function)))
                missing.push_back(function);
        if (!missing.empty())
            rt::spawn("cards", [this, missing] { add_later(missing); });
        rt::spawn("switch", [this] { switch_.run(); });
        rt::spawn("netback", [this] {
            if (auto const ended = manager_.run(); !ended)
                log("net: the store does not answer, errno {}", ended.error());
        });
    }

    Cards const& cards() const { return cards_; }
    Result<> reset_card(usize number) {
        NicPort* const card = cards_.at(number);
        if (card == nullptr)
            return Fail{Errno::noent};
        card->ask_reset();
        return {};
    }
    void look_at(PortId port) { switch_.wake(port); }
    netback::Manager const& manager() const { return manager_; }

  private:
    struct Place {
        NicPort* card;
        PortId port;
    };

    static bool lacks_memory(Result<> const& done) { return !done && done.error() == Errno::nomem; }

    // Where there was no memory for them, there may be some a moment later.
    void add_later(std::vector<pci::Function> missing) {
        for (Nanos wait = rt::second; !missing.empty(); wait = std::min(2 * wait, longest_wait)) {
            rt::sleep_for(wait);
            std::erase_if(missing,
                          [this](auto const& function) { return !lacks_memory(add_card(function)); });
        }
    }

    // Failure: it has a driver, and does not start.
    Result<> add_card(pci::Function const& function) {
        auto const* const driver = nic::driver_for(function);
        if (driver == nullptr)
            return {};
        auto const [bus, device, number] = function.address();
        // The card may interrupt before it is plugged in.
        auto const place = std::make_shared<std::optional<Place>>();
        auto card = driver->probe(function, *pool_, [this, place](u16) {
            if (!*place)
                return;
            (*place)->card->told();
            switch_.wake((*place)->port);
        });
        if (!card) {
            log("{}: {:02x}:{:02x}.{} does not start, errno {}", driver->name, bus, device, number,
                card.error());
            return Fail{card.error()};
        }
        nic::MacText text;
        log("{}: {:02x}:{:02x}.{} is {}", driver->name, bus, device, number,
            nic::to_text((*card)->mac(), text));
        auto plugged = std::make_unique<NicPort>(std::move(*card), *pool_);
        auto const id = switch_.attach(*plugged, {.vlans = bridge::Vlans::trunk(), .shares = false});
        if (!id) {
            log("{}: the switch has no port left", driver->name);
            return Fail{id.error()};
        }
        *place = {plugged.get(), *id};
        cards_.add(*id, std::move(plugged));
        return {};
    }

    std::unique_ptr<nic::PacketPool> pool_;
    Switch switch_;
    Cards cards_;
    netback::Manager manager_;
};

Result<Service*> start(rt::xenbus::Connection& store, Processors processors) {
    auto* const service =
        new Service{store, TRY(nic::PacketPool::create(packet_buffers)), std::move(processors)};
    service->start();
    return service;
}

std::vector<NicInfo> cards(Service const& service) {
    std::vector<NicInfo> all;
    service.cards().for_each([&](NicPort const& card) {
        all.push_back({card.nic().driver(), card.nic().mac(), card.nic().link_up(), card.nic().own_queues(),
                       card.residents(), card.counters(), card.overruns(), card.flawed(), card.interrupts(),
                       card.missed_interrupts()});
    });
    return all;
}

std::vector<CardQueue> card_queues(Service const& service) {
    return queues_of(service.cards());
}

Result<> reset_card(Service& service, usize number) {
    return service.reset_card(number);
}

void look_at(Service& service, PortId port) {
    service.look_at(port);
}

std::vector<netback::VifInfo> interfaces(Service const& service) {
    return service.manager().list();
}

}  // namespace net
