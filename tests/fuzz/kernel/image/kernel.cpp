// SPDX-License-Identifier: MIT
// IM-1: any bytes as a guest's kernel: refused, or a plan that lies in the file
#include "kernel/image/kernel.hpp"

#include "tests/fuzz/support/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    auto const file = std::as_bytes(std::span{data, size});
    auto const kernel = image::Kernel::parse(file);
    if (!kernel)
        return 0;
    fuzz::require(kernel->first < kernel->end, "a kernel has pages");
    for (unsigned i = 0; i < kernel->elf.segments(); ++i)
        if (auto const segment = kernel->elf.loadable(i)) {
            auto const& contents = segment->contents;
            fuzz::require(contents.size() <= segment->memory_size, "a segment has room for its contents");
            fuzz::require(
                contents.empty() || (contents.data() >= file.data() &&
                                     contents.data() + contents.size() <= file.data() + file.size()),
                "contents lie in the file");
            u64 const start = kernel->offset_of(*segment);
            fuzz::require(start >> page_shift >= kernel->first.raw() &&
                              pages_for(start + segment->memory_size) <= kernel->end.raw(),
                          "a segment lies in the kernel's pages");
        }
    return 0;
}
