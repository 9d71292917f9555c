// SPDX-License-Identifier: MIT
// IM-1: any bytes as a boot archive: refused with a reason, or files that lie in it
#include "dom0/toolstack/boot_archive.hpp"

#include "tests/fuzz/support/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    auto const bytes = std::as_bytes(std::span{data, size});
    auto const archive = toolstack::BootArchive::parse(bytes);
    if (!archive) {
        fuzz::require(!archive.error().empty(), "a refusal has a reason");
        return 0;
    }
    for (auto const& name : archive->names()) {
        auto const file = *archive->file(name);
        fuzz::require(file.empty() || (file.data() >= bytes.data() &&
                                       file.data() + file.size() <= bytes.data() + bytes.size()),
                      "a file lies in the archive");
    }
    static_cast<void>(archive->boot_list());
    return 0;
}
