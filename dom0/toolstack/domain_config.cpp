// SPDX-License-Identifier: MIT
#include "dom0/toolstack/domain_config.hpp"

#include <algorithm>

#include "dom0/toolstack/config_syntax.hpp"
#include "dom0/toolstack/text.hpp"

namespace toolstack {
namespace {

constexpr u64 most_mib = u64{1} << 20;
constexpr u64 most_vcpus_of_a_guest = 32;
constexpr usize longest_name = 60;

// Parts of the command line; joined when all of the file is read.
struct CommandLine {
    std::string whole;
    std::string root;
    std::string extra;
};

struct Draft {
    DomainConfig config;
    CommandLine line;
};

Outcome<std::string> string_in(Value const& value) {
    if (value.kind == Value::Kind::list)
        return Failure{"a string was expected, not a list"};
    return value.text;
}

Outcome<u64> number_in(Value const& value, u64 least, u64 most) {
    std::string_view text = value.text;
    int base = 10;
    if (text.starts_with("0x")) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text.starts_with('0')) {
        base = 8;
    }
    auto const number = value.kind == Value::Kind::list ? std::nullopt : to_number<u64>(text, base);
    if (!number || *number < least || *number > most)
        return Failure{"a number from " + std::to_string(least) + " to " + std::to_string(most) +
                       " was expected"};
    return *number;
}

using Setter = Outcome<> (*)(Draft&, Value const&);

template <std::string DomainConfig::*field>
Outcome<> set_string(Draft& draft, Value const& value) {
    draft.config.*field = GET(string_in(value));
    return {};
}

template <std::string CommandLine::*field>
Outcome<> set_line(Draft& draft, Value const& value) {
    draft.line.*field = GET(string_in(value));
    return {};
}

template <auto field, u64 least, u64 most>
Outcome<> set_number(Draft& draft, Value const& value) {
    auto& target = draft.config.*field;
    target = static_cast<std::remove_reference_t<decltype(target)>>(GET(number_in(value, least, most)));
    return {};
}

template <OnEnd DomainConfig::*field>
Outcome<> set_action(Draft& draft, Value const& value) {
    auto const text = GET(string_in(value));
    for (auto const action : {OnEnd::destroy, OnEnd::restart, OnEnd::preserve}) {
        if (text == to_string(action)) {
            draft.config.*field = action;
            return {};
        }
    }
    return Failure{"'" + text + "' is none of destroy, restart, preserve"};
}

// A string is for all vcpus; each item of a list is for one, in order.
Outcome<> set_cpus(Draft& draft, Value const& value) {
    auto& config = draft.config;
    config.cpus = any_cpu;
    config.vcpu_cpus.clear();
    if (value.kind != Value::Kind::list) {
        config.cpus = GET(parse_cpus(value.text));
        return {};
    }
    for (auto const& item : value.items)
        config.vcpu_cpus.push_back(GET(parse_cpus(GET(string_in(item)))));
    return {};
}

Outcome<> set_name(Draft& draft, Value const& value) {
    auto const name = GET(string_in(value));
    if (!is_domain_name(name))
        return Failure{"'" + name + "' cannot be the name of a domain"};
    draft.config.name = name;
    return {};
}

Outcome<> set_type(Draft&, Value const& value) {
    auto const type = GET(string_in(value));
    if (type != "pv" && type != "generic")
        return Failure{"only paravirtual guests are offered: type=\"pv\""};
    return {};
}

Outcome<> add_vifs(Draft& draft, Value const& value) {
    if (value.kind != Value::Kind::list)
        return Failure{"a list of strings was expected"};
    for (auto const& item : value.items) {
        auto const text = GET(string_in(item));
        draft.config.vifs.push_back(GET(parse_vif(text)));
    }
    return {};
}

Outcome<> set_functions(Draft& draft, Value const& value) {
    if (value.kind != Value::Kind::list)
        return Failure{"a list of strings was expected"};
    draft.config.functions.clear();
    for (auto const& item : value.items)
        draft.config.functions.push_back(GET(parse_pci_address(GET(string_in(item)))));
    return {};
}

Outcome<> set_disks(Draft&, Value const& value) {
    if (value.kind == Value::Kind::list && value.items.empty())
        return {};
    return Failure{"there are no block devices yet"};
}

struct Key {
    std::string_view name;
    Setter set;  // nullptr: accepted and without effect
};

constexpr std::array keys{
    Key{"name", set_name},
    Key{"type", set_type},
    Key{"builder", set_type},
    Key{"kernel", set_string<&DomainConfig::kernel>},
    Key{"ramdisk", set_string<&DomainConfig::ramdisk>},
    Key{"cmdline", set_line<&CommandLine::whole>},
    Key{"root", set_line<&CommandLine::root>},
    Key{"extra", set_line<&CommandLine::extra>},
    Key{"memory", set_number<&DomainConfig::memory_mib, 1, most_mib>},
    Key{"maxmem", set_number<&DomainConfig::most_memory_mib, 1, most_mib>},
    Key{"vcpus", set_number<&DomainConfig::vcpus, 1, most_vcpus_of_a_guest>},
    Key{"maxvcpus", set_number<&DomainConfig::most_vcpus, 1, most_vcpus_of_a_guest>},
    Key{"cpus", set_cpus},
    Key{"cpu_weight", set_number<&DomainConfig::weight, 1, 65535>},
    Key{"cap", set_number<&DomainConfig::cap, 0, 65535>},
    Key{"max_grant_frames", set_number<&DomainConfig::grant_frames, 1, 1024>},
    Key{"max_maptrack_frames", set_number<&DomainConfig::maptrack_frames, 0, 4096>},
    Key{"vif", add_vifs},
    Key{"pci", set_functions},
    Key{"driver_domain", set_number<&DomainConfig::driver_domain, 0, 1>},
    Key{"disk", set_disks},
    Key{"on_poweroff", set_action<&DomainConfig::on_poweroff>},
    Key{"on_reboot", set_action<&DomainConfig::on_reboot>},
    Key{"on_crash", set_action<&DomainConfig::on_crash>},
    Key{"on_watchdog", nullptr},
    Key{"uuid", nullptr},
    Key{"max_grant_version", nullptr},
    Key{"nomigrate", nullptr},
    Key{"localtime", nullptr},
    Key{"vnc", nullptr},
    Key{"pae", nullptr},
    Key{"acpi", nullptr},
};

std::string at(std::string_view file, Setting const& setting) {
    return std::string{file} + ":" + std::to_string(setting.line) + ": " + setting.key + ": ";
}

Failure unknown_key(std::string_view file, Setting const& setting) {
    std::array<std::string_view, keys.size()> names;
    std::ranges::transform(keys, names.begin(), &Key::name);
    auto text = at(file, setting) + "unknown key";
    if (auto const meant = nearest(setting.key, names); !meant.empty())
        text.append(", did you mean '").append(meant).append("'?");
    return Failure{text};
}

Outcome<> apply(std::string_view file, Setting const& setting, Draft& draft) {
    auto const key = std::ranges::find(keys, setting.key, &Key::name);
    if (key == keys.end())
        return unknown_key(file, setting);
    if (key->set == nullptr) {
        draft.config.warnings.push_back(at(file, setting) + "has no effect here");
        return {};
    }
    if (key->set == add_vifs && !setting.append)
        draft.config.vifs.clear();
    if (auto const done = key->set(draft, setting.value); !done)
        return Failure{at(file, setting) + done.error()};
    return {};
}

void join_command_line(std::string_view file, Draft& draft) {
    auto const& line = draft.line;
    bool const parts = !line.root.empty() || !line.extra.empty();
    if (!line.whole.empty()) {
        draft.config.command_line = line.whole;
        if (parts)
            draft.config.warnings.push_back(std::string{file} + ": cmdline overrides root and extra");
        return;
    }
    if (!line.root.empty())
        draft.config.command_line = "root=" + line.root;
    if (!line.root.empty() && !line.extra.empty())
        draft.config.command_line += ' ';
    draft.config.command_line += line.extra;
}

// What xl leaves unread in silence, too.
void drop_spare_lists(std::string_view file, DomainConfig& config) {
    if (config.vcpu_cpus.size() <= config.maxvcpus())
        return;
    config.vcpu_cpus.resize(config.maxvcpus());
    config.warnings.push_back(std::string{file} + ": cpus has more items than there are vcpus");
}

Outcome<> check(std::string_view file, DomainConfig const& config) {
    auto const missing = [&](std::string_view key) {
        return Failure{std::string{file} + ": " + std::string{key} + " is not set"};
    };
    if (config.name.empty())
        return missing("name");
    if (config.kernel.empty())
        return missing("kernel");
    if (config.maxmem_mib() < config.memory_mib)
        return Failure{std::string{file} + ": maxmem is less than memory"};
    if (config.maxvcpus() < config.vcpus)
        return Failure{std::string{file} + ": maxvcpus is less than vcpus"};
    return {};
}

}  // namespace

