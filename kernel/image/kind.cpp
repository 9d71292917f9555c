// SPDX-License-Identifier: MIT
#include "kernel/image/kind.hpp"

#include <array>

using namespace std::literals;

namespace image {
namespace {

struct Signature {
    u64 offset;
    std::string_view bytes;
    std::string_view kind;
};

// The offset of HdrS is that of the Linux boot protocol.
constexpr std::array signatures{
    Signature{0,
              "\x7f"
              "ELF"sv,
              "an ELF file"},
    Signature{0x202, "HdrS"sv, "a Linux bzImage whose compressed kernel was not unpacked"},
    Signature{0, "\x1f\x8b"sv, "a gzip file"},
    Signature{0,
              "\xfd"
              "7zXZ\0"sv,
              "an xz file"},
    Signature{0, "\x28\xb5\x2f\xfd"sv, "a zstd file"},
    Signature{0, "\x02\x21\x4c\x18"sv, "an lz4 file"},
    Signature{0, "BZh"sv, "a bzip2 file"},
    Signature{0, "070701"sv, "a cpio archive"},
    Signature{0, "#!"sv, "a script"},
};

}  // namespace

std::string_view kind_of(Bytes file) {
    if (file.empty())
        return "an empty file";
    for (auto const& signature : signatures) {
        auto const found = part_of(file, signature.offset, signature.bytes.size());
        if (found && as_text(*found) == signature.bytes)
            return signature.kind;
    }
    return "a file of unknown kind";
}

}  // namespace image
