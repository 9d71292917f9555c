// SPDX-License-Identifier: MIT
#include "dom0/control/toolstack.hpp"

#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/granite.hpp"
#include "dom0/control/processors.hpp"
#include "dom0/control/spare_memory.hpp"
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

Outcome<Guest> Toolstack::prepare(std::string const& file, std::string_view text,
                                  std::vector<std::string> const& overrides) const {
    Guest guest{.config = GET(toolstack::read_config(file, text, overrides))};
    for (auto& vif : guest.config.vifs)
        DO(find_backend(vif));
    guest.uuid = new_uuid(guest.config.name);
    DO(check_free(guest.config.name));
    for (auto const& warning : guest.config.warnings)
        terminal::log("warning: " + warning);
    return guest;
}

Outcome<BuiltDomain> Toolstack::build(Guest const& guest, Progress const& progress) const {
    auto const& config = guest.config;
    GuestPlan plan{.kernel = GET(archive_.file(config.kernel)),
                   .command_line = config.command_line + (guest.once.empty() ? "" : " " + guest.once),
                   .memory_kib = config.memory_mib * kib_per_mib,
                   .most_memory_kib = config.maxmem_mib() * kib_per_mib,
                   .creation = {.uuid = guest.uuid,
                                .vcpus = config.maxvcpus(),
                                .grant_frames = config.grant_frames,
                                .maptrack_frames = config.max_maptrack_frames(),
                                .id = config.driver_domain ? guest.id : DomId{}},
                   .functions = config.functions,
                   .progress = progress};
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

Outcome<DomId> Toolstack::create(std::string const& file, std::vector<std::string> const& overrides,
                                 Progress const& progress) {
    if (auto const shortage = spare_memory::shortage())
        return Failure{*shortage};
    return with_name(GET(prepare(file, as_text(GET(archive_.file(file))), overrides)), progress);
}

Outcome<DomId> Toolstack::create_from(std::string const& file, std::string_view text) {
    return with_name(GET(prepare(file, text, {})));
}

Outcome<DomId> Toolstack::with_name(Guest guest, Progress const& progress) {
    auto const name = guest.config.name;
    auto const id = start(std::move(guest), progress);
    return id ? id : Failure{name + ": " + id.error()};
}

Outcome<> Toolstack::find_backend(toolstack::VifSpec& vif) const {
    if (vif.backend.empty()) {
        vif.backend_id = network_domain_;
        // Guests may do without.
        if (network_domain_ == this_domain && network_ == nullptr)
            terminal::log("there is no network to serve the interface of a guest");
        return {};
    }
    auto const backend = find(vif.backend);
    bool const serves =
        backend && (*backend == this_domain ? network_ != nullptr
                                            : guest(*backend) && guest(*backend)->config.driver_domain);
    if (!serves)
        return Failure{"vif: backend=" + vif.backend + ": no such driver domain"};
    vif.backend_id = *backend;
    return {};
}

Outcome<DomId> Toolstack::start(Guest guest, Progress const& progress) {
    auto const built = GET(build(guest, progress));
    // Its guests hold on to the nodes of a driver domain that starts anew.
    auto const nodes = guest.config.driver_domain && guest.id != DomId{} ? Nodes::keep : Nodes::forget;
    guest.id = built.id;
    guest.created = rt::now();
    guest.ended = false;
    // Only Granite can be told.
    static_cast<void>(granite::set_name(guest.id, guest.config.name));
    auto const& kept = guests_.insert_or_assign(guest.id, std::move(guest)).first->second;
    auto ready = give_processors(built.id, kept.config);
    if (ready)
        ready = connect(kept, built);
    if (!ready) {
        GET(take_down(built.id, nodes));
        return Failure{ready.error()};
    }
    return built.id;
}

Outcome<> Toolstack::forget(Guest const& guest) {
    auto const released = store_.release(guest.id);
    if (!released && released.error() != Errno::noent)
        return Failure{"cannot disconnect it from xenstore"};
    return or_say(forget_domain(store_, guest.id, to_string(guest.uuid), guest.config.vifs),
                  "cannot remove its nodes");
}

Outcome<> Toolstack::dismantle(Guest const& guest, Nodes nodes) {
    // It must not run any more while its world is taken away.
    DO(or_say(domctl::pause(guest.id), "cannot pause it"));
    consoles_.remove(guest.id);
    if (nodes == Nodes::keep)
        stores_.disconnect(guest.id);
    else
        DO(forget(guest));
    return or_say(domctl::destroy(guest.id), "cannot destroy it");
}

Outcome<Guest> Toolstack::take_down(DomId id, Nodes nodes) {
    auto taken = guests_.extract(id);
    if (taken.empty())
        return Failure{id == this_domain ? "the driver domain cannot be destroyed"
                                         : "no such domain, or not created here"};
    auto const done = dismantle(taken.mapped(), nodes);
    if (!done) {
        guests_.insert(std::move(taken));
        return Failure{done.error()};
    }
    if (id == network_domain_ && nodes == Nodes::forget)
        network_domain_ = this_domain;
    ended_.wake_all();
    return std::move(taken.mapped());
}

Outcome<> Toolstack::destroy(DomId id) {
    GET(take_down(id, Nodes::forget));
    return {};
}

Outcome<> Toolstack::restart_driver(DomId id, std::string once) {
    auto const* const domain = guest(id);
    if (domain == nullptr || !domain->config.driver_domain)
        return Failure{name_of(id) + " is no driver domain apart from this one"};
    auto ended = GET(take_down(id, Nodes::keep));
    ended.once = std::move(once);
    ended.pace = {};  // whoever asks for it wants no waiting for crashes before
    auto const name = ended.config.name;
    auto const done = restart(std::move(ended));
    return done ? done : Failure{name + ": " + done.error()};
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
        return Failure{"a domain named '" + name + "' exists already; 'name=\"...\"' gives another"};
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
    std::vector<std::string_view> names{"Domain-0"};
    for (auto const& [id, guest] : guests_)
        names.push_back(guest.config.name);
    return Failure{"'" + std::string{domain} + "' is an invalid domain identifier" +
                   toolstack::did_you_mean(domain, names, "; 'xl list' shows who is there")};
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

}  // namespace control
