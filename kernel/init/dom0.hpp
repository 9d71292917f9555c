// SPDX-License-Identifier: MIT
// Builds the initial domain from the boot modules: the first is its kernel,
// the second, if any, its ramdisk.
#pragma once

#include <expected>
#include <string_view>

#include "kernel/domain/domain.hpp"
#include "kernel/init/boot_info.hpp"
#include "kernel/init/options.hpp"

namespace init {

// Paused and ready to run; or a sentence that says why it cannot be.
std::expected<DomainRef, std::string_view> build_dom0(BootInfo const& info, Options const& options);

}  // namespace init
