// SPDX-License-Identifier: MIT
// Operations on the address space, each reported under its own name.
#pragma once

namespace ops {

void page_fault();       // first touch of an anonymous page
void mprotect_pages();   // 16 pages to read-only and back
void munmap_page();      // per page that was touched
void map_touch_unmap();  // 4 pages

}  // namespace ops
