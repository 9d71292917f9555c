// SPDX-License-Identifier: MIT
// What the calls are about. Everything of this guest that it needs in order to go
// on is kept out of them; the rest is there to be harmed:
//
//   the pool      frames that are mapped nowhere but where calls map them
//   the window    virtual addresses whose entries calls change
//   the grants    all entries of the grant table behind the reserved ones
//   the rings     of console and xenstore: reports go out by hypercall
//   the twin      another root with the same contents as this guest's own
//   spare vcpus   those behind the workers'
#pragma once

#include <array>
#include <atomic>
#include <vector>

#include "guest-pv/apps/havoc/random.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace havoc {

inline constexpr usize pool_frames = 64;
inline constexpr usize window_pages = 96;
inline constexpr usize canary_pages = 16;

class World {
  public:
    static Result<> build(u32 workers);

    // Frames of the pool come and go: what is in a slot may belong to anybody by now.
    std::array<std::atomic<u64>, pool_frames> pool{};
    rt::Window window;
    std::array<Maddr, window_pages> window_entries{};
    rt::FrameMapping grants;
    Mfn root{};
    Mfn twin{};
    u64 last_frame = 0;  // of the machine
    u32 workers = 0;

    // This guest could not go on without that frame.
    [[nodiscard]] bool needed(u64 frame) const;
    // Nobody has written to what nobody was given.
    [[nodiscard]] bool unharmed() const;

  private:
    Result<> take_pool();
    Result<> take_window();
    Result<> take_grants();
    Result<> make_twin();
    void note_needed();

    rt::Pages canary_;
    std::vector<u64> needed_;  // ascending
};

World& world();

}  // namespace havoc
