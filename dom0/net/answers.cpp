// SPDX-License-Identifier: MIT
#include "dom0/net/answers.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "dom0/net/details.hpp"
#include "dom0/net/questions.hpp"
#include "dom0/net/service.hpp"
#include "dom0/toolstack/traffic.hpp"
#include "guest-pv/rt/time.hpp"

namespace net {
namespace {

using monitor::Arguments;
using monitor::Report;

std::string queues(Answerer const& answerer, Question const& question) {
    return framed(question.line, [&](Arguments const&, Report& out) {
        show_queues(card_queues(answerer.service), interfaces(answerer.service), answerer.here, out);
    });
}

std::string walk(Answerer const& answerer, Question const& question) {
    return framed(question.line, [&](Arguments const& args, Report& out) {
        show_walk(answerer.service, {answerer.here, question.guest, args[2] != "tx"}, answerer.hypervisor,
                  question.wanted, out);
    });
}

toolstack::Traffic traffic_of(netback::VifInfo const& vif) {
    auto const& counters = vif.counters;
    return {.guest = vif.guest,
            .handle = vif.handle,
            .received_bytes = counters.rx_bytes,
            .received_packets = counters.rx_packets,
            .sent_bytes = counters.tx_bytes,
            .sent_packets = counters.tx_packets,
            .dropped = std::reduce(counters.drops.begin(), counters.drops.end())};
}

std::string traffic(Answerer const& answerer, Question const&) {
    std::vector<toolstack::Traffic> all;
    for (auto const& vif : interfaces(answerer.service))
        all.push_back(traffic_of(vif));
    return toolstack::to_text(all, longest_answer);
}

std::string interface(Answerer const& answerer, Question const& question) {
    auto const number = Arguments{question.line}.number(0);
    for (auto const& vif : interfaces(answerer.service))
        if (vif.guest == question.guest && vif.handle == number)
            return details_of(vif);
    return {};
}

std::string cards(Answerer const& answerer, Question const& question) {
    return table_of(cards(answerer.service), Arguments{question.line}.verbose());
}

std::string reset(Answerer const& answerer, Question const& question) {
    Arguments const args{question.line};
    auto const number = args.number(0);
    if (!number || !reset_card(answerer.service, *number))
        return "there is no card '" + std::string{args[0]} + "'";
    return {};
}

struct Row {
    std::string_view word;
    std::string (*answer)(Answerer const&, Question const&);
};
constexpr std::array table{
    Row{"queues", queues}, Row{"walk", walk},   Row{"interface", interface},
    Row{"cards", cards},   Row{"reset", reset}, Row{"traffic", traffic},
};

}  // namespace

std::string answer(Answerer const& answerer, Question const& question) {
    auto const row = std::ranges::find(table, Arguments{question.line}.command(), &Row::word);
    if (row != table.end())
        return row->answer(answerer, question);
    return framed(question.line, [](Arguments const& args, Report& out) {
        out.refuse("the network does not know '{}'", args.command());
    });
}

std::string framed(std::string_view line, std::function<void(Arguments const&, Report&)> const& say) {
    Arguments const args{line};
    std::string memory(longest_answer, '\0');
    Report report{memory, args.json()};
    Nanos const start = rt::now();
    report.begin(line);
    say(args, report);
    report.end(start, rt::now() - start);
    memory.resize(report.text().size());
    return memory;
}

}  // namespace net
