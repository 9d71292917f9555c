// SPDX-License-Identifier: MIT
#include "dom0/net/trail/story.hpp"

#include <algorithm>
#include <ranges>

#include "dom0/net/trail/words.hpp"

namespace net::trail {

namespace {

using trace::Kind;
using trace::Record;

constexpr u64 interrupt_length = 200'000;  // at most, until what it tells of is told

// A processor copies what goes to a guest or comes from it, unless a card has
// written it: then no bridge was asked.
u32 copied_at(Stamp const& stamp, Walk::Stamps const& all) {
    bool const bridged =
        std::ranges::any_of(all, [](Stamp const& s) { return s.station == Station::decided; });
    bool const crosses =
        stamp.station == Station::tx_taken || (stamp.station == Station::rx_pushed && bridged);
    return crosses ? stamp.bytes : 0;
}

class Teller {
  public:
    Teller(Walk const& walk, std::span<Record const> events, u16 here)
        : walk_{walk}, events_{events}, here_{here} {
        for (Stamp const& stamp : walk.stamps())
            if (stamp.batch.step == mark::Step::rx_pushed || stamp.batch.step == mark::Step::tx_taken)
                guests_.push_back(stamp.batch.owner);
    }

    std::vector<Line> tell() {
        auto const& stamps = walk_.stamps();
        if (stamps.empty())
            return {};
        since_ = begin_of(stamps[0].at);
        cpu_ = where_it_was();
        usize next = 0;
        for (Record const& event : std::views::reverse(events_)) {
            for (; next < stamps.size() && stamps[next].at <= static_cast<Nanos>(event.time); ++next)
                add(stamps[next]);
            bool const over = next == stamps.size();
            if (!over && static_cast<Nanos>(event.time) >= since_)
                add(event);
            else if (is_ours(event))
                cpu_ = event.cpu;
        }
        for (; next < stamps.size(); ++next)
            add(stamps[next]);
        return std::move(lines_);
    }

  private:
    // This domain was told to look, perhaps because of an interrupt.
    [[nodiscard]] Nanos begin_of(Nanos first) const {
        auto const early = [&](Record const& e) {
            return static_cast<Nanos>(e.time) <= first && first - static_cast<Nanos>(e.time) <= patience;
        };
        auto const told =
            std::ranges::find_if(events_, [&](Record const& e) { return early(e) && is_call_for_us(e); });
        if (told == events_.end())
            return first;
        auto const came = std::find_if(told, events_.end(), [&](Record const& e) {
            return static_cast<Kind>(e.kind) == Kind::interrupt && e.cpu == told->cpu;
        });
        bool const by_card = told->domain == trace::Who{}.domain || told->domain == here_;
        bool const just_before = came != events_.end() && told->time - came->time <= interrupt_length;
        return static_cast<Nanos>(by_card && just_before ? came->time : told->time);
    }

    // Before the first of its events: to be elsewhere then it would have to be run first.
    [[nodiscard]] std::optional<u32> where_it_was() const {
        auto const events = std::views::reverse(events_);
        auto const first = std::ranges::find_if(events, [this](Record const& e) { return is_ours(e); });
        bool const known = first != events.end() && static_cast<Kind>(first->kind) != Kind::run;
        return known ? std::optional<u32>{first->cpu} : std::nullopt;
    }

    [[nodiscard]] bool is_ours(Record const& e) const { return e.domain == here_ && e.vcpu == 0; }
    [[nodiscard]] bool is_call_for_us(Record const& e) const {
        return static_cast<Kind>(e.kind) == Kind::send && other_of(e) == here_;
    }
    // Whom it was sent to; of all else, its own.
    static u16 other_of(Record const& e) {
        return static_cast<Kind>(e.kind) == Kind::send ? static_cast<u16>(e.a >> 32) : e.domain;
    }
    [[nodiscard]] bool is_guest(u16 domain) const {
        return std::ranges::find(guests_, domain) != guests_.end();
    }
    [[nodiscard]] bool concerns(u16 domain) const {
        return domain == here_ || domain == trace::Who{}.domain || is_guest(domain);
    }

    void add(Stamp const& stamp) {
        bool const guests = stamp.station == Station::rx_seen || stamp.station == Station::tx_seen;
        met_ = true;
        auto words = words_of(stamp);
        push({stamp.at, guests ? std::nullopt : cpu_, name_of(stamp, here_), words.station,
              std::move(words.what), copied_at(stamp, walk_.stamps())});
        seen_.clear();
    }

    void add(Record const& event) {
        auto const kind = static_cast<Kind>(event.kind);
        if (is_ours(event))
            cpu_ = event.cpu;
        if (kind == Kind::call && concerns(event.domain))
            ++calls_;
        if (kind == Kind::copy || kind == Kind::map || kind == Kind::unmap)
            return count_grant(event);
        if (auto words = words_of(event); !words.station.empty() && about_it(event) && is_new(event))
            push({static_cast<Nanos>(event.time), event.cpu, name_of(event), words.station,
                  std::move(words.what)});
    }

    // What only brings this domain to look is of interest until it has seen the frame.
    [[nodiscard]] bool about_it(Record const& event) const {
        auto const kind = static_cast<Kind>(event.kind);
        if (kind == Kind::interrupt)
            return lines_.empty();
        if (kind == Kind::send && other_of(event) == here_ && !is_guest(event.domain))
            return !met_;
        return concerns(event.domain) && concerns(other_of(event));
    }

    // How many grants a call was about is said with it.
    void count_grant(Record const& event) {
        if (lines_.empty() || lines_.back().station != "grants")
            return;
        Line& line = lines_.back();
        auto const kind = trace::name(static_cast<Kind>(event.kind));
        grants_ = line.what.empty() ? 1 : grants_ + 1;
        line.what = std::string{kind} + ", " + std::to_string(grants_) +
                    (grants_ == 1 ? " grant of d" : " grants of d") + std::to_string(event.a >> 32);
    }

    // The same again, before anything was seen of the frame, says nothing more of it.
    bool is_new(Record const& event) {
        auto const same = [&](Record const& e) {
            return e.kind == event.kind && e.domain == event.domain && e.vcpu == event.vcpu && e.a == event.a;
        };
        if (std::ranges::any_of(seen_, same))
            return false;
        seen_.push_back(event);
        return true;
    }

    void push(Line line) {
        line.calls = std::exchange(calls_, 0);
        lines_.push_back(std::move(line));
    }

    Walk const& walk_;
    std::span<Record const> events_;
    u16 here_;  // this domain
    std::vector<u16> guests_;
    std::vector<Line> lines_;
    std::vector<Record> seen_;  // told since the last station
    std::optional<u32> cpu_;    // where this domain runs, as far as is known
    Nanos since_ = 0;
    bool met_ = false;  // the frame, at its first station
    u32 calls_ = 0;
    u64 grants_ = 0;  // of the last line
};

}  // namespace

std::vector<Line> tell(Walk const& walk, std::span<Record const> events, DomId here) {
    return Teller{walk, events, here.raw()}.tell();
}

}  // namespace net::trail
