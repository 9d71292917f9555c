// SPDX-License-Identifier: MIT
// A frame of somebody held for one purpose: to be read, which takes a general
// reference, or to be written, which takes a writable type.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

class FrameHold {
    PageInfo* page_ = nullptr;
    bool write_ = false;

    FrameHold(PageInfo& page, bool write) : page_{&page}, write_{write} {}

  public:
    FrameHold() = default;
    FrameHold(FrameHold&& o) noexcept : page_{std::exchange(o.page_, nullptr)}, write_{o.write_} {}
    FrameHold& operator=(FrameHold&& o) noexcept {
        if (this != &o) {
            reset();
            page_ = std::exchange(o.page_, nullptr);
            write_ = o.write_;
        }
        return *this;
    }
    ~FrameHold() { reset(); }

    // inval, busy: `frame` is not memory of `owner` that may be used like this.
    static Result<FrameHold> take(Mfn frame, PageOwner& owner, bool write) {
        PageInfo* const page = page_of(frame);
        if (!page)
            return Fail{Errno::inval};
        TRY_VOID(write ? get_type(*page, PageType::writable, owner) : get_ref_of(*page, owner));
        return FrameHold{*page, write};
    }
    // Takes over a reference counted elsewhere; release() is the inverse.
    static FrameHold adopt(Mfn frame, bool write) { return {ram_page(frame), write}; }
    void release() { page_ = nullptr; }

    explicit operator bool() const { return page_ != nullptr; }
    [[nodiscard]] Mfn frame() const { return mfn_of(*page_); }  // of one that holds

    void reset() {
        PageInfo* const page = std::exchange(page_, nullptr);
        if (!page)
            return;
        if (write_)
            put_type_sync(*page);
        else
            put_ref(*page);
    }
};

}  // namespace mm
