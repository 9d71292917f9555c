// SPDX-License-Identifier: MIT
#include "dom0/net/correspondence.hpp"

#include <algorithm>
#include <optional>

#include "dom0/net/policy/words.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"
#include "kernel/base/log.hpp"

namespace net::correspondence {
namespace {

using rt::xenbus::Connection;

// Of a node, which may have 2048 bytes with what the store keeps of it.
constexpr usize piece_bytes = 1024;

struct Letter {
    u32 number;
    Question question;
};

std::optional<Letter> read_letter(Connection& store) {
    auto const text = store.read(question_node);
    if (!text)
        return std::nullopt;
    std::string_view rest = *text;
    auto const number = policy::number<u32>(policy::cut(rest, ' '));
    auto const guest = policy::number<u16>(policy::cut(rest, ' '));
    if (!number || !guest)
        return std::nullopt;
    return Letter{*number, {.line = std::string{rest}, .guest = DomId{*guest}}};
}

bool is_answered(Connection& store, u32 number) {
    auto const text = store.read(answered_node).value_or("");
    std::string_view rest = text;
    return policy::number<u32>(policy::cut(rest, ' ')) == number;
}

Result<> send(Connection& store, u32 number, std::string_view text) {
    u32 pieces = 0;
    for (; !text.empty(); ++pieces) {
        auto const piece = text.substr(0, piece_bytes);
        TRY_VOID(store.write(std::string{answer_node} + "/" + std::to_string(pieces), piece));
        text.remove_prefix(piece.size());
    }
    return store.write(answered_node, std::to_string(number) + " " + std::to_string(pieces));
}

void answer_one(Connection& store, Answerer const& answerer) {
    auto letter = read_letter(store);
    if (!letter || is_answered(store, letter->number))
        return;
    letter->question.wanted = [&store, number = letter->number] {
        auto const now = read_letter(store);
        return now && now->number == number;
    };
    // Who has asked waits for so long and no longer.
    if (!send(store, letter->number, answer(answerer, letter->question)))
        log("net: an answer found no room in the store");
}

}  // namespace

void serve(Connection& store, Answerer answerer) {
    rt::spawn("questions", [&store, answerer = std::move(answerer)] {
        auto const asked = store.watch(question_node);
        while (asked && (*asked)->wait())
            answer_one(store, answerer);
        log("net: the store tells of no questions");
    });
}

}  // namespace net::correspondence
