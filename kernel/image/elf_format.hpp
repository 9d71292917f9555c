// SPDX-License-Identifier: MIT
// The ELF64 structures a loader needs, as the System V ABI lays them out.
#pragma once

#include <array>

#include "kernel/image/bytes.hpp"

namespace image::elf {

inline constexpr u8 class_32 = 1;
inline constexpr u8 class_64 = 2;
inline constexpr u8 little_endian = 1;
inline constexpr u16 type_executable = 2;
inline constexpr u16 machine_x86_64 = 62;
inline constexpr u32 segment_load = 1;
inline constexpr u32 segment_note = 4;
inline constexpr u32 section_note = 7;

struct Header {
    std::array<u8, 4> magic;
    u8 file_class;
    u8 data_encoding;
    std::array<u8, 10> rest_of_identification;
    u16 type;
    u16 machine;
    u32 version;
    u64 entry;
    u64 program_offset;
    u64 section_offset;
    u32 flags;
    u16 header_size;
    u16 program_entry_size;
    u16 program_count;
    u16 section_entry_size;
    u16 section_count;
    u16 section_names;
};
static_assert(sizeof(Header) == 64);

struct ProgramHeader {
    u32 type;
    u32 flags;
    u64 offset;
    u64 vaddr;
    u64 paddr;
    u64 file_size;
    u64 memory_size;
    u64 alignment;
};
static_assert(sizeof(ProgramHeader) == 56);

struct SectionHeader {
    u32 name;
    u32 type;
    u64 flags;
    u64 address;
    u64 offset;
    u64 size;
    u32 link;
    u32 info;
    u64 alignment;
    u64 entry_size;
};
static_assert(sizeof(SectionHeader) == 64);

// Followed by the owner's name and the description, each padded to 4 bytes.
struct NoteHeader {
    u32 name_size;
    u32 description_size;
    u32 type;
};
static_assert(sizeof(NoteHeader) == 12);

template <class T>
std::optional<T> entry_of(Bytes file, u64 table, unsigned index) {
    if (table > file.size())
        return std::nullopt;
    return read_at<T>(file, table + u64{index} * sizeof(T));
}

}  // namespace image::elf
