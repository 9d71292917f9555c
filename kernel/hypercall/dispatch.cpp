// SPDX-License-Identifier: MIT
// The table, made of hypercalls.inc, and what becomes of calls that fail.
#include "kernel/hypercall/dispatch.hpp"

#include <algorithm>
#include <utility>

#include "kernel/domain/tracing.hpp"
#include "kernel/profile/stretches.hpp"

namespace hypercall {
namespace {

template <class T>
T argument(u64 v) {
    if constexpr (requires { T{v}.raw(); })
        return T{v};
    else
        return static_cast<T>(v);  // the ABI passes narrow arguments in wide registers
}

enum class Caller { any, control };

// Reads the parameter types off the handler and unpacks the registers.
template <auto Function, Caller Who>
struct Adapt;
template <class... P, Answer (*Function)(Vcpu&, P...), Caller Who>
struct Adapt<Function, Who> {
    static Answer call(Vcpu& v, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4) {
        if (Who == Caller::control && !v.domain.priv.control)
            return Fail{Errno::perm};
        std::array<u64, 5> const a{a0, a1, a2, a3, a4};
        static_assert(sizeof...(P) <= a.size());
        return [&]<usize... I>(std::index_sequence<I...>) {
            return Function(v, argument<P>(a[I])...);
        }
        (std::index_sequence_for<P...>{});
    }
};

// What the running handler of each CPU wants to be continued with.
struct Continuation {
    Args args{};
    usize count = 0;
};
constinit std::array<Continuation, machine::max_cpus> continuations{};

Continuation& here() {
    return continuations[machine::this_cpu().raw()];
}

constexpr std::array<std::string_view, table_size> names = [] {
    std::array<std::string_view, table_size> n{};
#define HYPERCALL(nr, handler, who) n[nr] = #handler;
#include "kernel/hypercall/hypercalls.inc"
#undef HYPERCALL
    return n;
}();

}  // namespace

constinit Table const table = [] {
    Table t{};
    t.fill(no_such_call);
#define HYPERCALL(nr, handler, who) t[nr] = &Adapt<&hypercall::handler, Caller::who>::call;
#include "kernel/hypercall/hypercalls.inc"
#undef HYPERCALL
    return t;
}();

namespace {

// What is left of a call that is continued later is noted as another one.
template <usize Nr>
Answer traced(Vcpu& v, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4) {
    trace::note(trace::Kind::call, v, Nr, a0);
    Answer const r = table[Nr](v, a0, a1, a2, a3, a4);
    trace::note(trace::Kind::done, v, Nr, static_cast<u64>(r ? *r : -static_cast<s64>(r.error())));
    return r;
}

constinit Table const traced_table = []<usize... Nr>(std::index_sequence<Nr...>) {
    return Table{traced<Nr>...};
}
(std::make_index_sequence<table_size>{});

}  // namespace

constinit std::atomic<Table const*> table_in_use{&table};

namespace {

// The table but for measuring.
constinit std::atomic<Table const*> served{&table};

template <usize Nr>
Answer measured(Vcpu& v, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4) {
    stretches::Call const call{Nr, a0};
    return (*served.load(std::memory_order_relaxed))[Nr](v, a0, a1, a2, a3, a4);
}

constinit Table const measured_table = []<usize... Nr>(std::index_sequence<Nr...>) {
    return Table{measured<Nr>...};
}
(std::make_index_sequence<table_size>{});
static_assert(table_size <= stretches::exceptions);

}  // namespace

void follow_trace(trace::Kinds kinds) {
    bool const wanted = (kinds & (trace::bit(trace::Kind::call) | trace::bit(trace::Kind::done))) != 0;
    served.store(wanted ? &traced_table : &table);
    follow_stretches(stretches::measuring.load());
}

void follow_stretches(bool on) {
    table_in_use.store(on ? &measured_table : served.load());
}

constinit std::array<Counts, machine::max_cpus> counts{};

Answer no_such_call(Vcpu&, u64, u64, u64, u64, u64) {
    return Fail{Errno::nosys};
}

void continue_with(std::span<u64 const> args) {
    Continuation& c = here();
    c.count = std::min<usize>(args.size(), max_args);
    std::copy_n(args.begin(), c.count, c.args.begin());
}

Outcome settle_failed(Vcpu& v, u64 nr, Errno error, Args& args) {
    Continuation& c = here();
    usize const count = std::exchange(c.count, 0);
    if (error == Errno::restart) {
        std::copy_n(c.args.begin(), count, args.begin());
        return {true, 0};
    }
    v.refusals.note(name(nr), error, args[0], args[1]);
    return {false, static_cast<u64>(-static_cast<s64>(error))};
}

Outcome dispatch(Vcpu& v, u64 nr, Args& args) {
    Answer const r = find(v, nr)(v, args[0], args[1], args[2], args[3], args[4]);
    if (r) [[likely]]
        return {false, static_cast<u64>(*r)};
    return settle_failed(v, nr, r.error(), args);
}

std::string_view name(u64 nr) {
    return nr < table_size ? names[nr] : std::string_view{};
}

u64 calls(u64 nr) {
    u64 sum = 0;
    for (Counts const& made : counts)
        sum += nr < table_size ? made[nr] : 0;
    return sum;
}

}  // namespace hypercall
