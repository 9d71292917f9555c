// SPDX-License-Identifier: MIT
// The start_info and shared_info pages.
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

start_info_t* info = nullptr;

// The frame is the hypervisor's; this page only lends it a virtual address.
alignas(page_size) constinit std::byte shared_info_page[page_size] = {};

}  // namespace

start_info_t const& start_info() {
    return *info;
}

shared_info_t& shared_info() {
    return *reinterpret_cast<shared_info_t*>(shared_info_page);
}

bool is_initial_domain() {
    return (info->flags & SIF_INITDOMAIN) != 0;
}

std::string_view command_line() {
    std::string_view const whole{reinterpret_cast<char const*>(info->cmd_line), sizeof info->cmd_line};
    return whole.substr(0, whole.find('\0'));
}

std::string_view command_line_option(std::string_view key) {
    std::string_view rest = command_line();
    while (!rest.empty()) {
        std::string_view const word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        if (word.size() > key.size() && word.starts_with(key) && word[key.size()] == '=')
            return word.substr(key.size() + 1);
    }
    return {};
}

std::span<std::byte const> boot_module() {
    return {reinterpret_cast<std::byte const*>(info->mod_start), info->mod_len};
}

namespace stage {

void adopt_start_info(start_info_t* given) {
    info = given;
}

void map_shared_info() {
    u64 const entry = page_table::entry_for(mfn_of(Maddr{info->shared_info}), page_table::data);
    auto const at = Vaddr{reinterpret_cast<u64>(shared_info_page)};
    if (!hypercall::update_va_mapping(at, entry, UVMF_INVLPG))
        panic("shared_info cannot be mapped");
}

}  // namespace stage

}  // namespace rt
