// SPDX-License-Identifier: MIT
#include "dom0/control/network_domain.hpp"

#include "drivers/net/table.hpp"
#include "drivers/pci/enumerate.hpp"

namespace control {
namespace {

using toolstack::Outcome;

// What an administrator would write for it, but for where the cards are.
constexpr std::string_view fixed_part = R"(
name = "network"
kernel = "granite/network"
memory = 32
driver_domain = 1
on_poweroff = "restart"
on_reboot = "restart"
on_crash = "restart"
)";

std::string list_of_cards() {
    std::string list;
    for (pci::Function const& function : pci::enumerate())
        if (nic::driver_for(function) != nullptr)
            list += "'" + toolstack::to_string(function.address()) + "', ";
    return list;
}

}  // namespace

Outcome<> start_network_domain(Toolstack& tools) {
    auto const config = std::string{fixed_part} + "pci = [" + list_of_cards() + "]\n";
    auto const id = GET(tools.create_from("network domain", config));
    tools.set_network_domain(id);
    return toolstack::or_say(domctl::unpause(id), "cannot start the network domain");
}

}  // namespace control
