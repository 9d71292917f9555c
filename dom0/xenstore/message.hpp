// SPDX-License-Identifier: MIT
// Messages of the wire protocol, put together from a byte stream that may be
// cut anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/abi/xenstore.hpp"
#include "kernel/base/result.hpp"

namespace xenstore {

struct Message {
    u32 type = 0;
    u32 request = 0;
    u32 transaction = 0;
    std::string payload{};
};

// Header and payload, ready to be sent. The payload fits: see fits().
std::string encode(Message const& message);
constexpr bool fits(usize payload) {
    return payload <= XENSTORE_PAYLOAD_MAX;
}

// The answer that says no.
Message refusal(Message const& request, Errno error);

class Assembler {
  public:
    void feed(std::string_view bytes) { bytes_ += bytes; }

    // The next whole message, if it is there. Errno::msgsize when a header
    // announces more than the protocol allows: the stream has no meaning from
    // there on.
    Result<std::optional<Message>> next();

    // How much may be fed before a message must be taken out.
    [[nodiscard]] usize room() const { return sizeof(xsd_sockmsg) + XENSTORE_PAYLOAD_MAX - bytes_.size(); }

  private:
    std::string bytes_;
};

}  // namespace xenstore
