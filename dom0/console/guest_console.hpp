// SPDX-License-Identifier: MIT
// This end of one guest's console ring: what the guest says becomes lines that
// a terminal can be given, what is typed for it waits until it makes room. The
// guest may write anything into the ring at any time, indexes included; that
// costs it its own text (CN-1).
#pragma once

#include <string_view>

#include "dom0/console/history.hpp"
#include "dom0/console/type_ahead.hpp"
#include "guest-pv/rt/byte_ring.hpp"
#include "kernel/abi/console.hpp"
#include "kernel/console/line_buffer.hpp"

namespace console {

// Who is shown what a guest says.
class Listener {
  public:
    virtual void show_line(std::string_view line) = 0;
    // As the guest said it: somebody is attached.
    virtual void show_bytes(std::string_view bytes) = 0;

  protected:
    ~Listener() = default;
};

class GuestConsole {
  public:
    // A turn is bounded, so that a guest that never stops talking leaves room
    // for others. Until its next turn it waits for space in its own ring.
    static constexpr usize turn = 1024;

    // The ring stays mapped as long as this lives.
    explicit GuestConsole(xencons_interface& ring)
        : output_{ring.out, ring.out_cons, ring.out_prod}, input_{ring.in, ring.in_cons, ring.in_prod} {}

    // Each tells whether the ring has changed, and the guest wants to know.
    bool pass_on_output(Listener& to);
    bool pass_on_typed();

    // The guest is gone: what is still in the ring, and the rest of a line.
    void pass_on_last_words(Listener& to);

    // From now on bytes are shown as they are, after the last `replayed` of
    // those before; an unfinished line is one of them.
    void attach(Listener& to, usize replayed);
    void detach() { attached_ = false; }
    void type(std::string_view keys) { typed_.append(keys, growth_); }
    // Bytes typed in vain since this was asked last.
    [[nodiscard]] u64 lost_typing() { return typed_.lost(); }

    // Of what is kept of what the guest says, and of what waits for it.
    void set_growth(Growth growth) { growth_ = growth; }

  private:
    void show(Listener& to, std::string_view bytes);

    rt::ByteRing output_;
    rt::ByteRing input_;
    LineBuffer line_;
    History history_;
    TypeAhead typed_;
    Growth growth_ = Growth::allowed;
    bool attached_ = false;
};

}  // namespace console
