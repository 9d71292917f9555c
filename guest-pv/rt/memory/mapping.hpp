// SPDX-License-Identifier: MIT
// Other people's memory: windows of virtual addresses into which frames of
// devices, of other domains, or granted ones are put.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/abi/xen.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt {

enum class Access { read_only, read_write };
enum class Caching { write_back, uncached };

// Owns a range of virtual addresses whose page tables exist and whose entries
// are empty. What is put there must be gone before the window is.
class Window {
  public:
    static Result<Window> reserve(usize pages);

    Window() = default;
    Window(Window&& other) noexcept;
    Window& operator=(Window&& other) noexcept;
    ~Window();

    [[nodiscard]] usize pages() const { return pages_; }
    [[nodiscard]] Vaddr address(usize page = 0) const { return first_ + page * page_size; }
    [[nodiscard]] std::byte* data() const { return reinterpret_cast<std::byte*>(first_.raw()); }

  private:
    Window(Vaddr first, usize pages) : first_{first}, pages_{pages} {}

    Vaddr first_{};
    usize pages_ = 0;
};

// Owns a mapping of machine frames, unmapped at its end. `owner` is DOMID_IO
// for device memory, DOMID_SELF for own frames, else the domain whose memory
// it is (the caller must be privileged over it).
class FrameMapping {
  public:
    static Result<FrameMapping> map(std::span<Mfn const> frames, DomId owner, Access access,
                                    Caching caching = Caching::write_back);
    // Registers of a device: consecutive frames, uncached, writable.
    static Result<FrameMapping> map_device(Maddr first, usize bytes);

    FrameMapping() = default;
    FrameMapping(FrameMapping&&) noexcept = default;
    FrameMapping& operator=(FrameMapping&& other) noexcept;
    ~FrameMapping();

    [[nodiscard]] std::byte* data() const { return window_.data() + offset_; }
    [[nodiscard]] std::span<std::byte> bytes() const {
        return {data(), window_.pages() * page_size - offset_};
    }

  private:
    FrameMapping(Window window, usize offset) : window_{std::move(window)}, offset_{offset} {}
    void unmap();

    Window window_;
    usize offset_ = 0;  // of a device whose registers begin inside a page
};

}  // namespace rt
