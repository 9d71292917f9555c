// SPDX-License-Identifier: MIT
// <rapidcheck/catch.h> asks for Catch2's old single header; this names what it
// uses of the new ones.
#pragma once

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
