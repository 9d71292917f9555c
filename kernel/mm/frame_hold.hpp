// SPDX-License-Identifier: MIT
// A frame of somebody held for one purpose: to be read, which takes a general
// reference, or to be written, which takes a writable type.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

class FrameHold {
    PageRef read_;
    TypeRef write_;

  public:
    FrameHold() = default;

    // inval, busy: `frame` is not memory of `owner` that may be used like this.
    static Result<FrameHold> take(Mfn frame, PageOwner& owner, bool write) {
        PageInfo* const page = page_of(frame);
        if (!page)
            return Fail{Errno::inval};
        FrameHold h;
        if (write)
            h.write_ = TRY(TypeRef::take(*page, PageType::writable, owner));
        else
            h.read_ = TRY(PageRef::take_of(*page, owner));
        return h;
    }
    // Takes over a reference counted elsewhere; release() is the inverse.
    static FrameHold adopt(Mfn frame, bool write) {
        FrameHold h;
        if (write)
            h.write_ = TypeRef::adopt(*page_of(frame));
        else
            h.read_ = PageRef::adopt(*page_of(frame));
        return h;
    }
    void release() {
        write_.release();
        read_.release();
    }
};

}  // namespace mm
