// SPDX-License-Identifier: MIT
#include "dom0/control/toolstack.hpp"

#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/granite.hpp"
#include "dom0/control/processors.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/control/uuid.hpp"
#include "dom0/toolstack/text.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr u64 kib_per_mib = 1024;
constexpr DomId this_domain{0};

toolstack::OnEnd action_after(toolstack::DomainConfig const& config, unsigned reason) {
    switch (reason) {
        case SHUTDOWN_reboot:
            return config.on_reboot;
        case SHUTDOWN_poweroff:
            return config.on_poweroff;
        default:
            return config.on_crash;
    }
}

bool has_stopped(domctl::Info const& info) {
    return (info.flags & XEN_DOMINF_shutdown) != 0;
}

unsigned reason_of(domctl::Info const& info) {
    return (info.flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask;
}

std::string_view as_text(image::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace

Result<> Toolstack::start() {
    exceptions_ = TRY(rt::EventChannel::bind_virq(VIRQ_DOM_EXC));
    rt::spawn("toolstack", [this] {
        for (;;) {
            exceptions_.wait();
            notice_ends();
        }
    });
    return {};
}

Outcome<Guest> Toolstack::prepare(std::string const& file, std::vector<std::string> const& overrides) const {
    auto const text = GET(archive_.file(file));
    Guest guest{.config = GET(toolstack::read_config(file, as_text(text), overrides))};
    guest.uuid = new_uuid(guest.config.name);
    DO(check_free(guest.config.name));
    for (auto const& warning : guest.config.warnings)
        terminal::log("warning: " + warning);
    return guest;
}

Outcome<BuiltDomain> Toolstack::build(Guest const& guest) const {
    auto const& config = guest.config;
    GuestPlan plan{.kernel = GET(archive_.file(config.kernel)),
                   .command_line = config.command_line,
                   .memory_kib = config.memory_mib * kib_per_mib,
                   .most_memory_kib = config.maxmem_mib() * kib_per_mib,
                   .creation = {.uuid = guest.uuid,
                                .vcpus = config.maxvcpus(),
                                .grant_frames = config.grant_frames,
                                .maptrack_frames = config.maptrack_frames}};
    if (!config.ramdisk.empty())
        plan.ramdisk = GET(archive_.file(config.ramdisk));
    return build_domain(plan);
}

// Between the building and the first instruction: everybody the guest will
// want to talk to learns of it.
Outcome<> Toolstack::connect(Guest const& guest, BuiltDomain const& built) {
    DO(or_say(consoles_.add(built.id, built.console), "cannot connect the console"));
    DO(or_say(describe_domain(store_, {built, to_string(guest.uuid), guest.config}),
              "cannot write to xenstore"));
    return or_say(store_.introduce(built.id, built.store.frame, built.store.port), "cannot connect xenstore");
}

Outcome<DomId> Toolstack::create(std::string const& file, std::vector<std::string> const& overrides) {
    return start(GET(prepare(file, overrides)));
}

Outcome<DomId> Toolstack::start(Guest guest) {
    auto const built = build(guest);
    if (!built)
        return Failure{guest.config.name + ": " + built.error()};
    guest.id = built->id;
    guest.created = rt::now();
    guest.ended = false;
    // Only Granite can be told.
    static_cast<void>(granite::set_name(guest.id, guest.config.name));
    auto const& kept = guests_.insert_or_assign(guest.id, std::move(guest)).first->second;
    auto ready = give_processors(built->id, kept.config);
    if (ready)
        ready = connect(kept, *built);
    if (!ready) {
        auto const why = kept.config.name + ": " + ready.error();
        DO(destroy(built->id));
        return Failure{why};
    }
    return built->id;
}

Outcome<> Toolstack::destroy(DomId id) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return Failure{id == this_domain ? "the driver domain cannot be destroyed"
                                         : "no such domain, or not created here"};
    auto const guest = std::move(it->second);
    guests_.erase(it);
    // It must not run any more while its world is taken away.
    DO(or_say(domctl::pause(id), "cannot pause it"));
    consoles_.remove(id);
    auto const released = store_.release(id);
    if (!released && released.error() != Errno::noent)
        return or_say(released, "cannot disconnect it from xenstore");
    DO(or_say(forget_domain(store_, id, to_string(guest.uuid)), "cannot remove its nodes"));
    DO(or_say(domctl::destroy(id), "cannot destroy it"));
    ended_.wake_all();
    return {};
}

Outcome<> Toolstack::ask(DomId id, std::string_view what) {
    if (guest(id) == nullptr)
        return Failure{"no such domain, or not created here"};
    return or_say(store_.write(home_of(id) + "/control/shutdown", what), "cannot ask the guest");
}

bool Toolstack::obeys(DomId id, std::string_view what) const {
    auto const said = store_.read(home_of(id) + "/control/feature-" + std::string{what});
    return said && *said == "1";
}

Outcome<> Toolstack::rename(DomId id, std::string const& name) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return Failure{"no such domain, or not created here"};
    if (!toolstack::is_domain_name(name))
        return Failure{"'" + name + "' cannot be the name of a domain"};
    DO(check_free(name));
    auto& guest = it->second;
    DO(or_say(write_name(store_, id, to_string(guest.uuid), name), "cannot write to xenstore"));
    guest.config.name = name;
    static_cast<void>(granite::set_name(id, name));  // only exists on Granite
    return {};
}

