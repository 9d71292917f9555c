// SPDX-License-Identifier: MIT
#include "dom0/toolstack/traffic.hpp"

#include <array>
#include <optional>

#include "dom0/toolstack/text.hpp"

namespace toolstack {
namespace {

constexpr std::array counts{&Traffic::received_bytes, &Traffic::received_packets, &Traffic::sent_bytes,
                            &Traffic::sent_packets, &Traffic::dropped};

std::string line_of(Traffic const& traffic) {
    std::string line = std::to_string(traffic.guest.raw()) + " " + std::to_string(traffic.handle);
    for (auto const count : counts)
        line += " " + std::to_string(traffic.*count);
    return line + "\n";
}

std::optional<Traffic> parse_line(std::string_view line) {
    auto const words = split(line, ' ');
    if (words.size() != 2 + counts.size())
        return std::nullopt;
    auto const guest = to_number<u16>(words[0]);
    auto const handle = to_number<u32>(words[1]);
    if (!guest || !handle)
        return std::nullopt;
    Traffic traffic{.guest = DomId{*guest}, .handle = *handle};
    for (usize i = 0; i < counts.size(); ++i) {
        auto const count = to_number<u64>(words[2 + i]);
        if (!count)
            return std::nullopt;
        traffic.*counts[i] = *count;
    }
    return traffic;
}

}  // namespace

std::string to_text(std::span<Traffic const> all, usize longest) {
    std::string text;
    for (auto const& traffic : all) {
        auto const line = line_of(traffic);
        if (text.size() + line.size() > longest)
            break;
        text += line;
    }
    return text;
}

std::vector<Traffic> parse_traffic(std::string_view text) {
    std::vector<Traffic> all;
    for (auto const line : split(text, '\n'))
        if (auto const traffic = parse_line(line))
            all.push_back(*traffic);
    return all;
}

}  // namespace toolstack
