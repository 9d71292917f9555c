// SPDX-License-Identifier: MIT
// xl's verb about domains' shares of the processors, in xl's columns.
#include <array>
#include <optional>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/sysctl.hpp"
#include "dom0/toolstack/text.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;
using toolstack::to_number;

struct Request {
    std::optional<DomId> domain;
    std::optional<u16> weight, cap;
};

Outcome<std::optional<u16>> number_in(std::string const& text) {
    auto const number = to_number<u16>(text);
    if (!number)
        return Failure{"'" + text + "' is not a number from 0 to 65535"};
    return number;
}

Outcome<Request> request_in(Toolstack& tools, Arguments arguments) {
    Request request;
    for (usize i = 0; i < arguments.size(); i += 2) {
        auto const& option = arguments[i];
        if (i + 1 == arguments.size())
            return Failure{option + " needs a value"};
        auto const& value = arguments[i + 1];
        if (option == "-d")
            request.domain = GET(tools.find(value));
        else if (option == "-w")
            request.weight = GET(number_in(value));
        else if (option == "-c")
            request.cap = GET(number_in(value));
        else
            return Failure{"unknown option " + option};
    }
    return request;
}

Outcome<> set(Request const& request) {
    if (!request.domain)
        return Failure{"name a domain with -d"};
    if (request.weight == 0)
        return Failure{"a weight is at least 1"};
    auto credit = GET(or_say(domctl::credit(*request.domain), "cannot read its share"));
    credit.weight = request.weight.value_or(credit.weight);
    credit.cap = request.cap.value_or(credit.cap);
    return or_say(domctl::set_credit(*request.domain, credit), "cannot set its share");
}

Outcome<> sched_credit(Toolstack& tools, Arguments arguments) {
    auto const request = GET(request_in(tools, arguments));
    if (request.weight || request.cap)
        return set(request);
    auto const rules = sysctl::credit_rules();
    if (rules && !request.domain)
        print("Cpupool Pool-0: tslice=%ums ratelimit=%uus migration-delay=%uus\n", rules->tslice_ms,
              rules->ratelimit_us, rules->vcpu_migr_delay_us);
    print("%-33s %4s %6s %4s\n", "Name", "ID", "Weight", "Cap");
    for (auto const& each : domctl::list()) {
        DomId const id{each.domain};
        if (request.domain && *request.domain != id)
            continue;
        auto const credit = GET(or_say(domctl::credit(id), "cannot read its share"));
        print("%-33s %4d %6d %4d\n", tools.name_of(id).c_str(), int{each.domain}, int{credit.weight},
              int{credit.cap});
    }
    return {};
}

constexpr std::array commands{
    Command{"sched-credit", "[-d DOMAIN] [-w WEIGHT] [-c CAP]", "shares of the processors", sched_credit},
};

}  // namespace

std::span<Command const> xl_sched_commands() {
    return commands;
}

}  // namespace control
