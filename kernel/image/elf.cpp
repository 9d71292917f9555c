// SPDX-License-Identifier: MIT
#include "kernel/image/elf.hpp"

#include "kernel/image/elf_format.hpp"
#include "kernel/image/kind.hpp"

namespace image {
namespace {

// Kernels have about five; the limit keeps a forged header from costing time.
constexpr unsigned most_headers = 128;

Loadable<> check_kind(elf::Header const& header) {
    if (header.file_class == elf::class_32)
        return refuse("a 32-bit ELF file: only 64-bit guests are supported");
    if (header.file_class != elf::class_64 || header.data_encoding != elf::little_endian)
        return refuse("an ELF file, but not a little-endian 64-bit one");
    if (header.machine != elf::machine_x86_64)
        return refuse("an ELF file for another processor than x86-64");
    if (header.type != elf::type_executable)
        return refuse("an ELF file, but not an executable with a fixed address");
    return {};
}

}  // namespace

Loadable<Elf> Elf::parse(Bytes file) {
    auto const header = read_at<elf::Header>(file, 0);
    if (kind_of(file) != "an ELF file")
        return refuse(kind_of(file));
    if (!header)
        return refuse("an ELF file cut off inside its header");
    if (auto const kind = check_kind(*header); !kind)
        return refuse(kind.error());
    if (header->program_count == 0 || header->program_count > most_headers ||
        header->program_entry_size != sizeof(elf::ProgramHeader))
        return refuse("an ELF file with a bad program header table");
    bool const sections_usable =
        header->section_entry_size == sizeof(elf::SectionHeader) && header->section_count <= most_headers;
    Elf const image{file, header->entry, Table{header->program_offset, header->program_count},
                    Table{header->section_offset, sections_usable ? header->section_count : 0u}};
    if (auto const segments = image.check_segments(); !segments)
        return refuse(segments.error());
    return image;
}

Loadable<> Elf::check_segments() const {
    bool any = false;
    for (unsigned i = 0; i < program_.count; ++i) {
        auto const header = elf::entry_of<elf::ProgramHeader>(file_, program_.offset, i);
        if (!header)
            return refuse("an ELF file cut off inside its program headers");
        if (header->type != elf::segment_load && header->type != elf::segment_note)
            continue;
        if (!part_of(file_, header->offset, header->file_size))
            return refuse("an ELF file cut off inside a segment");
        if (header->type != elf::segment_load)
            continue;
        any = any || header->memory_size != 0;
        if (header->memory_size < header->file_size || header->paddr + header->memory_size < header->paddr)
            return refuse("an ELF file with a segment of impossible size");
    }
    return any ? Loadable<>{} : refuse("an ELF file with nothing to load");
}

std::optional<Segment> Elf::loadable(unsigned index) const {
    auto const header = elf::entry_of<elf::ProgramHeader>(file_, program_.offset, index);
    if (!header || header->type != elf::segment_load || header->memory_size == 0)
        return std::nullopt;
    auto const contents = part_of(file_, header->offset, header->file_size);
    if (!contents)
        return std::nullopt;
    return Segment{header->paddr, header->memory_size, *contents};
}

std::optional<Bytes> Elf::note_segment(unsigned index) const {
    auto const header = elf::entry_of<elf::ProgramHeader>(file_, program_.offset, index);
    if (!header || header->type != elf::segment_note)
        return std::nullopt;
    return part_of(file_, header->offset, header->file_size);
}

std::optional<Bytes> Elf::note_section(unsigned index) const {
    auto const header = elf::entry_of<elf::SectionHeader>(file_, section_.offset, index);
    if (!header || header->type != elf::section_note)
        return std::nullopt;
    return part_of(file_, header->offset, header->size);
}

}  // namespace image
