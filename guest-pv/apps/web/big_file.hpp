// SPDX-License-Identifier: MIT
// Ten million bytes that are the same in every guest and compress badly, with
// their CRC-32 in the header X-Crc32, to find a byte lost or changed on the way.
#pragma once

#include "guest-pv/apps/web/http.hpp"

namespace web {

Response big_file();

}  // namespace web
