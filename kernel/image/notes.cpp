// SPDX-License-Identifier: MIT
#include "kernel/image/notes.hpp"

#include <algorithm>
#include <array>

#include "kernel/abi/xen.hpp"
#include "kernel/image/elf_format.hpp"

namespace image {
namespace {

constexpr u64 padded(u64 size) {
    return round_up(size, 4);
}

// Notes say numbers in whatever width the assembler chose.
std::optional<u64> number_in(Bytes description) {
    switch (description.size()) {
        case 1:
            return read_at<u8>(description, 0);
        case 2:
            return read_at<u16>(description, 0);
        case 4:
            return read_at<u32>(description, 0);
        case 8:
            return read_at<u64>(description, 0);
        default:
            return std::nullopt;
    }
}

std::string_view string_in(Bytes description) {
    auto const text = as_text(description);
    return text.substr(0, text.find('\0'));
}

class Reader {
    GuestNotes notes_;
    bool found_ = false;
    bool sound_ = true;

  public:
    // Reads notes up to the end of `area` or to the first that does not fit.
    void read(Bytes area) {
        u64 at = 0;
        while (auto const header = read_at<elf::NoteHeader>(area, at)) {
            auto const name = part_of(area, at + sizeof *header, header->name_size);
            u64 const description_at = at + sizeof *header + padded(header->name_size);
            auto const description = part_of(area, description_at, header->description_size);
            if (!name || !description)
                return;
            if (string_in(*name) == "Xen")
                take(header->type, *description);
            at = description_at + padded(header->description_size);
        }
    }

    [[nodiscard]] bool found() const { return found_; }
    [[nodiscard]] bool sound() const { return sound_; }
    [[nodiscard]] GuestNotes const& notes() const { return notes_; }

  private:
    void take(u32 type, Bytes description) {
        found_ = true;
        switch (type) {
            case XEN_ELFNOTE_ENTRY:
                notes_.entry = number(description);
                break;
            case XEN_ELFNOTE_HYPERCALL_PAGE:
                notes_.hypercall_page = number(description);
                break;
            case XEN_ELFNOTE_VIRT_BASE:
                notes_.virt_base = number(description);
                break;
            case XEN_ELFNOTE_PADDR_OFFSET:
                notes_.paddr_offset = number(description);
                break;
            case XEN_ELFNOTE_INIT_P2M:
                notes_.init_p2m = number(description);
                break;
            case XEN_ELFNOTE_MOD_START_PFN:
                notes_.ramdisk_by_pfn = number(description) != 0;
                break;
            case XEN_ELFNOTE_XEN_VERSION:
                notes_.xen_version = string_in(description);
                break;
            case XEN_ELFNOTE_GUEST_OS:
                notes_.guest_os = string_in(description);
                break;
            case XEN_ELFNOTE_LOADER:
                notes_.loader = string_in(description);
                break;
            case XEN_ELFNOTE_FEATURES:
                notes_.features = string_in(description);
                break;
            default:  // notes for tools or for other kinds of guests
                break;
        }
    }

    u64 number(Bytes description) {
        auto const value = number_in(description);
        sound_ = sound_ && value;
        return value.value_or(0);
    }
};

// Linux "requires" writable page tables for reasons of history and runs
// without them, so only a name that nobody knows is a reason to refuse.
constexpr std::array<std::string_view, 6> known_features{
    "writable_page_tables",   "writable_descriptor_tables", "auto_translated_physmap",
    "supervisor_mode_kernel", "pae_pgdir_above_4gb",        "dom0",
};

bool requires_unknown(std::string_view features) {
    while (!features.empty()) {
        auto const end = std::min(features.find('|'), features.size());
        auto const feature = features.substr(0, end);
        if (feature.starts_with('!') &&
            std::ranges::find(known_features, feature.substr(1)) == known_features.end())
            return true;
        features.remove_prefix(std::min(end + 1, features.size()));
    }
    return false;
}

Loadable<> check(GuestNotes const& notes) {
    if (!notes.xen_version.starts_with("xen-3."))
        return refuse("a kernel for another hypervisor interface than xen-3.x");
    if (notes.loader != "generic")
        return refuse("a kernel that needs a loader of its own");
    if (requires_unknown(notes.features))
        return refuse("a kernel that requires a feature unknown here");
    if ((notes.virt_base & page_mask) != 0 || (notes.paddr_offset & page_mask) != 0)
        return refuse("a kernel whose notes ask for an unaligned base address");
    return {};
}

}  // namespace

Loadable<GuestNotes> read_notes(Elf const& elf) {
    Reader reader;
    for (unsigned i = 0; i < elf.segments(); ++i) {
        if (auto const area = elf.note_segment(i))
            reader.read(*area);
    }
    for (unsigned i = 0; i < elf.sections() && !reader.found(); ++i) {
        if (auto const area = elf.note_section(i))
            reader.read(*area);
    }
    if (!reader.found())
        return refuse("an ELF file without Xen notes: not a paravirtual kernel");
    if (!reader.sound())
        return refuse("a kernel with a Xen note that is no number where one belongs");
    if (auto const sound = check(reader.notes()); !sound)
        return refuse(sound.error());
    return reader.notes();
}

}  // namespace image
