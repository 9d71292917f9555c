// SPDX-License-Identifier: MIT
#pragma once

// What a vcpu begins with: the domain's first one, and one that is started now.
void check_fresh();
