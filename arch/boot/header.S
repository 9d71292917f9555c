// SPDX-License-Identifier: MIT
// What boot loaders look for in the first 8 KiB of a loaded segment: the
// headers of Multiboot 1 (within it) and Multiboot 2 (likewise, 8-byte aligned).
// Both protocols enter boot_start in 32-bit mode without paging, whatever the
// firmware was; the ELF program headers say what to load where.

#include "arch/boot/multiboot_magic.h"

    .section .boot.header, "a"

    .balign 4
multiboot1_header:
    .set mb1_flags, MB1_ALIGN_MODULES | MB1_WANT_MEMORY
    .long MB1_HEADER_MAGIC
    .long mb1_flags
    .long -(MB1_HEADER_MAGIC + mb1_flags)

    .balign 8
multiboot2_header:
    .long MB2_HEADER_MAGIC
    .long 0                                     // protected mode i386
    .long multiboot2_header_end - multiboot2_header
    .long -(MB2_HEADER_MAGIC + (multiboot2_header_end - multiboot2_header))
    // Information request, required: without a memory map we cannot start.
    .balign 8
1:  .short 1, 0
    .long 2f - 1b
    .long MB2_TAG_CMDLINE, MB2_TAG_MODULE, MB2_TAG_MEMORY_MAP
2:
    // Module alignment: modules begin on page boundaries.
    .balign 8
    .short 6, 0
    .long 8
    // End of tags.
    .balign 8
    .short 0, 0
    .long 8
multiboot2_header_end:

    .section .note.GNU-stack, "", @progbits
