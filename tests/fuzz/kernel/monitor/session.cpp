// SPDX-License-Identifier: MIT
// D12: any line as a question to the monitor: it is answered, and nothing has changed

#include <memory>

#include "tests/fuzz/support/input.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

constexpr std::string_view never = "panic";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    std::string_view const line{reinterpret_cast<char const*>(data),
                                std::min<usize>(size, monitor::longest_command)};
    if (line.find(never) != std::string_view::npos)
        return 0;
    static host::TestDomain const guest{1};
    static_cast<void>(host::ask_monitor(line));
    static_cast<void>(host::ask_monitor("thaw"));
    fuzz::require(host::ask_monitor("audit").text().starts_with("audit: ok"), "all counts are right");
    return 0;
}
