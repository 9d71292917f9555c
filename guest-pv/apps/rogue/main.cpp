// SPDX-License-Identifier: MIT
// Attacks the backend of its network device in every way that its rings and
// nodes allow, and says how that went. `peer=MAC` is a guest that answers
// questions (rally's role echo), by which it knows whether it is served. It
// begins at `after=MS` of system time.
//
// Afterwards it stays connected, with all its pages posted and frames under
// way, to be destroyed. With `only=declare` there are no attacks, but pages
// declared and taken back without an end.
#include <charconv>
#include <cstdio>

#include "guest-pv/apps/rogue/attack.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace {

using namespace rogue;

u32 withstood = 0;

bool judge(char const* name, bool held) {
    withstood += held ? 1 : 0;
    if (!held)
        std::printf("rogue: %s: not withstood\n", name);
    return held;
}

bool try_all(Device const& device, std::span<Attack const> attacks) {
    bool all = true;
    for (Attack const& attack : attacks) {
        auto const vif = RawVif::connect(device, attack.posting);
        bool const served = vif && (attack.posting == RawVif::Posting::none || (*vif)->serves());
        all = judge(attack.name, served && attack.run(**vif)) && all;
    }
    return all;
}

bool try_all(Device const& device) {
    bool all = true;
    for (KeyAttack const& attack : key_attacks)
        all = judge(attack.name, attack.run(device)) && all;
    for (auto const attacks : {transmit_attacks, receive_attacks, control_attacks, page_attacks})
        all = try_all(device, attacks) && all;
    return all;
}

[[noreturn]] void stay(RawVif& vif) {
    for (;;) {
        vif.ask_peer();
        vif.collect();
        rt::sleep_for(rt::millisecond);
    }
}

}  // namespace

int main() {
    auto* const store = rt::xenbus::connection();
    auto const peer = net::parse_mac(rt::command_line_option("peer"));
    if (!store || !peer) {
        std::puts("rogue: needs peer=ADDRESS");
        return 1;
    }
    auto const device = Device::find(*store, *peer);
    if (!device) {
        std::puts("rogue: this guest has no network device");
        return 1;
    }
    auto const after = rt::command_line_option("after");
    u32 milliseconds = 0;
    std::from_chars(after.data(), after.data() + after.size(), milliseconds);
    rt::sleep_until(milliseconds * rt::millisecond);
    bool const declares = rt::command_line_option("only") == "declare";
    bool const all = declares || try_all(*device);
    if (!declares)
        std::printf("rogue: %u attacks %s, %llu pages kept\n", withstood,
                    all ? "withstood" : "withstood, others not",
                    static_cast<unsigned long long>(rt::grant_counts().leaked));
    auto const vif = RawVif::connect(*device);
    if (!vif || !(*vif)->serves()) {
        std::puts("rogue: is not served any more");
        return 1;
    }
    if (declares) {
        std::puts("rogue: declares");
        keep_declaring(**vif);
    }
    // Where there are none it stays without.
    static_cast<void>((*vif)->map_backend_pages());
    std::puts("rogue: stays");
    stay(**vif);
}
