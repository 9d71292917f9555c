// SPDX-License-Identifier: MIT
#include "dom0/net/netback/mapped_transfer.hpp"

#include <cstring>

namespace netback {

namespace {

bool fits(Granted place, u16 bytes) {
    return u32{place.offset} + bytes <= page_size;
}

}  // namespace

void MappedTransfer::to_guest(nic::Packet const& buffer, u16 offset, Granted to, u16 bytes, u32 item) {
    auto const* const page = pages_.find(to.page);
    if (page == nullptr || !page->writable || !fits(to, bytes) || buffer.data == nullptr)
        return others_.to_guest(buffer, offset, to, bytes, item);
    std::memcpy(page->at + to.offset, buffer.data + offset, bytes);
}

// Nothing looks at the bytes before they are private.
void MappedTransfer::from_guest(Granted from, nic::Packet const& buffer, u16 bytes, u32 item) {
    auto const* const page = pages_.find(from.page);
    if (page == nullptr || !fits(from, bytes))
        return others_.from_guest(from, buffer, bytes, item);
    std::memcpy(buffer.data + buffer.length, page->at + from.offset, bytes);
}

}  // namespace netback
