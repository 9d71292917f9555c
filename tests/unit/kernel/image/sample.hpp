// SPDX-License-Identifier: MIT
// Kernel images made to measure.
#pragma once

#include <string>
#include <vector>

#include "kernel/abi/xen.hpp"
#include "kernel/image/elf_format.hpp"

// An ELF file with one loadable segment and a note segment.
class SampleKernel {
  public:
    SampleKernel& note(u32 type, std::string_view description) {
        add(notes_, image::elf::NoteHeader{4, static_cast<u32>(description.size()), type});
        notes_.append("Xen").append(1, '\0').append(description);
        notes_.resize(round_up(notes_.size(), 4));
        return *this;
    }
    SampleKernel& note(u32 type, u64 number) {
        return note(type, std::string_view{reinterpret_cast<char const*>(&number), sizeof number});
    }
    SampleKernel& text_note(u32 type, std::string_view text) { return note(type, std::string{text} + '\0'); }

    // Linux's notes, on an image of `pages` pages at 16 MiB.
    static SampleKernel like_linux(u64 pages = 4) {
        SampleKernel kernel;
        kernel.paddr = 0x1000000;
        kernel.memory_size = pages * page_size;
        kernel.note(XEN_ELFNOTE_VIRT_BASE, 0xffffffff80000000)
            .note(XEN_ELFNOTE_ENTRY, 0xffffffff81000000)
            .note(XEN_ELFNOTE_INIT_P2M, 0x8000000000)
            .note(XEN_ELFNOTE_MOD_START_PFN, 1)
            .text_note(XEN_ELFNOTE_XEN_VERSION, "xen-3.0")
            .text_note(XEN_ELFNOTE_LOADER, "generic")
            .text_note(XEN_ELFNOTE_FEATURES, "!writable_page_tables|pae_pgdir_above_4gb");
        return kernel;
    }

    [[nodiscard]] std::string file() const {
        using namespace image::elf;
        u64 const contents_at = sizeof(Header) + 2 * sizeof(ProgramHeader);
        u64 const notes_at = contents_at + contents.size();
        std::string file;
        Header header{};
        header.magic = {0x7f, 'E', 'L', 'F'};
        header.file_class = file_class;
        header.data_encoding = little_endian;
        header.type = type_executable;
        header.machine = machine_x86_64;
        header.entry = entry;
        header.program_offset = sizeof(Header);
        header.program_entry_size = sizeof(ProgramHeader);
        header.program_count = 2;
        add(file, header);
        add(file,
            ProgramHeader{segment_load, 0, contents_at, 0, paddr, contents.size(), memory_size, page_size});
        add(file, ProgramHeader{segment_note, 0, notes_at, 0, 0, notes_.size(), 0, 4});
        return file + contents + notes_;
    }

    u8 file_class = image::elf::class_64;
    u64 paddr = 0;
    u64 entry = 0;
    u64 memory_size = page_size;
    std::string contents = "the kernel's code";

  private:
    template <class T>
    static void add(std::string& to, T const& value) {
        to.append(reinterpret_cast<char const*>(&value), sizeof value);
    }

    std::string notes_;
};

inline image::Bytes bytes_of(std::string const& file) {
    return std::as_bytes(std::span{file});
}
