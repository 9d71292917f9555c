// SPDX-License-Identifier: MIT
#include "dom0/xenstore/outbox.hpp"

#include <algorithm>

namespace xenstore {

void Outbox::event(std::string_view path, std::string_view token, bool bounded) {
    Message event{.type = XS_WATCH_EVENT};
    event.payload.append(path).append(1, '\0').append(token).append(1, '\0');
    std::string bytes = encode(event);
    // The first parcel may be half sent, so it cannot stand for a new event.
    auto const from = waiting_.empty() ? waiting_.end() : waiting_.begin() + 1;
    if (std::any_of(from, waiting_.end(), [&](Parcel const& p) { return p.is_event && p.bytes == bytes; }))
        return;
    if (bounded && full()) {
        ++lost_;
        return;
    }
    push({std::move(bytes), true});
}

std::string_view Outbox::front() const {
    return waiting_.empty() ? std::string_view{} : std::string_view{waiting_.front().bytes}.substr(begun_);
}

void Outbox::taken(usize bytes) {
    begun_ += bytes;
    bytes_ -= bytes;
    if (begun_ == waiting_.front().bytes.size()) {
        waiting_.pop_front();
        begun_ = 0;
    }
}

void Outbox::push(Parcel parcel) {
    bytes_ += parcel.bytes.size();
    waiting_.push_back(std::move(parcel));
}

}  // namespace xenstore
