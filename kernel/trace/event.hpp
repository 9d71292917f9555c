// SPDX-License-Identifier: MIT
// What can be traced. To add a kind: a name here, its words in
// words.cpp, and note() where it happens.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace trace {

// Behind each: what the two numbers of such an event are.
enum class Kind : u8 {
    run,        // a vcpu got this CPU
    stop,       // and lost it
    call,       // a hypercall; number, first argument
    done,       // its end; number, result
    upcall,     // a guest is told of events; address of the handler
    exception,  // bounced to a guest; vector, address of a page fault or error code
    fault,      // a write to a page table done for a guest; address, error code
    send,       // an event channel; domain and port that get it
    map,        // a grant mapped; granter and reference, machine frame
    unmap,      // granter and reference, machine frame
    copy,       // a grant held to copy by; granter and reference, 1: to be written
    interrupt,  // vector
    flush,      // translations dropped; mask of CPUs
    mark,       // what the driver domain did with frames; two words of kernel/abi/mark.hpp
};

inline constexpr std::array<std::string_view, 14> names{"run",       "stop",      "call",  "done", "upcall",
                                                        "exception", "fault",     "send",  "map",  "unmap",
                                                        "copy",      "interrupt", "flush", "mark"};

constexpr std::string_view name(Kind k) {
    return names[static_cast<usize>(k)];
}

using Kinds = u32;  // one bit for each
constexpr Kinds bit(Kind k) {
    return Kinds{1} << static_cast<u8>(k);
}
inline constexpr Kinds all_kinds = (Kinds{1} << names.size()) - 1;
// What a walk needs to know of the hypervisor's part.
inline constexpr Kinds walk_kinds = bit(Kind::run) | bit(Kind::call) | bit(Kind::upcall) | bit(Kind::send) |
                                    bit(Kind::copy) | bit(Kind::unmap) | bit(Kind::map) |
                                    bit(Kind::interrupt);

// On whose behalf: a vcpu, or nobody while a CPU is idle.
struct Who {
    u16 domain = 0xffff, vcpu = 0xffff;
    [[nodiscard]] bool nobody() const { return domain == 0xffff; }
    friend bool operator==(Who const&, Who const&) = default;
};

struct Event {
    Nanos time = 0;  // since start-up
    Kind kind{};
    Who who;
    u64 a = 0, b = 0;
    friend bool operator==(Event const&, Event const&) = default;
};

// An event as the driver domain gets it: no padding, nothing of ours.
struct Record {
    u64 time = 0;
    u32 cpu = 0;
    u16 domain = 0, vcpu = 0;  // as in Who
    u64 kind = 0;
    u64 a = 0, b = 0;
};
static_assert(sizeof(Record) == 40);

// A domain and a number of its own (port, grant reference) in one.
constexpr u64 of_domain(u16 domain, u32 number) {
    return u64{domain} << 32 | number;
}

}  // namespace trace
