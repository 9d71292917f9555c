/* SPDX-License-Identifier: MIT
 * Numbers of the two Multiboot specifications that assembly and C++ share. */
#ifndef GRANITE_MULTIBOOT_MAGIC_H
#define GRANITE_MULTIBOOT_MAGIC_H

#define MB1_HEADER_MAGIC 0x1badb002
#define MB1_ALIGN_MODULES 1
#define MB1_WANT_MEMORY 2
#define MB1_LOADER_MAGIC 0x2badb002

#define MB2_HEADER_MAGIC 0xe85250d6
#define MB2_LOADER_MAGIC 0x36d76289
#define MB2_TAG_END 0
#define MB2_TAG_CMDLINE 1
#define MB2_TAG_LOADER 2
#define MB2_TAG_MODULE 3
#define MB2_TAG_MEMORY_MAP 6
#define MB2_TAG_RSDP_V1 14
#define MB2_TAG_RSDP_V2 15

#endif
