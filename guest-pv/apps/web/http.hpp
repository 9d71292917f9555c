// SPDX-License-Identifier: MIT
// Requests and responses of HTTP, as much of it as a small site needs: one
// request a connection, GET and HEAD, no request bodies. Knows no network.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/base/types.hpp"

namespace web {

struct Request {
    std::string method;
    std::string path;
};

// What a client may send before it must have asked for something.
inline constexpr usize max_request = 8 * 1024;

// The end of a request's head in `received`, if it is there.
std::optional<usize> end_of_head(std::string_view received);

// Nothing when the first line is no request.
std::optional<Request> parse_request(std::string_view head);

// A response's body is made while it is sent: `fill` writes the bytes that
// begin at an offset. So a large one takes no memory.
struct Response {
    unsigned status = 200;
    std::string_view type = "text/plain; charset=utf-8";
    std::string extra_headers;  // whole lines
    u64 length = 0;
    std::function<void(u64 offset, std::span<char> into)> fill;

    static Response text(unsigned status, std::string_view type, std::string body);
};

std::string head_of(Response const& response);

}  // namespace web
