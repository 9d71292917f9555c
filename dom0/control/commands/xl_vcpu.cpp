// SPDX-License-Identifier: MIT
// xl's verbs about virtual processors, in xl's columns.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/sysctl.hpp"
#include "dom0/toolstack/cpu_list.hpp"
#include "dom0/toolstack/text.hpp"

namespace control {
namespace {

using toolstack::cpus_text;
using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;
using toolstack::to_number;

u32 vcpus_of(domctl::Info const& info) {
    return info.max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0 : info.max_vcpu_id + 1;
}

void print_vcpu(std::string const& name, DomId id, domctl::VcpuInfo const& vcpu, u32 cpus) {
    print("%-32s %5u %5u ", name.c_str(), unsigned{id.raw()}, vcpu.vcpu);
    if (vcpu.online == 0)
        print("%5c %3c%cp ", '-', '-', '-');
    else
        print("%5u %3c%c- ", vcpu.cpu, vcpu.running != 0 ? 'r' : '-', vcpu.blocked != 0 ? 'b' : '-');
    auto const affinity = domctl::affinity(id, VcpuId{vcpu.vcpu}).value_or(domctl::Affinity{});
    print("%9.1f  %s / %s\n", static_cast<double>(vcpu.cpu_time) / 1e9,
          cpus_text(affinity.hard, cpus).c_str(), cpus_text(affinity.soft, cpus).c_str());
}

Outcome<> vcpu_list(Toolstack& tools, Arguments arguments) {
    auto const domains = GET(chosen_domains(tools, GET(options_of(arguments, ""))));
    u32 const cpus = GET(or_say(sysctl::machine(), "cannot inspect the machine")).nr_cpus;
    print("%-32s %5s %5s %5s %5s %9s %s\n", "Name", "ID", "VCPU", "CPU", "State", "Time(s)",
          "Affinity (Hard / Soft)");
    for (auto const& info : domains) {
        DomId const id{info.domain};
        for (u32 vcpu = 0; vcpu < vcpus_of(info); ++vcpu) {
            if (auto const found = domctl::vcpu_info(id, VcpuId{vcpu}))
                print_vcpu(tools.name_of(id), id, *found, cpus);
        }
    }
    return {};
}

// "-" leaves as it is.
Outcome<u64> mask_or(std::string_view text, u64 unchanged) {
    return text == "-" ? Outcome<u64>{unchanged} : toolstack::parse_cpus(text);
}

Outcome<> pin(DomId id, VcpuId vcpu, std::string_view hard, std::string_view soft) {
    auto const now = GET(or_say(domctl::affinity(id, vcpu), "no such vcpu"));
    domctl::Affinity const wanted{GET(mask_or(hard, now.hard)), GET(mask_or(soft, now.soft))};
    u32 const cpus = GET(or_say(sysctl::machine(), "cannot inspect the machine")).nr_cpus;
    if ((wanted.hard & toolstack::first_cpus(cpus)) == 0)
        return Failure{"'" + std::string{hard} + "' has none of the machine's processors, 0 to " +
                       std::to_string(cpus - 1)};
    return or_say(domctl::set_affinity(id, vcpu, wanted), "cannot pin it");
}

Outcome<> vcpu_pin(Toolstack& tools, Arguments arguments) {
    auto const count = arguments.size();
    if (count != 3 && count != 4)
        return Failure{"name a domain, a vcpu or all, and processors"};
    auto const id = GET(tools.find(arguments[0]));
    auto const& hard = arguments[2];
    auto const soft = count == 4 ? arguments[3] : std::string{"-"};
    if (arguments[1] != "all") {
        auto const vcpu = to_number<u32>(arguments[1]);
        if (!vcpu)
            return Failure{"'" + arguments[1] + "' is not the number of a vcpu"};
        return pin(id, VcpuId{*vcpu}, hard, soft);
    }
    u32 const vcpus = vcpus_of(GET(or_say(domctl::info(id), "cannot inspect it")));
    for (u32 vcpu = 0; vcpu < vcpus; ++vcpu)
        DO(pin(id, VcpuId{vcpu}, hard, soft));
    return {};
}

// The guest brings its vcpus up and down; this only tells it.
Outcome<> vcpu_set(Toolstack& tools, Arguments arguments) {
    if (arguments.size() != 2)
        return Failure{"name one domain and how many vcpus it should use"};
    auto const id = GET(tools.find(arguments[0]));
    u32 const vcpus = vcpus_of(GET(or_say(domctl::info(id), "cannot inspect it")));
    auto const wanted = to_number<u32>(arguments[1]);
    if (!wanted || *wanted < 1 || *wanted > vcpus)
        return Failure{"'" + arguments[1] + "' is not a number from 1 to " + std::to_string(vcpus)};
    for (u32 vcpu = 0; vcpu < vcpus; ++vcpu) {
        auto const node = home_of(id) + "/cpu/" + std::to_string(vcpu) + "/availability";
        DO(or_say(tools.store().write(node, vcpu < *wanted ? "online" : "offline"), "cannot ask the guest"));
    }
    return {};
}

constexpr std::array commands{
    Command{"vcpu-list", "[DOMAIN]", "virtual processors", vcpu_list},
    Command{"vcpu-pin", "DOMAIN VCPU|all HARD [SOFT]", "where they may, and should, run", vcpu_pin},
    Command{"vcpu-set", "DOMAIN COUNT", "how many a guest should use", vcpu_set},
};

}  // namespace

std::span<Command const> xl_vcpu_commands() {
    return commands;
}

}  // namespace control
