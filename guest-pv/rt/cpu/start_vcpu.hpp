// SPDX-License-Identifier: MIT
// Further vcpus, for code that uses nothing of the kit that has state: threads,
// console and store belong to the first one.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt {

// Lets a vcpu run `entry(argument)`, which never returns, on that stack and on
// the page tables of the caller. Its events stay masked. noent: there is no such vcpu.
Result<> start_vcpu(VcpuId vcpu, void (*entry)(void*), void* argument, std::span<std::byte> stack);

}  // namespace rt
