// SPDX-License-Identifier: MIT
// Editing one line on a terminal that only sends and shows bytes: cursor keys,
// the usual control keys, earlier lines, and completion by Tab. In fixed room,
// so that the hypervisor's monitor and the driver domain's shell share it.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/console/editor/completion.hpp"
#include "kernel/console/editor/history.hpp"
#include "kernel/console/editor/keys.hpp"

namespace editor {

class LineEditor {
  public:
    static constexpr usize capacity = 512;

    // `longest`: a line; at most the capacity. `complete` may be null.
    constexpr LineEditor(std::string_view prompt, usize longest, Show show, Complete complete)
        : prompt_{prompt}, longest_{longest}, show_{show}, complete_{complete} {}

    // The line when the key completed it; it stays until the next one.
    std::optional<std::string_view> press(Press const& p);
    // Shows prompt and line anew, as after other output.
    void redraw();
    // Forgets the line that is being written.
    void clear();

  private:
    [[nodiscard]] std::string_view line() const { return {line_.data(), used_}; }
    void edit(Press const& p);
    void insert(std::string_view text);
    void erase(usize from, usize to);
    void move(usize to);
    [[nodiscard]] usize start_of_word() const;
    void recall(usize back);
    void complete_word();
    void list_candidates();
    std::string_view finish();

    std::string_view prompt_;
    usize longest_;
    Show show_;
    Complete complete_;
    std::array<char, capacity> line_{};
    usize used_ = 0, cursor_ = 0;
    History history_;
    usize recalled_ = 0;  // lines back; 0: the one being written
};

}  // namespace editor
