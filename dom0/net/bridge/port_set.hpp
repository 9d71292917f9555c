// SPDX-License-Identifier: MIT
// A set of ports that is walked without looking at those not in it.
#pragma once

#include <array>
#include <bit>

#include "dom0/net/bridge/mac_table.hpp"

namespace bridge {

class PortSet {
  public:
    void add(PortId port) { word(port) |= bit(port); }
    void remove(PortId port) { word(port) &= ~bit(port); }
    [[nodiscard]] bool has(PortId port) const { return (words_[port.raw() / 64] & bit(port)) != 0; }
    [[nodiscard]] bool empty() const { return words_ == decltype(words_){}; }

    [[nodiscard]] unsigned count() const {
        unsigned all = 0;
        for (u64 const word : words_)
            all += static_cast<unsigned>(std::popcount(word));
        return all;
    }
    [[nodiscard]] PortSet united(PortSet const& other) const {
        PortSet both = *this;
        for (unsigned i = 0; i < words_.size(); ++i)
            both.words_[i] |= other.words_[i];
        return both;
    }
    [[nodiscard]] PortSet without(PortSet const& other) const {
        PortSet rest = *this;
        for (unsigned i = 0; i < words_.size(); ++i)
            rest.words_[i] &= ~other.words_[i];
        return rest;
    }

    // `visit` may change the set; it sees the set as it was.
    template <class Visit>
    void for_each(Visit visit) const {
        auto const words = words_;
        for (unsigned i = 0; i < words.size(); ++i)
            for (u64 left = words[i]; left != 0; left &= left - 1)
                visit(PortId{static_cast<u8>(i * 64 + static_cast<unsigned>(std::countr_zero(left)))});
    }

  private:
    static constexpr u64 bit(PortId port) { return u64{1} << port.raw() % 64; }
    u64& word(PortId port) { return words_[port.raw() / 64]; }

    std::array<u64, max_ports / 64> words_{};
};

}  // namespace bridge
