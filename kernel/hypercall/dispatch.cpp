// SPDX-License-Identifier: MIT
// The table, made of hypercalls.inc, and the way through it.
#include "kernel/hypercall/dispatch.hpp"

#include <algorithm>
#include <utility>

#include "kernel/base/nospec.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

using Call = Answer (*)(Vcpu&, Args const&);

struct Entry {
    std::string_view name{};
    Call call = nullptr;
    bool control_only = false;
};

template <class T>
T argument(u64 v) {
    if constexpr (requires { T{v}.raw(); })
        return T{v};
    else
        return static_cast<T>(v);  // the ABI passes narrow arguments in wide registers
}

// Reads the parameter types off the handler and unpacks the registers.
template <auto Handler>
struct Adapt;
template <class... P, Answer (*Handler)(Vcpu&, P...)>
struct Adapt<Handler> {
    static Answer call(Vcpu& v, Args const& a) {
        static_assert(sizeof...(P) <= max_args);
        return [&]<usize... I>(std::index_sequence<I...>) {
            return Handler(v, argument<P>(a[I])...);
        }
        (std::index_sequence_for<P...>{});
    }
};

constexpr bool any = false;
constexpr bool control = true;

constexpr std::array<Entry, table_size> table = [] {
    std::array<Entry, table_size> t{};
#define HYPERCALL(nr, handler, who) t[nr] = {#handler, &Adapt<&hypercall::handler>::call, who};
#include "kernel/hypercall/hypercalls.inc"
#undef HYPERCALL
    return t;
}();

// What a physical CPU notes about the calls it runs.
struct PerCpu {
    // What the running handler wants to be continued with.
    Args args{};
    usize arg_count = 0;
    std::array<u64, table_size> calls{};
};
constinit std::array<PerCpu, machine::max_cpus> per_cpu{};

PerCpu& here() {
    return per_cpu[machine::this_cpu().raw()];
}

Answer run(PerCpu& cpu, Vcpu& v, u64 nr, Args const& args) {
    if (nr >= table_size) [[unlikely]]
        return Fail{Errno::nosys};
    nr = nospec::index(nr, table_size);
    Entry const& e = table[nr];
    if (!e.call) [[unlikely]]
        return Fail{Errno::nosys};
    ++cpu.calls[nr];
    if (e.control_only && !v.domain.priv.control)
        return Fail{Errno::perm};
    return e.call(v, args);
}

}  // namespace

void continue_with(std::span<u64 const> args) {
    PerCpu& cpu = here();
    cpu.arg_count = std::min<usize>(args.size(), max_args);
    std::copy_n(args.begin(), cpu.arg_count, cpu.args.begin());
}

Outcome dispatch(Vcpu& v, u64 nr, Args& args) {
    ++v.hypercalls;
    PerCpu& cpu = here();
    cpu.arg_count = 0;
    Answer const r = run(cpu, v, nr, args);
    if (r) [[likely]]
        return {false, static_cast<u64>(*r)};
    if (r.error() != Errno::restart) {
        v.refusals.note(name(nr), r.error(), args[0], args[1]);
        return {false, static_cast<u64>(-static_cast<s64>(r.error()))};
    }
    std::copy_n(cpu.args.begin(), cpu.arg_count, args.begin());
    return {true, 0};
}

void count(Vcpu& v, u64 nr) {
    ++v.hypercalls;
    ++here().calls[nr];
}

std::string_view name(u64 nr) {
    return nr < table_size ? table[nr].name : std::string_view{};
}

u64 calls(u64 nr) {
    u64 sum = 0;
    for (PerCpu const& cpu : per_cpu)
        sum += nr < table_size ? cpu.calls[nr] : 0;
    return sum;
}

}  // namespace hypercall
