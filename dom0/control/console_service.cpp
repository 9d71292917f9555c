// SPDX-License-Identifier: MIT
#include "dom0/control/console_service.hpp"

#include <array>
#include <string>

#include "dom0/control/terminal.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

constexpr char detach_key = 0x1d;  // Ctrl-]
// How long typing may wait before the end of an attached guest is noticed.
constexpr Nanos attention = 200 * rt::millisecond;
// A few screens of history: less than a second on a real serial line.
constexpr usize replayed = 8 * 1024;

}  // namespace

void ConsoleService::start() {
    rt::spawn("consoled", [this] { run(); });
}

void ConsoleService::run() {
    for (;;) {
        kicked_ = false;
        bool busy = false;
        for (auto const& [id, guest] : std::map{guests_})
            busy |= forward(id, *guest);
        if (busy) {
            rt::yield();
            continue;
        }
        terminal::restore_line();
        if (!kicked_)
            idle_.wait();
    }
}

// A turn is bounded, so that a guest that never stops talking leaves room for
// others. Until its next turn it waits for space in its own ring.
bool ConsoleService::forward(DomId id, Guest& guest) {
    pass_on_typed(guest);
    std::array<char, 1024> bytes;
    usize const count = guest.output->take(bytes);
    if (count == 0)
        return false;
    guest.channel.notify();
    print(id, guest, {bytes.data(), count});
    return true;
}

// As much as fits: the guest says when it has made room.
void ConsoleService::pass_on_typed(Guest& guest) {
    usize const count = guest.input->put(guest.typed.waiting());
    if (count == 0)
        return;
    guest.typed.take(count);
    guest.channel.notify();
}

void ConsoleService::print(DomId id, Guest& guest, std::string_view bytes) {
    guest.history.append(bytes);
    if (guest.attached)
        return terminal::write(bytes);
    for (char const c : bytes) {
        if (!guest.line.put(c))
            continue;
        terminal::guest_line(id, guest.line.line());
        guest.line.next();
    }
}

Result<> ConsoleService::add(DomId id, SharedRing const& ring) {
    auto const guest = std::make_shared<Guest>();
    guest->page = TRY(rt::FrameMapping::map(std::span{&ring.frame, 1}, id, rt::Access::read_write));
    guest->channel = TRY(rt::EventChannel::bind_interdomain(id, ring.port));
    guest->channel.on_event([this] {
        kicked_ = true;
        idle_.wake_one();
    });
    auto& shared = *reinterpret_cast<xencons_interface*>(guest->page.data());
    guest->output = std::make_unique<rt::ByteRing>(std::span{shared.out}, shared.out_cons, shared.out_prod);
    guest->input = std::make_unique<rt::ByteRing>(std::span{shared.in}, shared.in_cons, shared.in_prod);
    guests_.insert_or_assign(id, guest);
    return {};
}

void ConsoleService::remove(DomId id) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return;
    auto const guest = it->second;
    // One ring's worth: a domain that still runs could go on for ever.
    forward(id, *guest);
    forward(id, *guest);
    if (guest->line.finish())
        terminal::guest_line(id, guest->line.line());
    terminal::restore_line();
    guest->gone = true;
    guests_.erase(id);
}

Result<> ConsoleService::attach(DomId id) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return Fail{Errno::srch};
    auto const guest = it->second;
    // An unfinished line of the guest is part of its history.
    guest->line = {};
    terminal::write(guest->history.last(replayed));
    guest->attached = true;
    while (!guest->gone) {
        std::array<char, 256> keys;
        std::string_view typed{keys.data(), terminal::read(keys, rt::now() + attention)};
        auto const end = typed.find(detach_key);
        guest->typed.append(typed.substr(0, end));
        pass_on_typed(*guest);
        if (end == std::string_view::npos)
            continue;
        // What follows is meant for whoever has the keyboard then.
        terminal::unread(typed.substr(end + 1));
        break;
    }
    guest->attached = false;
    if (u64 const lost = guest->typed.lost(); lost != 0)
        terminal::guest_line(id, "... " + std::to_string((lost + 1023) / 1024) +
                                     " K bytes lost: it does not read what is typed");
    return {};
}

}  // namespace control
