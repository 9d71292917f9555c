// SPDX-License-Identifier: MIT
// Page tables for tests that are not about what is in them: no frame can be one.
#pragma once

namespace host {

// While there is one of these any frame can be a table, of any level and without entries.
class ValidTables {
  public:
    ValidTables();
    ~ValidTables();
    ValidTables(ValidTables const&) = delete;
    ValidTables& operator=(ValidTables const&) = delete;
};

}  // namespace host
