// SPDX-License-Identifier: MIT
#include "guest-pv/apps/web/http.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace web;

TEST_CASE("a head ends with its blank line") {
    CHECK(!end_of_head("GET / HTTP/1.1\r\nHost: x\r\n"));
    CHECK(end_of_head("GET / HTTP/1.1\r\n\r\nmore") == 18);
}

TEST_CASE("method and path are taken from the first line, the query is not") {
    auto const request = parse_request("GET /stats?x=1 HTTP/1.0\r\nHost: x\r\n\r\n");
    REQUIRE(request);
    CHECK(request->method == "GET");
    CHECK(request->path == "/stats");
}

TEST_CASE("what is no request is refused") {
    for (auto const* head : {"", "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET stats HTTP/1.1\r\n\r\n",
                             " / HTTP/1.1\r\n\r\n", "GET / SPDY/3\r\n\r\n"})
        CHECK(!parse_request(head));
}

TEST_CASE("a response tells the length of its body") {
    auto const response = Response::text(404, "text/plain", "no\n");
    auto const head = head_of(response);
    CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(head.find("Content-Length: 3\r\n") != head.npos);
    CHECK(head.ends_with("\r\n\r\n"));
    std::array<char, 2> tail{};
    response.fill(1, tail);
    CHECK(std::string_view{tail.data(), tail.size()} == "o\n");
}
