// SPDX-License-Identifier: MIT
#include "kernel/trace/words.hpp"

#include <bit>

#include "kernel/base/format.hpp"

namespace trace {
namespace {

using CallName = std::string_view (*)(u64 nr);
constinit CallName call_names = nullptr;

std::string_view call_name(u64 nr) {
    return call_names ? call_names(nr) : std::string_view{};
}

u64 domain_in(u64 word) {
    return word >> 32;
}
u64 number_in(u64 word) {
    return word & 0xffff'ffff;
}

}  // namespace

void set_call_names(std::string_view (*name)(u64 nr)) {
    call_names = name;
}

std::string_view who_of(Event const& e, Words& buffer) {
    return e.who.nobody() ? "-" : text::format_to(buffer, "d{}v{}", e.who.domain, e.who.vcpu);
}

std::string_view meaning_of(Event const& e, Words& buffer) {
    switch (e.kind) {
        case Kind::call:
            return call_name(e.a);
        case Kind::done:
            return text::format_to(buffer, "{} = {}", call_name(e.a), static_cast<s64>(e.b));
        case Kind::exception:
            return e.a == 14 ? text::format_to(buffer, "page fault at {:#x}", e.b)
                             : text::format_to(buffer, "vector {}, error {:#x}", e.a, e.b);
        case Kind::fault:
            return text::format_to(buffer, "at {:#x}", e.a);
        case Kind::send:
            return text::format_to(buffer, "to d{} port {}", domain_in(e.a), number_in(e.a));
        case Kind::map:
        case Kind::unmap:
            return text::format_to(buffer, "gref {} of d{}, frame {:#x}", number_in(e.a), domain_in(e.a),
                                   e.b);
        case Kind::copy:
            return text::format_to(buffer, "{} gref {} of d{}", e.b == 0 ? "from" : "to", number_in(e.a),
                                   domain_in(e.a));
        case Kind::interrupt:
            return text::format_to(buffer, "vector {:#x}", e.a);
        case Kind::flush:
            return text::format_to(buffer, "on {} CPUs", std::popcount(e.a));
        default:
            return "";
    }
}

Line::Line(Found const& f) {
    Words who;
    Words what;
    text_ = text::format_to(buffer_, "{} ns  cpu {}  {:<6} {:<9} {:#x} {:#x}  {}", f.event.time, f.cpu,
                            who_of(f.event, who), name(f.event.kind), f.event.a, f.event.b,
                            meaning_of(f.event, what));
}

}  // namespace trace
