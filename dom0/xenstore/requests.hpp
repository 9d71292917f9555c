// SPDX-License-Identifier: MIT
// The requests of the wire protocol: what each payload means and what is
// answered.
#pragma once

#include "dom0/xenstore/server.hpp"

namespace xenstore {

// Puts exactly one reply into the session's outbox.
void answer(Server& server, Session& session, Message const& message);

}  // namespace xenstore
