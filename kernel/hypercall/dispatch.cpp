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

// Per physical CPU: what the running handler wants to be continued with.
struct Continuation {
    Args args{};
    usize count = 0;
};
constinit std::array<Continuation, machine::max_cpus> continuations{};
constinit std::array<std::array<u64, table_size>, machine::max_cpus> counts{};

Answer run(Vcpu& v, u64 nr, Args const& args) {
    if (nr >= table_size)
        return Fail{Errno::nosys};
    nr = nospec::index(nr, table_size);
    Entry const& e = table[nr];
    if (!e.call)
        return Fail{Errno::nosys};
    ++counts[machine::this_cpu().raw()][nr];
    if (e.control_only && !v.domain.priv.control)
        return Fail{Errno::perm};
    return e.call(v, args);
}

}  // namespace

void continue_with(std::span<u64 const> args) {
    Continuation& c = continuations[machine::this_cpu().raw()];
    c.count = std::min<usize>(args.size(), max_args);
    std::copy_n(args.begin(), c.count, c.args.begin());
}

Outcome dispatch(Vcpu& v, u64 nr, Args& args) {
    ++v.hypercalls;
    continuations[machine::this_cpu().raw()].count = 0;
    Answer const r = run(v, nr, args);
    if (r) [[likely]]
        return {false, static_cast<u64>(*r)};
    if (r.error() != Errno::restart) {
        v.refusals.note(name(nr), r.error(), args[0], args[1]);
        return {false, static_cast<u64>(-static_cast<s64>(r.error()))};
    }
    Continuation const& c = continuations[machine::this_cpu().raw()];
    std::copy_n(c.args.begin(), c.count, args.begin());
    return {true, 0};
}

std::string_view name(u64 nr) {
    return nr < table_size ? table[nr].name : std::string_view{};
}

u64 calls(u64 nr) {
    u64 sum = 0;
    for (auto const& cpu : counts)
        sum += nr < table_size ? cpu[nr] : 0;
    return sum;
}

}  // namespace hypercall
