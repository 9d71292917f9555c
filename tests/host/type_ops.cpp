// SPDX-License-Identifier: MIT
// Page tables for tests that are not about page tables: none is ever valid.
#include "kernel/mm/type_ops.hpp"

namespace mm::type_ops {

Result<> validate(PageInfo&, PageType, PageOwner&) {
    return Fail{Errno::inval};
}
Result<> devalidate(PageInfo&, PageType) {
    return {};
}
void visit_references(PageInfo const&, PageType, unsigned, Visit, void*) {}

}  // namespace mm::type_ops