Outcome<> Toolstack::check_free(std::string const& name) const {
    if (find(name))
        return Failure{"a domain named '" + name + "' exists already"};
    return {};
}

Outcome<DomId> Toolstack::find(std::string_view domain) const {
    if (auto const number = toolstack::to_number<u16>(domain)) {
        if (domctl::info(DomId{*number}))
            return DomId{*number};
    }
    if (domain == name_of(this_domain))
        return this_domain;
    for (auto const& [id, guest] : guests_) {
        if (guest.config.name == domain)
            return id;
    }
    return Failure{"'" + std::string{domain} + "' is an invalid domain identifier"};
}

std::string Toolstack::name_of(DomId domain) const {
    if (domain == this_domain)
        return "Domain-0";
    auto const it = guests_.find(domain);
    return it == guests_.end() ? "(null)" : it->second.config.name;
}

Guest const* Toolstack::guest(DomId domain) const {
    auto const it = guests_.find(domain);
    return it == guests_.end() ? nullptr : &it->second;
}

Guest* Toolstack::guest(DomId domain) {
    auto const it = guests_.find(domain);
    return it == guests_.end() ? nullptr : &it->second;
}

std::vector<DomId> Toolstack::guests() const {
    std::vector<DomId> ids;
    for (auto const& [id, guest] : guests_)
        ids.push_back(id);
    return ids;
}

bool Toolstack::wait_for_end(DomId id, Nanos deadline) {
    while (guests_.contains(id) && !guests_.at(id).ended) {
        if (!ended_.wait(deadline))
            return false;
    }
    return true;
}

void Toolstack::notice_ends() {
    for (auto const& info : domctl::list()) {
        DomId const id{info.domain};
        if (has_stopped(info) && guests_.contains(id) && !guests_.at(id).ended)
            end(id, reason_of(info));
    }
}

void Toolstack::end(DomId id, unsigned reason) {
    auto& guest = guests_.at(id);
    guest.ended = true;
    stores_.domain_changed();
    auto const name = guest.config.name;
    Nanos const wait = reason == SHUTDOWN_crash ? guest.pace.after_crash(rt::now() - guest.created) : 0;
    auto const done = follow_up(id, action_after(guest.config, reason), wait);
    if (!done)
        terminal::log(name + ": " + done.error());
    ended_.wake_all();
}

Outcome<> Toolstack::restart(Guest guest) {
    DO(check_free(guest.config.name));
    return or_say(domctl::unpause(GET(start(std::move(guest)))), "cannot start it again");
}

Outcome<> Toolstack::follow_up(DomId id, toolstack::OnEnd action, Nanos wait) {
    auto guest = guests_.at(id);
    if (action == toolstack::OnEnd::preserve) {
        terminal::log(guest.config.name + ": kept for inspection until it is destroyed");
        return {};
    }
    DO(destroy(id));
    if (action != toolstack::OnEnd::restart)
        return {};
    if (wait == 0)
        return restart(std::move(guest));
    terminal::log(guest.config.name + ": crashes soon each time, starts again in " +
                  std::to_string(wait / rt::second) + " s");
    rt::spawn("restart", [this, guest = std::move(guest), wait] {
        rt::sleep_for(wait);
        if (auto const done = restart(guest); !done)
            terminal::log(guest.config.name + ": " + done.error());
    });
    return {};
}

}  // namespace control
