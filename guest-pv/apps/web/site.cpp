// SPDX-License-Identifier: MIT
#include "guest-pv/apps/web/site.hpp"

#include "guest-pv/apps/web/big_file.hpp"
#include "guest-pv/apps/web/page.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/time.hpp"

namespace web {

namespace {

// {"key": 1, ...}
class JsonObject {
  public:
    JsonObject& add(std::string_view key, u64 value) {
        text_.append(text_.empty() ? "{" : ", ");
        text_.append("\"").append(key).append("\": ").append(std::to_string(value));
        return *this;
    }
    [[nodiscard]] std::string finish() const { return text_ + "}\n"; }

  private:
    std::string text_;
};

}  // namespace

std::string Site::figures() const {
    auto const device = device_.counts();
    auto const grants = rt::grant_counts();
    auto const events = rt::event_counts();
    auto const pages = rt::page_counts();
    JsonObject json;
    json.add("uptime_ms", static_cast<u64>(rt::now() / rt::millisecond)).add("requests", requests_);
    json.add("rx_packets", device.rx.frames)
        .add("rx_bytes", device.rx.bytes)
        .add("rx_errors", device.rx.errors);
    json.add("tx_packets", device.tx.frames)
        .add("tx_bytes", device.tx.bytes)
        .add("tx_refused", device.tx.refused);
    json.add("tx_dropped", device.dropped).add("connects", device.connects);
    json.add("grants_active", grants.active)
        .add("grants_made", grants.made)
        .add("grants_leaked", grants.leaked);
    json.add("events_received", events.collected)
        .add("events_sent", events.sent)
        .add("blocks", events.blocks);
    json.add("pages_free", pages.free).add("pages_total", pages.total);
    return json.finish();
}

Response Site::answer(Request const& request) {
    requests_++;
    if (request.path == "/")
        return Response::text(200, "text/html; charset=utf-8", std::string{page});
    if (request.path == "/stats")
        return Response::text(200, "application/json", figures());
    if (request.path == "/big")
        return big_file();
    return Response::text(404, "text/plain", "There is /, /stats and /big\n");
}

}  // namespace web
