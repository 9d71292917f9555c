// SPDX-License-Identifier: MIT
#include "guest-pv/apps/web/http.hpp"

#include <algorithm>

namespace web {

namespace {

std::string_view reason(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 431:
            return "Request Header Fields Too Large";
        default:
            return "Error";
    }
}

// The part of `line` up to the next space, which goes with it.
std::string_view take_word(std::string_view& line) {
    auto const word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

}  // namespace

std::optional<usize> end_of_head(std::string_view received) {
    constexpr std::string_view blank_line = "\r\n\r\n";
    usize const at = received.find(blank_line);
    if (at == received.npos)
        return std::nullopt;
    return at + blank_line.size();
}

std::optional<Request> parse_request(std::string_view head) {
    auto line = head.substr(0, head.find("\r\n"));
    auto const method = take_word(line);
    auto const target = take_word(line);
    if (method.empty() || !target.starts_with('/') || !line.starts_with("HTTP/1."))
        return std::nullopt;
    return Request{.method = std::string{method}, .path = std::string{target.substr(0, target.find('?'))}};
}

Response Response::text(unsigned status, std::string_view type, std::string body) {
    Response response{.status = status, .type = type, .extra_headers = {}, .length = body.size(), .fill = {}};
    response.fill = [body = std::move(body)](u64 offset, std::span<char> into) {
        body.copy(into.data(), into.size(), offset);
    };
    return response;
}

std::string head_of(Response const& response) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head.append(reason(response.status)).append("\r\nServer: granite-web\r\nConnection: close\r\n");
    head.append("Cache-Control: no-store\r\nContent-Type: ").append(response.type);
    head.append("\r\nContent-Length: ").append(std::to_string(response.length)).append("\r\n");
    return head.append(response.extra_headers).append("\r\n");
}

}  // namespace web
