// SPDX-License-Identifier: MIT
// A harness without a fuzzer: all of its corpus, and some hundred inputs made
// of it, the same each time. Any finding ends the program.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/fuzz/support/input.hpp"

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<u8>;

constexpr unsigned mutations = 400;
constexpr usize most_bytes = 4096;

// build/tests/fuzz/NAME has its inputs in tests/fuzz/corpus/NAME.
fs::path corpus() {
    std::string const self = fs::read_symlink("/proc/self/exe");
    std::string_view constexpr folder = "/tests/fuzz/";
    return fs::path{"tests/fuzz/corpus"} / self.substr(self.rfind(folder) + folder.size());
}

std::vector<Bytes> inputs() {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{corpus()})
        files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Bytes> all;
    for (auto const& file : files) {
        std::ifstream in{file, std::ios::binary};
        all.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return all;
}

void mutate(Bytes& bytes, std::mt19937& random) {
    for (u64 changes = 1 + random() % 6; changes != 0; --changes) {
        usize const at = bytes.empty() ? 0 : random() % bytes.size();
        auto const place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (random() % 4) {
            case 0:
                bytes.insert(place, static_cast<u8>(random()));
                break;
            case 1:
                bytes.resize(at);
                break;
            default:
                if (!bytes.empty())
                    *place = static_cast<u8>(random() % 3 == 0 ? 0xff * (random() % 2) : random());
        }
    }
    bytes.resize(std::min(bytes.size(), most_bytes));
}

// From memory of exactly that size, so that a byte too far is seen.
void run(Bytes const& bytes) {
    Bytes const exact(bytes);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

TEST_CASE("the corpus, and what is near to it, is taken without a finding") {
    auto const all = inputs();
    REQUIRE_FALSE(all.empty());
    for (auto const& bytes : all)
        run(bytes);
    std::mt19937 random{1};
    for (unsigned i = 0; i < mutations; ++i) {
        Bytes bytes = all[i % all.size()];
        mutate(bytes, random);
        run(bytes);
    }
    SUCCEED();
}
