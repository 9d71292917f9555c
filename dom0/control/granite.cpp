// SPDX-License-Identifier: MIT
#include "dom0/control/granite.hpp"

#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "kernel/abi/granite_op.hpp"

namespace control::granite {
namespace {

constexpr usize question_room = 128;
constexpr usize most_records = 512;

Result<u64> call(granite_op::Command command, u64 a1 = 0, u64 a2 = 0, u64 a3 = 0, u64 a4 = 0) {
    using namespace rt::hypercall;
    return checked(raw(__HYPERVISOR_arch_0, command, a1, a2, a3, a4));
}

}  // namespace

Result<> ready() {
    TRY_VOID(call(granite_op::ready));
    return {};
}

Result<std::string> monitor(std::string_view command) {
    std::string answer(longest_answer, '\0');
    using rt::hypercall::address;
    auto const ask = [&] {
        return call(granite_op::monitor, address(command.data()), command.size(), address(answer.data()),
                    answer.size());
    };
    auto written = ask();
    for (; !written && written.error() == Errno::again; written = ask())
        rt::sleep_for(rt::millisecond);
    answer.resize(TRY(written));
    return answer;
}

Result<> set_name(DomId domain, std::string_view name) {
    TRY_VOID(call(granite_op::set_name, domain.raw(), rt::hypercall::address(name.data()), name.size()));
    return {};
}

std::optional<Question> next_question() {
    std::array<char, question_room> text{};
    auto const number = call(granite_op::question, rt::hypercall::address(text.data()), text.size());
    if (!number)
        return std::nullopt;
    return Question{static_cast<u32>(*number), text.data()};
}

Result<> add_answer(u32 number, std::string_view text, Part part) {
    TRY_VOID(call(granite_op::answer, number, rt::hypercall::address(text.data()), text.size(),
                  part == Part::last));
    return {};
}

Result<bool> mark(mark::Mark const& mark) {
    auto const words = mark::pack(mark);
    return TRY(call(granite_op::mark, words.a, words.b)) != 0;
}

Result<> record_for_walk(bool on) {
    TRY_VOID(call(granite_op::walk, on));
    return {};
}

std::vector<trace::Record> recorded_since(Nanos since) {
    std::vector<trace::Record> records(most_records);
    auto const count = call(granite_op::events, static_cast<u64>(since),
                            rt::hypercall::address(records.data()), records.size());
    records.resize(count.value_or(0));
    return records;
}

}  // namespace control::granite
