// SPDX-License-Identifier: MIT
#include "kernel/monitor/command.hpp"

namespace monitor {

namespace {

DomainRef numbered(u64 id) {
    DomainRef d = id < DOMID_FIRST_RESERVED ? domains::next_from(DomId{static_cast<u16>(id)}) : DomainRef{};
    return d && d->id.raw() == id ? std::move(d) : DomainRef{};
}

DomainRef named(std::string_view name) {
    DomainRef found;
    domains::for_each([&](Domain& d) {
        if (d.name_view() == name)
            found = DomainRef{d};
    });
    return found;
}

}  // namespace

DomainRef domain_argument(Arguments const& args, usize n, Report& out) {
    std::string_view const word = args[n];
    auto const id = number_of(word.starts_with('d') ? word.substr(1) : word);
    DomainRef found = id ? numbered(*id) : named(word);
    if (found)
        return found;
    if (word.empty())
        out.refuse("which domain? Name one by its number or its name ('domains' lists them)");
    else
        out.refuse("there is no domain {} ('domains' lists them)", word);
    return {};
}

}  // namespace monitor
