// SPDX-License-Identifier: MIT
// What the audit found: differences, as rows of a table that begins with the
// first; and the parts that it is made of.
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/mm/audit.hpp"
#include "kernel/monitor/answer/report.hpp"

namespace monitor {

class Findings {
    Report* out_;
    u64 count_ = 0;

  public:
    // Null: they are counted and not shown.
    explicit Findings(Report* out) : out_{out} {}

    // `about`: whose it is and what for, as far as the books say.
    void add(std::string_view what, std::string_view where, u64 kept, u64 counted, std::string_view about) {
        static constexpr std::array columns{Column{"WHAT", 12, true}, Column{"WHERE", 28, true},
                                            Column{"KEPT", 8}, Column{"COUNTED", 8},
                                            Column{"ABOUT", 30, true}};
        ++count_;
        if (!out_)
            return;
        if (count_ == 1)
            out_->table(columns);
        out_->row({what, where, kept, counted, about});
    }
    [[nodiscard]] u64 count() const { return count_; }
};

// What a domain refers to, page tables aside: first by itself, then by grants
// that its devices use, `most` of them from handle `from` on. Where to go on, or
// domains::no_more_handles.
void expect_own(Domain& d, mm::AuditBook& book);
u32 expect_device_grants(Domain& d, u32 from, u32 most, mm::AuditBook& book);
// That both ends of each channel of a domain name each other; adds how many there
// are. The next `most` from port `from` on; where to go on, or no_more_ports.
inline constexpr u32 no_more_ports = ~u32{0};
u32 audit_channels_of(Domain& d, u32 from, u32 most, u64& count, Findings& found);

// What is set aside for domains, and not made use of.
u64 promised_to_all();

// References and types of every frame; how many were compared. nomem.
Result<u64> audit_frames(Findings& found, Report& out);

}  // namespace monitor
