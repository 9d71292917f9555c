// SPDX-License-Identifier: MIT
// Frames held. Holding is proof: a PageRef exists only while a reference is
// held, a TypeRef only while the type is. Contents of page tables are arch/pv's
// business, which is asked through TypeOps.
#pragma once

#include <utility>

#include "kernel/mm/page_count.hpp"

namespace mm {

// --- types -----------------------------------------------------------------
// A checked type (l1..l4, segdesc) is validated when its first reference is
// taken and devalidated when the last one goes. Either can stop half-way: the
// frame is then `partial`, keeps one type and one general reference for itself,
// nobody uses it as valid, and either direction can go on from there.

// What get_type() does when it takes more than counting. The caller's general
// reference becomes the type's, or is given back on error.
Result<> change_type(PageInfo& p, PageType want, PageOwner& owner);

// A type reference together with a general one. On a `shared` frame `writable`
// takes a `shared` reference instead: both sides write there.
//   inval    the type conflicts with live uses, or the contents are not valid
//   restart  validation stopped half-way; the same call goes on with it
// An error found late may leave the frame partial: see close_partial().
inline Result<> get_type(PageInfo& p, PageType want, PageOwner& owner) {
    TRY_VOID(get_ref_of(p, owner));
    if (want == PageType::writable && add_writable(p)) [[likely]]
        return {};
    return change_type(p, want, owner);
}

}  // namespace mm

// A held general reference.
class PageRef {
    PageInfo* page_ = nullptr;
    explicit PageRef(PageInfo& p) : page_{&p} {}

  public:
    PageRef() = default;
    PageRef(PageRef&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    PageRef& operator=(PageRef&& o) noexcept {
        if (this != &o) {
            reset();
            page_ = std::exchange(o.page_, nullptr);
        }
        return *this;
    }
    ~PageRef() { reset(); }

    static Result<PageRef> take(PageInfo& p) {
        TRY_VOID(mm::get_ref(p));
        return PageRef{p};
    }
    static Result<PageRef> take_of(PageInfo& p, PageOwner const& owner) {
        TRY_VOID(mm::get_ref_of(p, owner));
        return PageRef{p};
    }
    // Takes over a reference that someone else counted; release() is the inverse.
    static PageRef adopt(PageInfo& p) { return PageRef{p}; }
    PageInfo* release() { return std::exchange(page_, nullptr); }

    void reset() {
        if (page_)
            mm::put_ref(*std::exchange(page_, nullptr));
    }
    explicit operator bool() const { return page_ != nullptr; }
    PageInfo& operator*() const { return *page_; }
    PageInfo* operator->() const { return page_; }
    [[nodiscard]] Mfn mfn() const { return mm::mfn_of(*page_); }
};

namespace mm {

// put_type() and put_type_sync() of a frame whose type is not `writable`.
[[nodiscard]] PageRef put_other_type(PageInfo& p);
void put_other_type_sync(PageInfo& p);

// Gives a type reference back, with its general one. When devalidation stops
// half-way, the answer is the partial frame, held, for close_partial(); else
// it is empty.
[[nodiscard]] inline PageRef put_type(PageInfo& p) {
    if (!drop_writable(p))
        return put_other_type(p);
    put_ref(p);
    return {};
}
// The same without stopping. Not under a lock: it may take long.
inline void put_type_sync(PageInfo& p) {
    if (drop_writable(p))
        put_ref(p);
    else
        put_other_type_sync(p);
}
// Devalidates what a partial frame still refers to; no effect on others.
// restart: stopped again.
Result<> close_partial(PageInfo& p);

}  // namespace mm

// A held type (and general) reference.
class TypeRef {
    PageInfo* page_ = nullptr;
    explicit TypeRef(PageInfo& p) : page_{&p} {}

  public:
    TypeRef() = default;
    TypeRef(TypeRef&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    TypeRef& operator=(TypeRef&& o) noexcept {
        if (this != &o) {
            reset();
            page_ = std::exchange(o.page_, nullptr);
        }
        return *this;
    }
    ~TypeRef() { reset(); }

    static Result<TypeRef> take(PageInfo& p, PageType want, PageOwner& owner) {
        TRY_VOID(mm::get_type(p, want, owner));
        return TypeRef{p};
    }
    static TypeRef adopt(PageInfo& p) { return TypeRef{p}; }
    PageInfo* release() { return std::exchange(page_, nullptr); }

    void reset() {
        if (page_)
            mm::put_type_sync(*std::exchange(page_, nullptr));
    }
    explicit operator bool() const { return page_ != nullptr; }
    PageInfo& operator*() const { return *page_; }
    PageInfo* operator->() const { return page_; }
    [[nodiscard]] Mfn mfn() const { return mm::mfn_of(*page_); }
};
