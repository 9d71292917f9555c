// SPDX-License-Identifier: MIT
// xl's verb that shows network interfaces: in xl's columns, and with -v what the
// backend knows besides.
#include <array>
#include <cstdlib>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/hotplug.hpp"
#include "dom0/control/network_questions.hpp"
#include "dom0/control/spare_memory.hpp"
#include "dom0/control/vif_nodes.hpp"
#include "dom0/net/netback/mode.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::Outcome;

int number_at(rt::xenbus::Connection& store, std::string const& path) {
    auto const text = store.read(path);
    return text ? std::atoi(text->c_str()) : -1;
}

// As xl prints it: scripts cut by these columns.
void print_row(rt::xenbus::Connection& store, std::string const& vif, std::string const& index,
               std::string const& backend) {
    print("%-3d %-2d %-17s %6d %5d %6d %5d/%-11d %-30s\n", std::atoi(index.c_str()),
          number_at(store, vif + "/backend-id"), store.read(vif + "/mac").value_or("").c_str(),
          number_at(store, vif + "/handle"), number_at(store, vif + "/state"),
          number_at(store, vif + "/event-channel"), number_at(store, vif + "/tx-ring-ref"),
          number_at(store, vif + "/rx-ring-ref"), backend.c_str());
}

Outcome<> network_list(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "v"));
    auto const id = GET(only_domain(tools, options));
    auto& store = tools.store();
    print("%-3s %-2s %-17s %-6s %-5s %-6s %5s/%-5s %-30s\n", "Idx", "BE", "Mac Addr.", "handle", "state",
          "evt-ch", "tx-", "rx-ring-ref", "BE-path");
    auto const vifs = home_of(id) + "/device/vif";
    for (auto const& index : store.directory(vifs).value_or(std::vector<std::string>{})) {
        auto const vif = vifs + "/" + index;
        auto const backend = store.read(vif + "/backend").value_or("");
        print_row(store, vif, index, backend);
        if (options.has('v'))
            print_text(GET(ask_network(tools, {.line = "interface " + index, .guest = id})));
    }
    return {};
}

Outcome<> network_attach(Toolstack& tools, Arguments arguments) {
    if (auto const shortage = spare_memory::shortage())
        return Failure{*shortage};
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.empty())
        return Failure{"name a domain"};
    std::string spec;
    for (auto const& word : std::span{options.operands}.subspan(1))
        spec += word + ",";
    return attach_vif(tools, GET(tools.find(options.operands.front())), GET(toolstack::parse_vif(spec)));
}

// By number or address.
Outcome<VifName> vif_named(Toolstack& tools, std::string const& domain, std::string const& wanted) {
    auto const id = GET(tools.find(domain));
    auto const* const guest = tools.guest(id);
    for (auto const& vif : guest != nullptr ? guest->config.vifs : std::vector<toolstack::VifSpec>{}) {
        if (std::to_string(vif.handle) == wanted || toolstack::to_string(*vif.mac) == wanted)
            return VifName{vif.backend_id, id, vif.handle};
    }
    return Failure{"the guest has no interface '" + wanted + "'"};
}

Outcome<> network_detach(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 2)
        return Failure{"name one domain and one of its interfaces"};
    auto const vif = GET(vif_named(tools, options.operands[0], options.operands[1]));
    return detach_vif(tools, vif.guest, vif.handle);
}

// The backend watches the node and changes at once, whatever traffic there is.
Outcome<> network_mode(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 3)
        return Failure{"name a domain, one of its interfaces and a mode"};
    auto const vif = GET(vif_named(tools, options.operands[0], options.operands[1]));
    auto const mode = netback::parse_mode(options.operands[2]);
    if (!mode)
        return Failure{"a mode is one of " + netback::mode_names()};
    auto const node = vif_backend_of(vif) + "/mode";
    if (!tools.store().write(node, std::string{netback::name_of(*mode)}))
        return Failure{"cannot write " + node};
    return {};
}

Outcome<> network_mirror(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    auto const& words = options.operands;
    bool const ends = words.size() == 3 && words[2] == "off";
    if (!ends && words.size() != 4)
        return Failure{"name a domain and its interface, then those of the watcher, or 'off'"};
    auto const watched = GET(vif_named(tools, words[0], words[1]));
    std::optional<VifName> watcher;
    if (!ends)
        watcher = GET(vif_named(tools, words[2], words[3]));
    if (watcher && watcher->backend != watched.backend)
        return Failure{"the two interfaces have different backends"};
    return toolstack::or_say(mirror_vif(tools.store(), watched, watcher), "cannot write to xenstore");
}

constexpr std::array commands{
    Command{"network-attach", "DOMAIN [KEY=VALUE ...]", "plug a network interface into a guest",
            network_attach},
    Command{"network-detach", "DOMAIN NUMBER|MAC", "take one away", network_detach},
    Command{"network-mirror", "DOMAIN NUMBER|MAC DOMAIN NUMBER|MAC|off",
            "show one guest what another's interface sends and receives", network_mirror},
    Command{"network-list", "[-v] DOMAIN", "network interfaces of a guest; -v with what they carried",
            network_list},
    Command{"network-mode", "DOMAIN NUMBER|MAC MODE", "change how frames get to a guest and from it",
            network_mode},
};

}  // namespace

std::span<Command const> xl_network_commands() {
    return commands;
}

}  // namespace control
