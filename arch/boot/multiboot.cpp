// SPDX-License-Identifier: MIT
#include "arch/boot/multiboot.hpp"

#include "arch/boot/multiboot_magic.h"

namespace boot {

Outcome parse_multiboot(CheckedBytes memory, u32 magic, u32 info, BootRecord& record) {
    switch (magic) {
        case MB1_LOADER_MAGIC:
            return parse_multiboot1(memory, info, record);
        case MB2_LOADER_MAGIC:
            return parse_multiboot2(memory, info, record);
        default:
            return Trouble{"started by something that is not a Multiboot 1 or 2 boot loader"};
    }
}

Outcome add_module(BootRecord& record, u32 start, u32 end, std::string_view command_line) {
    if (end <= start)
        return Trouble{"a boot module is empty"};
    Command const command = split_command(record.loader, command_line);
    BootModule const module{Maddr{start}, end - start, record.keep(command.arguments),
                            record.keep(command.name)};
    if (!record.modules.push(module))
        return Trouble{"the boot loader passed too many modules"};
    return {};
}

}  // namespace boot
