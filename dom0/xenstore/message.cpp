// SPDX-License-Identifier: MIT
#include "dom0/xenstore/message.hpp"

#include <cstring>

#include "guest-pv/rt/xenbus/error.hpp"

namespace xenstore {

std::string encode(Message const& message) {
    xsd_sockmsg header{};
    header.type = message.type;
    header.req_id = message.request;
    header.tx_id = message.transaction;
    header.len = static_cast<u32>(message.payload.size());
    std::string bytes{reinterpret_cast<char const*>(&header), sizeof header};
    return bytes += message.payload;
}

Message refusal(Message const& request, Errno error) {
    Message reply{XS_ERROR, request.request, request.transaction, std::string{rt::xenbus::name_of(error)}};
    reply.payload += '\0';
    return reply;
}

Result<std::optional<Message>> Assembler::next() {
    xsd_sockmsg header;
    if (bytes_.size() < sizeof header)
        return std::optional<Message>{};
    std::memcpy(&header, bytes_.data(), sizeof header);
    if (!fits(header.len))
        return Fail{Errno::msgsize};
    if (bytes_.size() < sizeof header + header.len)
        return std::optional<Message>{};
    Message message{header.type, header.req_id, header.tx_id, bytes_.substr(sizeof header, header.len)};
    bytes_.erase(0, sizeof header + header.len);
    return std::optional{std::move(message)};
}

}  // namespace xenstore
