// SPDX-License-Identifier: MIT
// xen_version says who the hypervisor is and what a PV guest may rely on.
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

bool terminated(char const* text, usize size) {
    return std::memchr(text, 0, size) != nullptr;
}

void check_version() {
    auto const v = hypercall::xen_version(XENVER_version, nullptr);
    CHECK(v && *v >> 16 == 4);
    xen_extraversion_t extra{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_extraversion, extra), 0);
    CHECK(terminated(extra, sizeof extra));
}

void check_texts() {
    xen_capabilities_info_t caps{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_capabilities, caps), 0);
    CHECK(std::strstr(caps, "xen-3.0-x86_64") != nullptr);
    xen_changeset_info_t changeset{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_changeset, changeset), 0);
    CHECK(terminated(changeset, sizeof changeset));
    xen_compile_info_t compile{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_compile_info, &compile), 0);
    CHECK(terminated(compile.compiler, sizeof compile.compiler));
}

void check_platform() {
    xen_platform_parameters_t p{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_platform_parameters, &p), 0);
    CHECK(p.virt_start == 0xffff800000000000);
    CHECK_ANSWER(hypercall::xen_version(XENVER_pagesize, nullptr), 4096);
}

void check_features() {
    xen_feature_info_t f{};
    CHECK_ANSWER(hypercall::xen_version(XENVER_get_features, &f), 0);
    auto const has = [&](unsigned bit) { return (f.submap >> bit & 1) != 0; };
    CHECK(has(XENFEAT_mmu_pt_update_preserve_ad));
    CHECK(has(XENFEAT_gnttab_map_avail_bits));
    CHECK(!has(XENFEAT_writable_page_tables));
    CHECK(!has(XENFEAT_auto_translated_physmap));
    CHECK(has(XENFEAT_dom0) == is_initial_domain());
    f.submap_idx = 1;
    CHECK_ANSWER(hypercall::xen_version(XENVER_get_features, &f), Errno::inval);
}

void check_refusals() {
    CHECK_ANSWER(hypercall::xen_version(99, nullptr), Errno::nosys);
    auto* const nowhere = reinterpret_cast<void*>(0x10);
    CHECK_ANSWER(hypercall::xen_version(XENVER_extraversion, nowhere), Errno::fault);
    auto* const inside = reinterpret_cast<void*>(0xffff800000000000);
    CHECK_ANSWER(hypercall::xen_version(XENVER_extraversion, inside), Errno::fault);
}

}  // namespace

int main() {
    check_version();
    check_texts();
    check_platform();
    check_features();
    check_refusals();
    return verdict::finish();
}
