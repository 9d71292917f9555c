// SPDX-License-Identifier: MIT
#include "dom0/control/granite.hpp"

#include "guest-pv/rt/hypercall.hpp"

namespace control::granite {
namespace {

enum Command : u64 { ready_command = 0, monitor_command = 1, set_name_command = 3 };

constexpr usize longest_answer = 64 * 1024;

Result<u64> call(Command command, u64 a1 = 0, u64 a2 = 0, u64 a3 = 0, u64 a4 = 0) {
    using namespace rt::hypercall;
    return checked(raw(__HYPERVISOR_arch_0, command, a1, a2, a3, a4));
}

}  // namespace

Result<> ready() {
    TRY_VOID(call(ready_command));
    return {};
}

Result<std::string> monitor(std::string_view command) {
    std::string answer(longest_answer, '\0');
    using rt::hypercall::address;
    answer.resize(TRY(call(monitor_command, address(command.data()), command.size(), address(answer.data()),
                           answer.size())));
    return answer;
}

Result<> set_name(DomId domain, std::string_view name) {
    TRY_VOID(call(set_name_command, domain.raw(), rt::hypercall::address(name.data()), name.size()));
    return {};
}

}  // namespace control::granite
