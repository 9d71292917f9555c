// SPDX-License-Identifier: MIT
// Guests from their configuration to their end: creates them, notices when they
// stop, and does then what their configuration says.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "dom0/control/console_service.hpp"
#include "dom0/control/domctl.hpp"
#include "dom0/control/foreign_memory.hpp"
#include "dom0/control/store_service.hpp"
#include "dom0/toolstack/boot_archive.hpp"
#include "dom0/toolstack/domain_config.hpp"
#include "dom0/toolstack/restart_pace.hpp"

namespace net {
class Service;
}

namespace control {

class Outage;

// A guest that this toolstack created.
struct Guest {
    DomId id{};
    toolstack::DomainConfig config;
    domctl::Uuid uuid{};
    Nanos created = 0;
    bool ended = false;  // its end was noticed, and it is being kept
    toolstack::RestartPace pace{};
    std::string once{};  // more words of its command line, for this life alone
};

class Toolstack {
  public:
    // `network` is null on a machine where it could not be started.
    Toolstack(toolstack::BootArchive archive, StoreService& stores, ConsoleService& consoles,
              rt::xenbus::Connection& store, net::Service* network)
        : archive_{std::move(archive)},
          stores_{stores},
          consoles_{consoles},
          store_{store},
          network_{network} {}

    // Begins to notice the ends of guests.
    Result<> start();

    // The guest is paused, so that somebody can attach to it first.
    toolstack::Outcome<DomId> create(std::string const& file, std::vector<std::string> const& overrides,
                                     Progress const& progress = {});
    // As `create`, of a configuration that is in no file; `file` names it in messages.
    toolstack::Outcome<DomId> create_from(std::string const& file, std::string_view text);
    toolstack::Outcome<> destroy(DomId guest);
    // Ends a driver domain wherever it is and starts it anew, by the same number:
    // its guests keep their interfaces. `once`: words for its command line, until
    // it ends again.
    toolstack::Outcome<> restart_driver(DomId domain, std::string once = {});
    // Asks the guest itself to end: "poweroff", "reboot", ...
    toolstack::Outcome<> ask(DomId guest, std::string_view what);
    // Whether the guest has said that it does what ask() asks for.
    [[nodiscard]] bool obeys(DomId guest, std::string_view what) const;
    toolstack::Outcome<> rename(DomId guest, std::string const& name);

    // By number or name.
    [[nodiscard]] toolstack::Outcome<DomId> find(std::string_view domain) const;
    [[nodiscard]] std::string name_of(DomId domain) const;
    [[nodiscard]] Guest const* guest(DomId domain) const;
    [[nodiscard]] Guest* guest(DomId domain);
    [[nodiscard]] std::vector<DomId> guests() const;

    // Waits until the guest has ended; false when `deadline` passed first.
    bool wait_for_end(DomId guest, Nanos deadline);

    [[nodiscard]] toolstack::BootArchive const& archive() const { return archive_; }
    [[nodiscard]] rt::xenbus::Connection& store() const { return store_; }
    [[nodiscard]] ConsoleService& consoles() const { return consoles_; }
    [[nodiscard]] net::Service* network() const { return network_; }
    // The domain that backs guests' interfaces unless they say otherwise; at
    // first this one.
    void set_network_domain(DomId domain) { network_domain_ = domain; }
    [[nodiscard]] DomId network_domain() const { return network_domain_; }
    // Fills in the backend's number.
    [[nodiscard]] toolstack::Outcome<> find_backend(toolstack::VifSpec& vif) const;

  private:
    enum class Nodes { keep, forget };  // in the store

    toolstack::Outcome<Guest> prepare(std::string const& file, std::string_view text,
                                      std::vector<std::string> const& overrides) const;
    // The failure does not name it.
    toolstack::Outcome<DomId> start(Guest guest, Progress const& progress = {});
    // The failure does.
    toolstack::Outcome<DomId> with_name(Guest guest, Progress const& progress = {});
    [[nodiscard]] toolstack::Outcome<> check_free(std::string const& name) const;
    toolstack::Outcome<BuiltDomain> build(Guest const& guest, Progress const& progress) const;
    toolstack::Outcome<> connect(Guest const& guest, BuiltDomain const& built);
    toolstack::Outcome<> forget(Guest const& guest);
    // In steps that can each be taken again.
    toolstack::Outcome<> dismantle(Guest const& guest, Nodes nodes);
    // On failure it is still there, to be taken down again.
    toolstack::Outcome<Guest> take_down(DomId id, Nodes nodes);
    void notice_ends();
    void end(DomId id, unsigned reason);
    // After its end; `wait` before it starts again, if it shall.
    toolstack::Outcome<> follow_up(DomId id, toolstack::OnEnd action, Nanos wait);
    // Tells how long the outage was, if there is one. A driver domain that cannot be
    // started is tried again, as others wait for it; the failure says when.
    toolstack::Outcome<> restart(Guest guest, std::shared_ptr<Outage> outage = {});
    void restart_later(Guest guest, std::shared_ptr<Outage> outage, Nanos wait);

    toolstack::BootArchive archive_;
    StoreService& stores_;
    ConsoleService& consoles_;
    rt::xenbus::Connection& store_;
    net::Service* network_;
    DomId network_domain_{};
    std::map<DomId, Guest> guests_;
    rt::EventChannel exceptions_;  // fires when any domain stops
    rt::WaitQueue ended_;
};

}  // namespace control
