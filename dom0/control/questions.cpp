// SPDX-License-Identifier: MIT
#include "dom0/control/questions.hpp"

#include <algorithm>
#include <array>

#include "dom0/control/granite.hpp"
#include "dom0/control/memory_questions.hpp"
#include "dom0/control/network_questions.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/net/answers.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

// By name or number, or as other commands of the monitor have it: d1.
toolstack::Outcome<DomId> find_domain(Toolstack& tools, std::string_view word) {
    auto found = tools.find(word);
    return found || !word.starts_with('d') ? found : tools.find(word.substr(1));
}

toolstack::Outcome<std::string> queues(Toolstack& tools, net::Question question) {
    return ask_network(tools, question);
}

toolstack::Outcome<std::string> walk(Toolstack& tools, net::Question question) {
    monitor::Arguments const args{question.line};
    bool const direction = args.count() < 3 || args[2] == "rx" || args[2] == "tx";
    if (args[0] != "next" || args.count() < 2 || !direction)
        return toolstack::Failure{"walk next DOMAIN [rx|tx]"};
    question.guest = GET(find_domain(tools, args[1]));
    return ask_network(tools, question);
}

// Of this domain alone.
template <void (*say)(monitor::Arguments const&, monitor::Report&)>
toolstack::Outcome<std::string> here(Toolstack&, net::Question question) {
    return net::framed(question.line, say);
}

struct Row {
    std::string_view command;
    toolstack::Outcome<std::string> (*answer)(Toolstack& tools, net::Question question);
};
constexpr std::array table{
    Row{"queues", queues},
    Row{"walk", walk},
    Row{"heap", here<show_heap>},
    Row{"failheap", here<plan_refusals>},
};

void answer_all(Toolstack& tools) {
    while (auto const question = granite::next_question()) {
        auto const number = question->number;
        auto const wanted = [number] {
            return granite::add_answer(number, {}, granite::Part::more).has_value();
        };
        auto const answer = answer_question(tools, question->text, wanted)
                                .value_or("error: the driver domain does not know this command\n");
        // Whoever asked may have gone away.
        static_cast<void>(granite::add_answer(number, answer, granite::Part::last));
    }
}

}  // namespace

std::optional<std::string> answer_question(Toolstack& tools, std::string_view line,
                                           std::function<bool()> wanted) {
    auto const row = std::ranges::find(table, monitor::Arguments{line}.command(), &Row::command);
    if (row == table.end())
        return std::nullopt;
    auto answer = row->answer(tools, {.line = std::string{line}, .guest = {}, .wanted = std::move(wanted)});
    if (answer)
        return std::move(*answer);
    return net::framed(line, [&](monitor::Arguments const&, monitor::Report& out) {
        out.refuse("{}", std::string_view{answer.error()});
    });
}

void serve_questions(Toolstack& tools) {
    auto asked = rt::EventChannel::bind_virq(VIRQ_ARCH_0);
    if (!asked)
        return terminal::log("no event channel for questions of the monitor");
    rt::spawn("questions", [&tools, asked = std::make_shared<rt::EventChannel>(std::move(*asked))] {
        for (;;) {
            asked->wait();
            answer_all(tools);
        }
    });
}

}  // namespace control
