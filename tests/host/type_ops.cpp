// SPDX-License-Identifier: MIT
#include "tests/host/type_ops.hpp"

#include "kernel/mm/type_ops.hpp"

namespace host {
namespace {

int valid_tables = 0;

}  // namespace

ValidTables::ValidTables() {
    ++valid_tables;
}
ValidTables::~ValidTables() {
    --valid_tables;
}

}  // namespace host

namespace mm::type_ops {

Result<> validate(PageInfo&, PageType, PageOwner&) {
    if (host::valid_tables == 0)
        return Fail{Errno::inval};
    return {};
}
Result<> devalidate(PageInfo&, PageType) {
    return {};
}
void visit_references(PageInfo const&, PageType, unsigned, Visit, void*) {}

}  // namespace mm::type_ops
