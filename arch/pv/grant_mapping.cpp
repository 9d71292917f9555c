// SPDX-License-Identifier: MIT
// Entries for granted frames: the answer to kernel/machine/mapping.hpp.
#include "kernel/machine/mapping.hpp"

#include <optional>

#include "arch/pv/table_update.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/domain/domain.hpp"

namespace {

using namespace arch;
using machine::GrantMapping;

constexpr unsigned avail_shift = 9;

// An L1 entry, and the right to change its table.
struct Place {
    TableEntry at;
    mm::TableLock lock;
};

Result<TableEntry> entry_of(Vcpu& v, u64 address, bool by_entry) {
    if (!by_entry)
        return find_l1_entry(v, Vaddr{address});
    Maddr const at{address};
    if (!mm::page_of(mfn_of(at)) || address % sizeof(u64) != 0)
        return Fail{Errno::inval};
    return TableEntry{mfn_of(at), offset_in_page(at) / sizeof(u64)};
}

Result<Place> lock_entry(Vcpu& v, TableEntry at) {
    auto lock = at.lock(v.domain.memory);
    if (!lock)
        return Fail{Errno::fault};
    return Place{at, std::move(*lock)};
}

bool maps(u64 e, GrantMapping const& m) {
    return entry::present(e) && entry::frame(e) == m.frame && entry::writable(e) != m.readonly;
}

u64 entry_for(GrantMapping const& m) {
    u64 const rights = m.readonly ? 0 : pte::writable;
    return maddr_of(m.frame).raw() | pte::present | pte::user | pte::accessed | pte::dirty | pte::no_execute |
           rights | u64{m.avail} << avail_shift;
}

void write(TableEntry const& at, u64 value) {
    __atomic_store_n(at.address, value, __ATOMIC_RELEASE);
}

}  // namespace

namespace machine {

Result<> grant_map(Vcpu& v, u64 address, GrantMapping const& m) {
    TableEntry const at = TRY(entry_of(v, address, m.by_entry));
    Place const p = TRY(lock_entry(v, at));
    u64 const old = __atomic_exchange_n(p.at.address, entry_for(m), __ATOMIC_ACQ_REL);
    if (entry::present(old))
        drop_l1(old);
    return {};
}

Result<> grant_unmap(Vcpu& v, u64 address, GrantMapping const& m) {
    TableEntry const at = TRY(entry_of(v, address, m.by_entry));
    Place const p = TRY(lock_entry(v, at));
    if (!maps(p.at.read(), m))
        return Fail{Errno::inval};
    write(p.at, 0);
    return {};
}

Result<> grant_replace(Vcpu& v, u64 address, u64 new_address, GrantMapping const& m) {
    TableEntry const to = TRY(entry_of(v, address, m.by_entry));
    TableEntry const from = TRY(find_l1_entry(v, Vaddr{new_address}));
    if (to.address == from.address)
        return Fail{Errno::inval};
    // Two tables are locked in the order of their frames.
    PageInfo& table = to.table();
    PageInfo& other = from.table();
    bool const to_first = &table <= &other;
    PageOwner const& owner = v.domain.memory;
    auto const first = TRY((to_first ? to : from).lock(owner));
    std::optional<mm::TableLock> second;
    if (&table != &other)
        second.emplace(TRY((to_first ? from : to).lock(owner)));
    if (!maps(to.read(), m))
        return Fail{Errno::inval};
    write(to, __atomic_exchange_n(from.address, u64{0}, __ATOMIC_ACQ_REL));
    return {};
}

}  // namespace machine
