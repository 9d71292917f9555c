// SPDX-License-Identifier: MIT
#pragma once

// Calls that answer in memory write what they answer and nothing else.
void check_outputs();
void check_control_outputs();
void check_sysctl_outputs();
void check_domctl_outputs();
