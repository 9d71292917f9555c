// SPDX-License-Identifier: MIT
#include "dom0/control/network_questions.hpp"

#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/granite.hpp"
#include "dom0/net/answers.hpp"
#include "dom0/net/correspondence.hpp"
#include "dom0/toolstack/text.hpp"
#include "guest-pv/rt/thread/mutex.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

namespace nodes = net::correspondence;

constexpr DomId this_domain{0};
// Longer than a walk waits for a frame, and for its end.
constexpr Nanos patience = 30 * rt::second;
constexpr Nanos look_interval = rt::second / 2;

// One question at a time.
rt::Mutex asking;
u32 last_number = 0;

class Letter {
  public:
    Letter(Connection& store, DomId network)
        : store_{store}, home_{home_of(network) + "/"}, number_{++last_number} {}
    ~Letter() { static_cast<void>(store_.remove(home_ + nodes::question_node)); }
    Letter(Letter const&) = delete;
    Letter& operator=(Letter const&) = delete;

    Outcome<std::string> send(net::Question const& question) {
        auto const text = std::to_string(number_) + " " + std::to_string(question.guest.raw()) + " ";
        auto const answered =
            GET(or_say(store_.watch(home_ + nodes::answered_node), "cannot ask the network"));
        DO(or_say(store_.write(home_ + nodes::question_node, text + question.line),
                  "cannot ask the network"));
        Nanos const deadline = rt::now() + patience;
        while (rt::now() < deadline && question.wanted()) {
            // A look is due also when nothing has changed.
            static_cast<void>(answered->wait(rt::now() + look_interval));
            if (auto const pieces = count_pieces())
                return read(*pieces);
        }
        return Failure{"the network does not answer"};
    }

  private:
    // Not before the answer to this one is there.
    [[nodiscard]] std::optional<u32> count_pieces() const {
        auto const text = store_.read(home_ + nodes::answered_node).value_or("");
        auto const words = toolstack::split(text, ' ');
        if (words.size() != 2 || toolstack::to_number<u32>(words[0]) != number_)
            return std::nullopt;
        return toolstack::to_number<u32>(words[1]);
    }

    [[nodiscard]] Outcome<std::string> read(u32 pieces) const {
        std::string answer;
        for (u32 i = 0; i < pieces && answer.size() < net::longest_answer; ++i)
            answer += GET(or_say(store_.read(home_ + nodes::answer_node + "/" + std::to_string(i)),
                                 "the network's answer is incomplete"));
        return answer;
    }

    Connection& store_;
    std::string home_;
    u32 number_;
};

}  // namespace

Outcome<std::string> ask_network(Toolstack& tools, net::Question const& question) {
    if (tools.network() != nullptr)
        return net::answer(
            {*tools.network(), this_domain, {granite::record_for_walk, granite::recorded_since}}, question);
    if (tools.network_domain() == this_domain)
        return Failure{"there is no network"};
    rt::Mutex::Guard const turn{asking};
    auto answer = Letter{tools.store(), tools.network_domain()}.send(question);
    // One that has ended in the middle of a walk has left this on. Elsewhere there is no such record.
    static_cast<void>(granite::record_for_walk(false));
    return answer;
}

}  // namespace control
