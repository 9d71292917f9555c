// SPDX-License-Identifier: MIT
#include "dom0/net/walking.hpp"

#include <algorithm>

#include "dom0/net/service.hpp"
#include "dom0/net/trail/story.hpp"
#include "dom0/net/trail/trail.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace net {
namespace {

using trail::Walk;

constexpr Nanos first_frame_limit = 20 * rt::second;
constexpr Nanos end_limit = 2 * rt::second;         // of what comes after that frame
constexpr Nanos look_limit = 20 * rt::millisecond;  // for who sent it to look at the response
constexpr Nanos look_interval = rt::millisecond;

// While it lives, frames are shown to the walk and the hypervisor keeps a record.
class Following {
  public:
    Following(Walk& walk, WalkRecord const& hypervisor)
        : hypervisor_{hypervisor}, recorded_{hypervisor.record(true)} {
        trail::set_walk(&walk);
    }
    ~Following() {
        trail::set_walk(nullptr);
        static_cast<void>(hypervisor_.record(false));
    }
    Following(Following const&) = delete;
    Following& operator=(Following const&) = delete;

    [[nodiscard]] bool recorded() const { return recorded_.has_value(); }

  private:
    WalkRecord const& hypervisor_;
    Result<> recorded_;
};

// What the hypervisor has recorded, read again and again, for it keeps the last events only.
class Record {
  public:
    explicit Record(WalkRecord const& hypervisor) : hypervisor_{hypervisor} {}

    void read(Walk const& walk) {
        if (!walk.chosen())
            return;
        Nanos const since =
            events_.empty() ? walk.stamps()[0].at - trail::patience : static_cast<Nanos>(events_[0].time) + 1;
        auto const more = hypervisor_.events(since);
        events_.insert(events_.begin(), more.begin(), more.end());
    }
    [[nodiscard]] std::span<trace::Record const> events() const { return events_; }

  private:
    WalkRecord const& hypervisor_;
    std::vector<trace::Record> events_;  // the newest first
};

// How long a walk may still take, by how far it is.
class Patience {
  public:
    explicit Patience(Nanos now) : begun_{now}, next_sign_{now} {}

    [[nodiscard]] bool over(Walk const& walk, Nanos now) {
        if (walk.chosen() && chosen_ == 0)
            chosen_ = now;
        if (walk.arrived() && arrived_ == 0)
            arrived_ = now;
        if (arrived_ != 0)
            return now - arrived_ > look_limit;
        return chosen_ != 0 ? now - chosen_ > end_limit : now - begun_ > first_frame_limit;
    }
    // Whether it is time to ask if somebody still waits.
    [[nodiscard]] bool sign_due(Nanos now) {
        if (now < next_sign_)
            return false;
        next_sign_ = now + rt::second / 2;
        return true;
    }

  private:
    Nanos begun_, next_sign_;
    Nanos chosen_ = 0, arrived_ = 0;  // zero: not yet
};

// A guest that has looked at a response says so in its ring, but tells nobody.
void wait(Service& service, Walk const& walk, Record& record, std::function<bool()> const& wanted) {
    Patience patience{rt::now()};
    for (Nanos now = rt::now(); !walk.done() && !walk.lost() && !patience.over(walk, now); now = rt::now()) {
        if (patience.sign_due(now) && !wanted())
            return;
        if (walk.chosen())
            look_at(service, walk.target().port);
        rt::sleep_for(look_interval);
        record.read(walk);
    }
}

void show(std::vector<trail::Line> const& lines, monitor::Report& out) {
    using monitor::Column;
    static constexpr std::array columns{
        Column{"NS", 14},   Column{"CPU", 3},   Column{"WHO", 6, true}, Column{"STATION", 9, true},
        Column{"TICKS", 9}, Column{"CALLS", 5}, Column{"COPIED", 6},    Column{"WHAT", 0, true}};
    out.table(columns);
    Nanos before = lines.empty() ? 0 : lines.front().at;
    for (auto const& line : lines) {
        std::string const cpu = line.cpu ? std::to_string(*line.cpu) : "-";
        out.row({static_cast<u64>(line.at), cpu, line.who, line.station, rt::ticks_in(line.at - before),
                 line.calls, line.copied, line.what});
        before = line.at;
    }
}

void show_totals(std::vector<trail::Line> const& lines, netback::Mode mode, monitor::Report& out) {
    u64 calls = 0, copied = 0;
    for (auto const& line : lines) {
        calls += line.calls;
        copied += line.copied;
    }
    out.note("{} ticks, {} hypercalls, {} bytes copied, in mode {}",
             rt::ticks_in(lines.back().at - lines.front().at), calls, copied, netback::name_of(mode));
}

// What a reader could otherwise not know.
void show_remarks(Walk const& walk, bool recorded, monitor::Report& out) {
    auto const bridged = [](trail::Stamp const& s) { return s.station == trail::Station::decided; };
    if (std::ranges::none_of(walk.stamps(), bridged))
        out.note("a card wrote it into the guest's page: the driver domain has touched none of its bytes");
    if (walk.lost())
        out.note("it went no further: somebody dropped it");
    else if (!walk.arrived())
        out.note("its end was not seen within {} ms", static_cast<u64>(end_limit / rt::millisecond));
    if (!recorded)
        out.note("without the hypervisor's part: no memory for a record");
}

}  // namespace

void show_walk(Service& service, WalkQuestion question, WalkRecord const& hypervisor,
               std::function<bool()> const& wanted, monitor::Report& out) {
    auto const all = interfaces(service);
    auto const vif = std::ranges::find_if(
        all, [&](netback::VifInfo const& each) { return each.guest == question.guest && each.port; });
    if (vif == all.end())
        return out.refuse("d{} has no interface that is connected", question.guest.raw());
    Walk walk{{question.guest, *vif->port, question.to_guest}};
    Record record{hypervisor};
    bool recorded = false;
    {
        Following const following{walk, hypervisor};
        recorded = following.recorded();
        wait(service, walk, record, wanted);
    }
    auto const lines = trail::tell(walk, record.events(), question.here);
    if (lines.empty())
        return out.refuse("no frame {} d{} came", question.to_guest ? "for" : "of", question.guest.raw());
    show(lines, out);
    show_totals(lines, vif->mode, out);
    show_remarks(walk, recorded, out);
}

}  // namespace net
