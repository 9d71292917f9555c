// SPDX-License-Identifier: MIT
// Bits by their names in Intel's "Speculative Execution Side Channel Mitigations"
// and SDM volume 4, and in AMD's volume 3, appendix E.
#include "arch/cpu/speculation.hpp"

namespace arch {
namespace {

constexpr bool bit(u64 word, unsigned n) {
    return (word >> n & 1) != 0;
}

constexpr u64 spec_ctrl_ibrs = 1, spec_ctrl_stibp = 2;

bool has_ibpb(SpeculationFacts const& f) {
    return f.intel ? bit(f.leaf7_d, 26) : f.amd && bit(f.ext8_b, 12);
}

// Set once and good for all entries; the older kind, a write at each, is not used.
bool has_lasting_ibrs(SpeculationFacts const& f) {
    return f.intel ? bit(f.leaf7_d, 26) && bit(f.arch_capabilities, 1)
                   : f.amd && bit(f.ext8_b, 14) && bit(f.ext8_b, 16);
}

bool has_auto_ibrs(SpeculationFacts const& f) {
    return f.amd && bit(f.ext21_a, 8);
}

bool has_stibp(SpeculationFacts const& f) {
    return f.intel ? bit(f.leaf7_d, 27) : f.amd && bit(f.ext8_b, 15);
}

// MDS_NO; TAA_NO, or no TSX; SBDR_SSDP_NO, FBSDP_NO, PSDP_NO; RFDS_NO, or too old to
// have been asked. Of AMD's, those with TSA say whether VERW helps.
bool keeps_buffers(SpeculationFacts const& f) {
    u64 const caps = f.arch_capabilities;
    if (f.amd)
        return !bit(f.ext21_a, 5) || (bit(f.ext21_c, 1) && bit(f.ext21_c, 2));
    bool const no_mds = bit(caps, 5), no_taa = bit(caps, 8) || !bit(f.leaf7_b, 11);
    bool const no_stale = bit(caps, 13) && bit(caps, 14) && bit(caps, 15);
    bool const no_registers = bit(caps, 27) || !bit(caps, 28);
    return f.intel && no_mds && no_taa && no_stale && no_registers;
}

// MD_CLEAR, FB_CLEAR, RFDS_CLEAR; VERW_CLEAR.
bool clears_by_verw(SpeculationFacts const& f) {
    u64 const caps = f.arch_capabilities;
    return f.intel ? bit(f.leaf7_d, 10) || bit(caps, 17) || bit(caps, 28) : f.amd && bit(f.ext21_a, 5);
}

}  // namespace

Barriers choose_barriers(SpeculationFacts const& f, SpeculationWishes const& w) {
    Barriers b;
    b.ibpb = w.ibpb && has_ibpb(f);
    b.auto_ibrs = w.ibrs && has_auto_ibrs(f);
    if (w.ibrs && has_lasting_ibrs(f) && !b.auto_ibrs)
        b.spec_ctrl |= spec_ctrl_ibrs;
    if (w.stibp && has_stibp(f))
        b.spec_ctrl |= spec_ctrl_stibp;
    bool const leaks = !keeps_buffers(f);
    b.clear_buffers = w.md_clear && (w.md_clear_forced || (leaks && clears_by_verw(f)));
    b.ring0_is_steered = !b.auto_ibrs && (b.spec_ctrl & spec_ctrl_ibrs) == 0;
    b.guests_are_steered = !b.ibpb;
    b.buffers_leak = leaks && !(b.clear_buffers && clears_by_verw(f));
    return b;
}

}  // namespace arch