bool is_domain_name(std::string_view name) {
    auto const fits = [](char c) { return c > ' ' && c <= '~' && c != '/'; };
    return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, fits);
}

std::string_view to_string(OnEnd action) {
    switch (action) {
        case OnEnd::destroy:
            return "destroy";
        case OnEnd::restart:
            return "restart";
        case OnEnd::preserve:
            return "preserve";
    }
    return "";
}

Outcome<DomainConfig> read_config(std::string_view file, std::string_view text,
                                  std::vector<std::string> const& overrides) {
    Draft draft;
    for (auto const& setting : GET(parse_config(file, text)))
        DO(apply(file, setting, draft));
    for (auto const& line : overrides) {
        for (auto const& setting : GET(parse_config("command line", line)))
            DO(apply("command line", setting, draft));
    }
    for (auto const& vif : draft.config.vifs) {
        for (auto const& key : vif.without_effect)
            draft.config.warnings.push_back(std::string{file} + ": vif: '" + key + "' has no effect here");
    }
    join_command_line(file, draft);
    drop_spare_lists(file, draft.config);
    DO(check(file, draft.config));
    for (u32 handle = 0; auto& vif : draft.config.vifs)
        identify(vif, draft.config.name, handle++);
    return draft.config;
}

}  // namespace toolstack
