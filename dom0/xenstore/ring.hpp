// SPDX-License-Identifier: MIT
// The shared page between a client and the store. The client may write to all
// of it at any time, so indexes are read once and believed only if possible.
#pragma once

#include "dom0/xenstore/session.hpp"

namespace xenstore {

// Moves what can be moved between ring and session. True: bytes were moved, so
// the client wants to know. A ring with impossible indexes parks the session.
bool exchange(xenstore_domain_interface& ring, Session& session);

}  // namespace xenstore
