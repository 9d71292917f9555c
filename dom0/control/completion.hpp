// SPDX-License-Identifier: MIT
// What Tab can write in the driver domain's shell.
#pragma once

#include "dom0/control/toolstack.hpp"
#include "kernel/console/editor/completion.hpp"

namespace control {

// Whose domains and files are meant; there is one shell.
void complete_for(Toolstack const& tools);
// Commands, and where a command says that it wants one: domains by name, and
// configurations of the boot archive.
void complete(editor::Completion& completion);

}  // namespace control
