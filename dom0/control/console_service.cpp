// SPDX-License-Identifier: MIT
#include "dom0/control/console_service.hpp"

#include <array>
#include <string>

#include "dom0/control/spare_memory.hpp"
#include "dom0/control/terminal.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

constexpr char detach_key = 0x1d;  // Ctrl-]
// How long typing may wait before the end of an attached guest is noticed.
constexpr Nanos attention = 200 * rt::millisecond;
// A few screens of history: less than a second on a real serial line.
constexpr usize replayed = 8 * 1024;

console::Growth growth() {
    return spare_memory::is_there_for_guests() ? console::Growth::allowed : console::Growth::none;
}

class Screen final : public console::Listener {
    DomId guest_;

  public:
    explicit Screen(DomId guest) : guest_{guest} {}
    void show_line(std::string_view line) override { terminal::guest_line(guest_, line); }
    void show_bytes(std::string_view bytes) override { terminal::write(bytes); }
};

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

bool ConsoleService::forward(DomId id, Guest& guest) {
    forward_typed(guest);
    guest.console.set_growth(growth());
    Screen screen{id};
    if (!guest.console.pass_on_output(screen))
        return false;
    guest.channel.notify();
    return true;
}

// As much as fits: the guest says when it has made room.
void ConsoleService::forward_typed(Guest& guest) {
    if (guest.console.pass_on_typed())
        guest.channel.notify();
}

Result<> ConsoleService::add(DomId id, SharedRing const& ring) {
    auto page = TRY(rt::FrameMapping::map(std::span{&ring.frame, 1}, id, rt::Access::read_write));
    auto channel = TRY(rt::EventChannel::bind_interdomain(id, ring.port));
    channel.on_event([this] {
        kicked_ = true;
        idle_.wake_one();
    });
    auto& shared = *reinterpret_cast<xencons_interface*>(page.data());
    auto const guest =
        std::make_shared<Guest>(std::move(page), std::move(channel), console::GuestConsole{shared});
    guests_.insert_or_assign(id, guest);
    return {};
}

void ConsoleService::remove(DomId id) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return;
    auto const guest = it->second;
    Screen screen{id};
    guest->console.pass_on_last_words(screen);
    terminal::restore_line();
    guest->gone = true;
    guests_.erase(id);
}

Result<> ConsoleService::attach(DomId id) {
    auto const it = guests_.find(id);
    if (it == guests_.end())
        return Fail{Errno::srch};
    auto const guest = it->second;
    Screen screen{id};
    guest->console.attach(screen, replayed);
    while (!guest->gone) {
        std::array<char, 256> keys;
        std::string_view typed{keys.data(), terminal::read(keys, rt::now() + attention)};
        auto const end = typed.find(detach_key);
        guest->console.set_growth(growth());
        guest->console.type(typed.substr(0, end));
        forward_typed(*guest);
        if (end == std::string_view::npos)
            continue;
        // What follows is meant for whoever has the keyboard then.
        terminal::unread(typed.substr(end + 1));
        break;
    }
    guest->console.detach();
    if (u64 const lost = guest->console.lost_typing(); lost != 0)
        terminal::guest_line(id, "... " + std::to_string((lost + 1023) / 1024) +
                                     " K bytes lost: it does not read what is typed");
    return {};
}

}  // namespace control
