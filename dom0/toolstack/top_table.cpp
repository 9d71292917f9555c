// SPDX-License-Identifier: MIT
#include "dom0/toolstack/top_table.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace toolstack {
namespace {

// A column is as wide as this, or as what stands in it.
struct Column {
    char const* title;
    int width;
};
constexpr std::array columns{
    Column{"NAME", 10},      Column{"STATE", 6},      Column{"CPU(sec)", 10},  Column{"CPU(%)", 6},
    Column{"MEM(k)", 10},    Column{"MEM(%)", 6},     Column{"MAXMEM(k)", 10}, Column{"MAXMEM(%)", 9},
    Column{"VCPUS", 5},      Column{"NETS", 4},       Column{"NETTX(k)", 8},   Column{"NETRX(k)", 8},
    Column{"VBDS", 4},       Column{"VBD_OO", 8},     Column{"VBD_RD", 8},     Column{"VBD_WR", 8},
    Column{"VBD_RSECT", 10}, Column{"VBD_WSECT", 10}, Column{"SSID", 4},
};
using Row = std::array<std::string, columns.size()>;

std::string line_of(Row const& row) {
    std::string line;
    for (usize i = 0; i < columns.size(); ++i) {
        usize const width = static_cast<usize>(columns[i].width);
        if (row[i].size() < width)
            line.append(width - row[i].size(), ' ');
        line.append(row[i]).append(i + 1 < columns.size() ? " " : "\n");
    }
    return line;
}

std::string tenths(double value) {
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

u64 sum(TopSample const& sample, u64 Traffic::*what) {
    u64 total = 0;
    for (auto const& vif : sample.vifs)
        total += vif.*what;
    return total;
}

// One seen for the first time has used nothing of the time since.
Nanos used_by(TopLine const& line) {
    return std::max<Nanos>(line.now.cpu_time - line.before.value_or(line.now.cpu_time), 0);
}

double percent(u64 part, u64 whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::string state_letters(TopState const& state) {
    std::array const letters{std::pair{state.dying, 'd'},   std::pair{state.shutdown, 's'},
                             std::pair{state.blocked, 'b'}, std::pair{state.crashed, 'c'},
                             std::pair{state.paused, 'p'},  std::pair{state.running, 'r'}};
    std::string text;
    for (auto const& [holds, letter] : letters)
        text += holds ? letter : '-';
    return text;
}

std::string top_heading() {
    Row titles;
    std::ranges::transform(columns, titles.begin(), &Column::title);
    return line_of(titles);
}

std::string_view name_of(TopOrder order) {
    constexpr std::array<std::string_view, 4> names{"domain", "processor", "memory", "network"};
    return names[static_cast<usize>(order)];
}

TopOrder next(TopOrder order) {
    return order == TopOrder::network ? TopOrder::domain : static_cast<TopOrder>(static_cast<u8>(order) + 1);
}

void sort_lines(std::vector<TopLine>& lines, TopOrder order) {
    auto const use = [order](TopLine const& line) -> u64 {
        switch (order) {
            case TopOrder::processor:
                return static_cast<u64>(used_by(line));
            case TopOrder::memory:
                return line.now.memory_kib;
            case TopOrder::network:
                return sum(line.now, &Traffic::sent_bytes) + sum(line.now, &Traffic::received_bytes);
            case TopOrder::domain:
                break;
        }
        return 0;
    };
    std::ranges::sort(lines, [&](TopLine const& a, TopLine const& b) {
        return use(a) != use(b) ? use(a) > use(b) : a.now.domain < b.now.domain;
    });
}

std::string top_interface_row(Traffic const& vif) {
    std::array<char, 160> text;
    auto const shown = [](u64 number) { return static_cast<unsigned long long>(number); };
    std::snprintf(text.data(), text.size(),
                  "Net%u RX: %8llubytes %8llupkts  TX: %8llubytes %8llupkts  %8lludrop\n", vif.handle,
                  shown(vif.received_bytes), shown(vif.received_packets), shown(vif.sent_bytes),
                  shown(vif.sent_packets), shown(vif.dropped));
    return text.data();
}

std::string top_row(TopLine const& line, Nanos passed, u64 machine_kib, bool full_name) {
    constexpr usize shown_name = 10;
    constexpr u64 kib = 1024;
    auto const& now = line.now;
    std::string const none = "0";
    return line_of(
        {full_name ? now.name : now.name.substr(0, shown_name), now.state,
         std::to_string(now.cpu_time / 1'000'000'000),
         tenths(percent(static_cast<u64>(used_by(line)), static_cast<u64>(std::max<Nanos>(passed, 0)))),
         std::to_string(now.memory_kib), tenths(percent(now.memory_kib, machine_kib)),
         now.limit_kib ? std::to_string(*now.limit_kib) : "no limit",
         now.limit_kib ? tenths(percent(*now.limit_kib, machine_kib)) : "n/a", std::to_string(now.vcpus),
         std::to_string(now.vifs.size()), std::to_string(sum(now, &Traffic::sent_bytes) / kib),
         std::to_string(sum(now, &Traffic::received_bytes) / kib), none, none, none, none, none, none,
         std::to_string(now.ssid)});
}

}  // namespace toolstack
