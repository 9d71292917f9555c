// SPDX-License-Identifier: MIT
// The xenstore-* tools.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/toolstack/json.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using toolstack::Failure;
using toolstack::json_string;
using toolstack::or_say;
using toolstack::Outcome;

// What would confuse a terminal or the quotes around it.
std::string escaped(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (char const c : value) {
        auto const byte = static_cast<u8>(c);
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\')
            text += c;
        else
            text.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return text;
}

std::string permissions_text(Connection& store, std::string const& path) {
    std::string text;
    for (auto const& entry : store.permissions(path).value_or(std::vector<std::string>{}))
        text += (text.empty() ? "" : ",") + entry;
    return text;
}

std::string join(std::string const& path, std::string const& name) {
    return (path == "/" ? "" : path) + "/" + name;
}

struct Pending {
    std::string path;
    std::string name;
    unsigned depth;
};

// In the way that the options ask for.
std::string line_of(Connection& store, Options const& options, Pending const& node,
                    std::string const& value) {
    if (options.has('j'))
        return "{\"path\": " + json_string(node.path) + ", \"value\": " + json_string(value) +
               ", \"permissions\": " + json_string(permissions_text(store, node.path)) + "}";
    auto const name = options.has('f') ? node.path : std::string(node.depth, ' ') + node.name;
    return name + " = \"" + escaped(value) + "\"" +
           (options.has('p') ? "  (" + permissions_text(store, node.path) + ")" : "");
}

// Depth first with a list instead of recursion, like the store itself.
Outcome<> ls(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "fpj"));
    auto& store = tools.store();
    auto const children = [&](std::string const& path, unsigned depth,
                              std::vector<Pending>& list) -> Result<> {
        auto const names = TRY(store.directory(path));
        for (auto name = names.rbegin(); name != names.rend(); ++name)
            list.push_back({join(path, *name), *name, depth});
        return {};
    };
    std::vector<Pending> pending;
    auto const start = options.operands.empty() ? std::string{"/"} : options.operands.front();
    DO(or_say(children(start, 0, pending), start));
    while (!pending.empty()) {
        auto const node = std::move(pending.back());
        pending.pop_back();
        // A node may go while its siblings are being printed.
        auto const value = store.read(node.path);
        if (!value || !children(node.path, node.depth + 1, pending))
            continue;
        print_text(line_of(store, options, node, *value) + "\n");
    }
    return {};
}

Outcome<> read(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.empty())
        return Failure{"name a path"};
    for (auto const& path : options.operands)
        print("%s\n", escaped(GET(or_say(tools.store().read(path), path))).c_str());
    return {};
}

Outcome<> write(Toolstack& tools, Arguments arguments) {
    if (arguments.empty() || arguments.size() % 2 != 0)
        return Failure{"give pairs of path and value"};
    for (usize i = 0; i < arguments.size(); i += 2)
        DO(or_say(tools.store().write(arguments[i], arguments[i + 1]), arguments[i]));
    return {};
}

Outcome<> remove(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.empty())
        return Failure{"name a path"};
    for (auto const& path : options.operands)
        DO(or_say(tools.store().remove(path), path));
    return {};
}

Outcome<> watch(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 1)
        return Failure{"name one path"};
    auto const watch = GET(or_say(tools.store().watch(options.operands.front()), options.operands.front()));
    print_text("any key ends this\n");
    constexpr Nanos attention = 200 * rt::millisecond;
    std::array<char, 1> key;
    while (terminal::read(key, rt::now()) == 0) {
        if (auto const path = watch->wait(rt::now() + attention))
            print("%s\n", escaped(*path).c_str());
    }
    return {};
}

constexpr std::array commands{
    Command{"xenstore-ls", "[-f] [-p] [-j] [PATH]",
            "all below a path; -f full paths, -p permissions, -j JSON", ls},
    Command{"xenstore-read", "PATH ...", "values", read},
    Command{"xenstore-write", "PATH VALUE ...", "set values", write},
    Command{"xenstore-rm", "PATH ...", "remove nodes", remove},
    Command{"xenstore-watch", "PATH", "print changes as they happen", watch},
};

}  // namespace

std::span<Command const> xenstore_commands() {
    return commands;
}

}  // namespace control
