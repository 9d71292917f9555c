// SPDX-License-Identifier: MIT
// The driver domain: the store, the consoles, the network and the toolstack,
// each a thread or more of one PV guest that may do more than others.
#include <array>
#include <functional>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/domctl.hpp"
#include "dom0/control/granite.hpp"
#include "dom0/control/network_domain.hpp"
#include "dom0/control/questions.hpp"
#include "dom0/control/shell.hpp"
#include "dom0/control/spare_memory.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/control/tracing.hpp"
#include "dom0/net/service.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace {

using control::terminal::log;

// Services are never destroyed: they last as long as the machine.
template <class T>
T& forever(T* object) {
    return *object;
}

toolstack::BootArchive boot_archive() {
    if (rt::boot_module().empty()) {
        log("no boot archive: there are no guests to start");
        return {};
    }
    auto archive = toolstack::BootArchive::parse(rt::boot_module());
    if (archive)
        return std::move(*archive);
    log(archive.error());
    return {};
}

void start_boot_guests(control::Toolstack& tools) {
    for (auto const& file : tools.archive().boot_list()) {
        auto const started = tools.create(file, {});
        if (!started)
            log(file + ": " + started.error());
        else if (!control::domctl::unpause(*started))
            log(file + ": cannot be started");
    }
    // Other hypervisors do not know the call, and nobody waits for it there.
    static_cast<void>(control::granite::ready());
}

constexpr DomId driver_domain{0};

net::Processors processors() {
    return {.cpu_of = [](DomId domain, VcpuId vcpu) -> Result<u32> {
                return TRY(control::domctl::vcpu_info(domain, vcpu)).cpu;
            },
            .pin =
                [](VcpuId vcpu, u32 cpu) {
                    return control::domctl::set_affinity(driver_domain, vcpu, {.hard = u64{1} << cpu});
                }};
}

// For want of memory, which there may be a moment later. A machine without a
// network still runs guests: after that they start without it.
constexpr std::array waits{rt::second, 2 * rt::second, 4 * rt::second};

template <class Outcome>
Outcome try_again(std::function<Outcome()> const& attempt, std::string_view (*why)(Outcome const&)) {
    auto done = attempt();
    for (Nanos const wait : waits) {
        if (done)
            break;
        log(std::string{why(done)} + "; next attempt in " + std::to_string(wait / rt::second) + " s");
        rt::sleep_for(wait);
        done = attempt();
    }
    if (!done)
        log(why(done));
    return done;
}

net::Service* start_network(rt::xenbus::Connection& store) {
    using Started = Result<net::Service*>;
    return try_again<Started>([&] { return net::start(store, processors()); },
                              [](Started const&) -> std::string_view {
                                  return "the network cannot be started: not enough memory";
                              })
        .value_or(nullptr);
}

void keep_network_apart(control::Toolstack& tools) {
    using Started = toolstack::Outcome<>;
    static_cast<void>(
        try_again<Started>([&] { return control::start_network_domain(tools); },
                           [](Started const& started) -> std::string_view { return started.error(); }));
}

// The services have threads of their own, but a main() that returns would end
// the domain.
[[noreturn]] void serve_without_shell() {
    rt::WaitQueue nothing;
    for (;;)
        nothing.wait();
}

}  // namespace

int main() {
    auto& stores = forever(new control::StoreService);
    auto& consoles = forever(new control::ConsoleService);
    control::spare_memory::keep_reserve();
    stores.start();
    consoles.start();
    auto& store = stores.connect();
    rt::xenbus::use_connection(store);
    if (!control::describe_driver_domain(store))
        rt::panic("the store does not answer");

    if (auto const begun = forever(new control::Tracing).start(); !begun && begun.error() != Errno::nosys)
        log("frames will not be seen in a trace: no event channel");

    bool const apart = rt::command_line_option("network") == "apart";
    auto* const network = apart ? nullptr : start_network(store);
    auto& tools = forever(new control::Toolstack{boot_archive(), stores, consoles, store, network});
    if (!tools.start())
        rt::panic("no event channel for the ends of guests");
    if (apart)
        keep_network_apart(tools);
    control::serve_questions(tools);
    start_boot_guests(tools);
    if (rt::command_line_option("shell") == "off")
        serve_without_shell();
    control::run_shell(tools);
}
