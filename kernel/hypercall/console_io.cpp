// SPDX-License-Identifier: MIT
// The emergency console. Any domain may write; its text is collected into
// lines and prefixed. A domain with the console privilege may mark a write
// with a leading byte 0x01: it then goes out as it is, which is how prompts and
// the lines of the driver domain's console daemon are written. Reading is for
// that domain alone.
#include <algorithm>
#include <array>

#include "kernel/console/input.hpp"
#include "kernel/console/output.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/machine/cpu.hpp"

namespace hypercall {
namespace {

// Both directions go through a buffer of this size (CN-3).
using Chunk = std::array<char, 128>;

constexpr char raw_mark = 0x01;
// Set in `cmd` when a marked write is continued: its mark is behind us.
constexpr u32 continued_raw = u32{1} << 31;

void collect(Domain& d, std::string_view bytes) {
    auto text = d.text.lock();
    for (char const c : bytes) {
        if (!text->put(c))
            continue;
        console::domain_line(d.id, text->line());
        text->next();
    }
}

Answer write(Domain& d, u32 count, GuestPtr<u8> buffer, bool raw) {
    Chunk chunk;
    bool first = !raw;
    while (count != 0) {
        u32 const n = std::min<u32>(count, chunk.size());
        TRY_VOID(buffer.as<char>().fetch_into(chunk.data(), n));
        std::string_view bytes{chunk.data(), n};
        if (first && d.priv.console && bytes.front() == raw_mark) {
            raw = true;
            bytes.remove_prefix(1);
        }
        first = false;
        raw ? console::raw(console::Speaker::driver_domain, bytes) : collect(d, bytes);
        count -= n;
        buffer = buffer + n;
        if (count != 0 && machine::preempt_pending()) {
            continue_with_args(CONSOLEIO_write | (raw ? continued_raw : 0), count, buffer.raw());
            return Fail{Errno::restart};
        }
    }
    return 0;
}

Answer read(Domain const& d, u32 count, GuestPtr<u8> buffer) {
    if (!d.priv.console)
        return Fail{Errno::perm};
    Chunk chunk;
    s64 done = 0;
    while (count != 0) {
        usize const n = console::read_input(std::span{chunk}.first(std::min<usize>(count, chunk.size())));
        if (n == 0)
            break;
        TRY_VOID(buffer.as<char>().store_from(chunk.data(), n, static_cast<u64>(done)));
        done += static_cast<s64>(n);
        count -= static_cast<u32>(n);
    }
    return done;
}

}  // namespace

Answer console_io(Vcpu& v, u32 cmd, u32 count, GuestPtr<u8> buffer) {
    if (count > INT32_MAX)
        return Fail{Errno::inval};
    bool const raw = (cmd & continued_raw) != 0 && v.domain.priv.console;
    switch (cmd & ~continued_raw) {
        case CONSOLEIO_write:
            return write(v.domain, count, buffer, raw);
        case CONSOLEIO_read:
            return read(v.domain, count, buffer);
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall
