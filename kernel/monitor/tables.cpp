// SPDX-License-Identifier: MIT
#include "kernel/monitor/tables.hpp"

#include "kernel/domain/domain.hpp"
#include "kernel/machine/vcpu.hpp"

namespace monitor {

Entry read_entry(Mfn table, unsigned slot) {
    u64 const* const entries = machine::frame_as<u64 const>(table);
    return {__atomic_load_n(&entries[slot], __ATOMIC_RELAXED)};
}

std::optional<Mfn> root_of(Vcpu const& v) {
    if (!v.initialised)
        return std::nullopt;
    vcpu_guest_context context{};
    machine::vcpu_get_context(v, context);
    Mfn const root = mfn_of(Maddr{context.ctrlreg[3]});
    return mm::page_of(root) ? std::optional{root} : std::nullopt;
}

Space space_argument(Arguments const& args, usize vcpu_at, Report& out) {
    DomainRef d = domain_argument(args, 0, out);
    if (!d)
        return {};
    Vcpu const* const v = d->vcpu(static_cast<u32>(args.number(vcpu_at).value_or(0)));
    auto const root = v ? root_of(*v) : std::nullopt;
    if (!root)
        out.refuse("it has no such virtual CPU, or it has not started");
    return {std::move(d), root};
}

bool Space::is_there() const {
    PageInfo const& p = *mm::page_of(*root);
    return p.owner.load() == &domain->memory && p.type_count() != 0 && p.type() == PageType::l4;
}

std::array<char, 8> flag_letters(Entry e) {
    auto const letter = [&](unsigned bit, char c) { return (e.raw >> bit & 1) != 0 ? c : '-'; };
    return {'r',
            letter(1, 'w'),
            (e.raw >> 63) != 0 ? '-' : 'x',
            letter(2, 'u'),
            letter(5, 'A'),
            letter(6, 'D'),
            letter(4, 'C'),
            '\0'};
}

std::string_view flag_words(Entry e, unsigned level, FlagWords& buffer) {
    struct Flag {
        unsigned bit;
        std::string_view set, clear;
    };
    static constexpr std::array flags{Flag{1, "writable", "read-only"},
                                      Flag{2, "user", "kernel only"},
                                      Flag{63, "no execution", "executable"},
                                      Flag{3, "write-through", {}},
                                      Flag{4, "cache disabled", {}},
                                      Flag{5, "accessed", "not accessed"},
                                      Flag{6, "dirty", {}},
                                      Flag{8, "global", {}},
                                      Flag{9, "software bit 9", {}},
                                      Flag{10, "software bit 10", {}},
                                      Flag{11, "software bit 11", {}}};
    usize used = 0;
    auto const say = [&](std::string_view word) {
        if (word.empty() || used + word.size() + 2 > buffer.size())
            return;
        used += std::string_view{used == 0 ? "" : ", "}.copy(&buffer[used], 2);
        used += word.copy(&buffer[used], word.size());
    };
    for (Flag const& f : flags)
        say((e.raw >> f.bit & 1) != 0 ? f.set : f.clear);
    if ((e.raw >> 7 & 1) != 0)
        say(level == 1 ? "PAT" : "large page");
    return {buffer.data(), used};
}

}  // namespace monitor
