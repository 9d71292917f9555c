// SPDX-License-Identifier: MIT
#include <vector>

#include "guest-pv/apps/lengthy/calls.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace lengthy {
namespace {

using namespace rt;

constexpr usize l1_tables = 16;

// A page that can become a table: full of one entry, and mapped for reading only.
bool make_table(Pages const& page, usize index, u64 entry) {
    auto* const at = page.data() + index * page_size;
    for (usize i = 0; i < page_table::entries; ++i)
        reinterpret_cast<u64*>(at)[i] = entry;
    return hypercall::update_va_mapping(Vaddr{hypercall::address(at)},
                                        page_table::entry_for(page.mfn(index), page_table::read_only_data),
                                        UVMF_INVLPG)
        .has_value();
}

bool pin(u32 command, Mfn frame) {
    mmuext_op_t op{};
    op.cmd = command;
    op.arg1.mfn = frame.raw();
    return hypercall::mmuext_op({&op, 1}).has_value();
}

}  // namespace

bool update_entries() {
    constexpr usize batch = 4096;
    auto window = Window::reserve(page_table::entries);
    auto pages = Pages::allocate(2);
    if (!window || !pages)
        return false;
    std::vector<mmu_update_t> requests;
    for (usize i = 0; i < batch; ++i) {
        auto const entry = page_table::l1_entry(window->address(i % page_table::entries));
        requests.push_back(
            {.ptr = entry->raw(), .val = page_table::entry_for(pages->mfn(i / 512 % 2), page_table::data)});
    }
    bool const done = hypercall::mmu_update(requests).has_value();
    page_table::clear(window->address(), window->pages());
    return done;
}

// Tables of tables of tables, each of them full: of the highest entry half is the
// hypervisor's. The frames are few; every entry counts as a use of one.
bool pin_tables() {
    constexpr u64 slots_of_guest = 256;
    auto data = Pages::allocate();
    auto l1 = Pages::allocate(l1_tables);
    auto upper = Pages::allocate(3);
    if (!data || !l1 || !upper)
        return false;
    for (usize i = 0; i < l1_tables; ++i)
        if (!make_table(*l1, i, page_table::entry_for(data->mfn(), page_table::data)))
            return false;
    bool made = make_table(*upper, 0, page_table::entry_for(l1->mfn(), page_table::table)) &&
                make_table(*upper, 1, page_table::entry_for(upper->mfn(0), page_table::table));
    auto* const root = reinterpret_cast<u64*>(upper->data() + 2 * page_size);
    for (u64 i = 0; i < slots_of_guest; ++i)
        root[i] = page_table::entry_for(upper->mfn(1), page_table::table);
    made = made && hypercall::update_va_mapping(Vaddr{hypercall::address(root)}, 0, UVMF_INVLPG);
    bool const done = made && pin(MMUEXT_PIN_L4_TABLE, upper->mfn(2)) &&
                      pin(MMUEXT_UNPIN_TABLE, upper->mfn(2)) && pin(MMUEXT_PIN_L4_TABLE, upper->mfn(2));
    for (auto* const pages : {&*data, &*l1, &*upper})
        pages->release();  // they stay what they are until this guest ends
    return done;
}

}  // namespace lengthy
