// SPDX-License-Identifier: MIT
#include "kernel/init/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "kernel/base/format.hpp"

namespace init {
namespace {

// The next piece of `text` up to `separator`, which is taken off.
std::string_view take_until(std::string_view& text, char separator) {
    usize const end = std::min(text.find(separator), text.size());
    std::string_view const piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return piece;
}

template <class T>
std::optional<T> parse_number(std::string_view s) {
    T n = 0;
    int const base = s.starts_with("0x") ? 16 : 10;
    if (base == 16)
        s.remove_prefix(2);
    auto const r = std::from_chars(s.data(), s.data() + s.size(), n, base);
    if (r.ec != std::errc{} || r.ptr != s.data() + s.size())
        return std::nullopt;
    return n;
}

std::optional<unsigned> unit_shift(char c) {
    switch (c) {
        case 'B':
        case 'b':
            return 0;
        case 'K':
        case 'k':
            return 10;
        case 'M':
        case 'm':
            return 20;
        case 'G':
        case 'g':
            return 30;
        case 'T':
        case 't':
            return 40;
        default:
            return std::nullopt;
    }
}

std::optional<u64> parse_size(std::string_view s) {
    unsigned shift = 10;
    if (!s.empty())
        if (auto const unit = unit_shift(s.back())) {
            shift = *unit;
            s.remove_suffix(1);
        }
    auto const n = parse_number<u64>(s);
    if (!n || *n > (~u64{0} >> shift))
        return std::nullopt;
    return *n << shift;
}

template <class T>
bool assign(T& to, std::optional<T> const& v) {
    if (v)
        to = *v;
    return v.has_value();
}

// An option that is there without a value is wished for.
std::optional<bool> parse_wish(std::string_view s) {
    constexpr std::array<std::string_view, 6> yes{"", "1", "on", "yes", "true", "enable"};
    constexpr std::array<std::string_view, 5> no{"0", "off", "no", "false", "disable"};
    if (std::ranges::find(yes, s) != yes.end())
        return true;
    return std::ranges::find(no, s) != no.end() ? std::optional{false} : std::nullopt;
}

// Each says whether it could make sense of the value.
using Setter = bool (*)(Options&, std::string_view value);
struct Known {
    std::string_view name;
    Setter set = nullptr;  // none: read by arch/, before we are
};

constexpr std::array known{
    Known{"dom0_mem",
          [](Options& o, std::string_view v) { return assign(o.dom0_memory, parse_dom0_memory(v)); }},
    Known{"dom0_max_vcpus",
          [](Options& o, std::string_view v) { return assign(o.dom0_vcpus, parse_dom0_vcpus(v)); }},
    Known{"dom0_vcpus_pin",
          [](Options& o, std::string_view v) { return assign(o.dom0_vcpus_pin, parse_wish(v)); }},
    Known{"gnttab_max_frames",
          [](Options& o, std::string_view v) { return assign(o.gnttab_max_frames, parse_number<u32>(v)); }},
    Known{"gnttab_max_maptrack_frames",
          [](Options& o, std::string_view v) {
              return assign(o.gnttab_max_maptrack_frames, parse_number<u32>(v));
          }},
    Known{"tbuf_size",
          [](Options& o, std::string_view v) { return assign(o.trace_pages, parse_number<u32>(v)); }},
    Known{"noreboot", [](Options& o, std::string_view v) { return assign(o.noreboot, parse_wish(v)); }},
    Known{"faults", [](Options& o, std::string_view v) { return assign(o.faults, parse_wish(v)); }},
    Known{"debug-exit"},
    Known{"xpti"},
    Known{"spec-ctrl"},
    Known{"com1"},
    Known{"console"},
};

// Xen knows these; here they change nothing.
constexpr std::array<std::string_view, 25> unsupported{"loglvl",
                                                       "guest_loglvl",
                                                       "reboot",
                                                       "maxcpus",
                                                       "nosmp",
                                                       "mem",
                                                       "availmem",
                                                       "sched",
                                                       "watchdog",
                                                       "hpet",
                                                       "x2apic",
                                                       "smap",
                                                       "smep",
                                                       "pcid",
                                                       "pv-linear-pt",
                                                       "tevt_mask",
                                                       "conswitch",
                                                       "conring_size",
                                                       "console_timestamps",
                                                       "sync_console",
                                                       "crash-debug-panic",
                                                       "com2",
                                                       "vga",
                                                       "iommu",
                                                       "ucode"};

void complain_about(std::string_view option, std::string_view what, void (*complain)(std::string_view)) {
    std::array<char, 200> line;
    complain(text::format_to(line, "command line: '{}' {}", option, what));
}

void apply(Options& o, std::string_view option, void (*complain)(std::string_view)) {
    std::string_view value = option;
    std::string_view const name = take_until(value, '=');
    auto const* const row =
        std::find_if(known.begin(), known.end(), [&](Known const& k) { return k.name == name; });
    if (row == known.end()) {
        bool const of_xen = std::find(unsupported.begin(), unsupported.end(), name) != unsupported.end();
        complain_about(option, of_xen ? "is known, but has no effect here" : "is not an option", complain);
        return;
    }
    if (row->set && !row->set(o, value))
        complain_about(option, "has a value that makes no sense, and is ignored", complain);
}

}  // namespace

u64 Amount::of(u64 total) const {
    switch (kind) {
        case Kind::percent:
            return total / 100 * std::min<u64>(value, 100);
        case Kind::all_but:
            return total - std::min(value, total);
        default:
            return std::min(value, total);
    }
}

std::optional<Amount> parse_amount(std::string_view s) {
    Amount a;
    if (s.ends_with('%')) {
        s.remove_suffix(1);
        a.kind = Amount::Kind::percent;
        return assign(a.value, parse_number<u64>(s)) && a.value <= 100 ? std::optional{a} : std::nullopt;
    }
    if (s.starts_with('-')) {
        s.remove_prefix(1);
        a.kind = Amount::Kind::all_but;
    }
    return assign(a.value, parse_size(s)) ? std::optional{a} : std::nullopt;
}

std::optional<Dom0Memory> parse_dom0_memory(std::string_view s) {
    Dom0Memory m;
    while (!s.empty()) {
        std::string_view piece = take_until(s, ',');
        std::optional<Amount>* to = &m.size;
        if (piece.starts_with("min:") || piece.starts_with("max:")) {
            to = piece.starts_with("min:") ? &m.min : &m.max;
            piece.remove_prefix(4);
        }
        *to = parse_amount(piece);
        if (!*to)
            return std::nullopt;
    }
    return m;
}

std::optional<Dom0Vcpus> parse_dom0_vcpus(std::string_view s) {
    Dom0Vcpus n;
    usize const dash = s.find('-');
    std::string_view const least = s.substr(0, dash), most = dash == s.npos ? least : s.substr(dash + 1);
    bool const least_good = (least.empty() && !most.empty()) || assign(n.least, parse_number<u32>(least));
    bool const most_good = (most.empty() && !least.empty()) || assign(n.most, parse_number<u32>(most));
    bool const makes_sense = least_good && most_good && n.least != 0 && n.least <= n.most;
    return makes_sense ? std::optional{n} : std::nullopt;
}

Options parse_options(std::string_view line, void (*complain)(std::string_view)) {
    Options o;
    while (!line.empty())
        if (std::string_view const option = take_until(line, ' '); !option.empty())
            apply(o, option, complain);
    return o;
}

}  // namespace init
