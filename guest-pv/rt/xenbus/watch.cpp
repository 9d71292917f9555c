// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/watch.hpp"

#include <algorithm>
#include <array>

#include "guest-pv/rt/xenbus/transport.hpp"

namespace rt::xenbus {

Watch::Watch(std::shared_ptr<Transport> transport, std::string path)
    : transport_{std::move(transport)}, path_{std::move(path)}, token_{transport_->add(*this)} {}

Result<> Watch::begin() {
    TRY_VOID(tell(XS_WATCH));
    begun_ = true;
    return {};
}

Watch::~Watch() {
    transport_->remove(token_);
    // Should this fail, events for the token are dropped on arrival.
    if (begun_)
        static_cast<void>(tell(XS_UNWATCH));
}

Result<> Watch::tell(unsigned type) {
    std::string_view const zero{"\0", 1};
    std::array<std::string_view, 4> const pieces{path_, zero, token_, zero};
    TRY_VOID(transport_->request(static_cast<xsd_sockmsg_type>(type), {}, pieces));
    return {};
}

Result<std::string> Watch::wait(Nanos deadline) {
    while (events_.empty())
        if (!waiters_.wait(deadline))
            return Fail{Errno::timedout};
    auto path = std::move(events_.front());
    events_.pop_front();
    return path;
}

void Watch::deliver(std::string path) {
    if (std::ranges::find(events_, path) == events_.end())
        events_.push_back(std::move(path));
    waiters_.wake_all();
    if (handler_)
        handler_();
}

}  // namespace rt::xenbus
