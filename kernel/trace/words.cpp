// SPDX-License-Identifier: MIT
#include "kernel/trace/words.hpp"

#include <bit>

#include "kernel/abi/mark.hpp"
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

std::string_view decision(mark::Mark const& m, Words& buffer) {
    if (m.first == mark::nowhere)
        return text::format_to(buffer, "port {} to nowhere", m.owner);
    if (m.first == mark::everywhere)
        return text::format_to(buffer, "port {} to all others", m.owner);
    return text::format_to(buffer, "port {} to port {}", m.owner, m.first);
}

// The driver domain is believed no more than others: an unknown step has no words.
std::string_view mark_words(mark::Mark const& m, Words& buffer) {
    using mark::Step;
    std::string_view const told = m.notified ? ", told" : "";
    switch (m.step) {
        case Step::interrupt:
            return text::format_to(buffer, "port {} has something", m.owner);
        case Step::received:
            return text::format_to(buffer, "card queue {}: {} frames received, descriptor {} on", m.queue,
                                   m.count, m.first);
        case Step::sent:
            return text::format_to(buffer, "card queue {}: {} frames to send, descriptor {} on", m.queue,
                                   m.count, m.first);
        case Step::cleaned:
            return text::format_to(buffer, "card queue {}: {} descriptors sent, {} on", m.queue, m.count,
                                   m.first);
        case Step::decided:
            return decision(m, buffer);
        case Step::rx_pushed:
            return text::format_to(buffer, "d{} rx {}: {} responses, {} on{}", m.owner, m.queue, m.count,
                                   m.first, told);
        case Step::tx_taken:
            return text::format_to(buffer, "d{} tx {}: {} requests, {} on{}", m.owner, m.queue, m.count,
                                   m.first, told);
        default:
            return "";
    }
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
        case Kind::mark:
            return mark_words(mark::unpack({e.a, e.b}), buffer);
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
