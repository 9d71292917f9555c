// SPDX-License-Identifier: MIT
// A part whose `data` is there is declared, and pinned; any other is reached by
// its grant.
#include "dom0/net/netback/loans.hpp"

#include <cstring>
#include <numeric>

namespace netback {

namespace {

// A card that is given copies will be given more of them.
constexpr u32 copies_for_card = 31;

gnttab_copy_t copy_into(nic::Packet const& buffer, nic::Lent const& from) {
    gnttab_copy_t op{};
    op.source.u.ref = from.page.raw();
    op.source.domid = from.domain.raw();
    op.source.offset = from.offset;
    op.dest.u.gmfn = mfn_of(buffer.at).raw();
    op.dest.domid = DOMID_SELF;
    op.len = buffer.length;
    op.flags = GNTCOPY_source_gref;
    return op;
}

}  // namespace

Loans::Loans(Peer peer, std::shared_ptr<StaticGrants> declared, DeviceCalls calls, nic::PacketPool& pool,
             std::function<void()> wake)
    : peer_{peer},
      declared_{std::move(declared)},
      maps_{peer.domain, calls},
      pool_{pool},
      wake_{std::move(wake)} {
    std::iota(free_.begin(), free_.end(), u8{0});
}

bool Loans::offer(u32 slots) {
    if (free_count_ == 0 || slots_ + slots > most_slots)
        return false;
    if (brought_for_card_ == 0)
        return true;
    --brought_for_card_;
    return false;
}

void Loans::begin(nic::Packet& frame, Answer const& answer) {
    if (free_count_ == most)
        self_ = shared_from_this();
    frame.lender = this;
    frame.loan = free_[--free_count_];
    Loan& loan = loans_[frame.loan];
    loan.answer = answer;
    loan.open = false;
    slots_ += static_cast<u32>(answer.kept.size());
}

void Loans::lend(nic::Packet& buffer, TxPart const& part) {
    buffer.lent = nic::Lent{peer_.domain, part.grant, part.offset};
    auto const at = mappings_ ? declared_->pin(part.grant, StaticGrants::Use::read) : std::nullopt;
    buffer.data = at ? declared_->find(part.grant)->at + part.offset : nullptr;
    buffer.at = at ? *at + part.offset : Maddr{};
}

bool Loans::open_to_devices(nic::Packet& frame) {
    Loan& loan = loans_[frame.loan];
    if (loan.open)
        return true;
    bool mapped_only = true;
    for (nic::Packet const* part = frame.next(); part != nullptr; part = part->next())
        mapped_only = mapped_only && part->data != nullptr;
    if (mapped_only || mappings_)
        return loan.open = mapped_only || map_parts(frame, loan);
    brought_for_card_ = copies_for_card;
    return bring(frame);
}

bool Loans::map_parts(nic::Packet& frame, Loan& loan) {
    std::array<GrantRef, nic::most_buffers> refs{};
    std::array<nic::Packet*, nic::most_buffers> parts{};
    std::array<std::optional<DeviceMaps::Page>, nic::most_buffers> pages;
    u32 count = 0;
    for (nic::Packet* part = frame.next(); part != nullptr; part = part->next())
        if (part->data == nullptr) {
            refs[count] = part->lent->page;
            parts[count++] = part;
        }
    maps_.map(std::span{refs}.first(count), DeviceMaps::Access::read_only, pages);
    bool all = true;
    for (u32 i = 0; i < count; ++i)
        all = all && pages[i];
    for (u32 i = 0; i < count; ++i) {
        if (all) {
            parts[i]->at = pages[i]->at + parts[i]->lent->offset;
            loan.handles[i] = pages[i]->handle;
        } else if (pages[i]) {
            maps_.unmap(*pages[i]);
        }
    }
    return all;
}

// Pages are used no more, neither by processors nor by devices.
void Loans::close(nic::Packet& frame) {
    Loan& loan = loans_[frame.loan];
    u32 mapped = 0;
    for (nic::Packet* part = frame.next(); part != nullptr; part = part->next()) {
        if (!part->lent)
            continue;
        if (part->data != nullptr)
            declared_->unpin(part->lent->page);
        else if (loan.open)
            maps_.unmap({part->at - part->lent->offset, loan.handles[mapped++]});
    }
    loan.open = false;
}

// Its buffers have pages of their own, so there is room for everything.
bool Loans::bring(nic::Packet& frame) {
    std::array<gnttab_copy_t, nic::most_buffers> copies;
    u32 count = 0;
    close(frame);
    for (nic::Packet* part = frame.next(); part != nullptr; part = part->next()) {
        if (!part->lent)
            continue;
        nic::Lent const lent = *part->lent;
        std::byte const* const mapped = part->data;
        pool_.reclaim(*part);
        if (mapped != nullptr)
            std::memcpy(part->data, mapped, part->length);
        else
            copies[count++] = copy_into(*part, lent);
    }
    auto const planned = std::span{copies}.first(count);
    bool whole = count == 0 || peer_.copy(planned).has_value();
    for (auto const& op : planned)
        whole = whole && op.status == GNTST_okay;
    frame.lender = nullptr;
    finish(frame.loan);
    return whole;
}

void Loans::returned(nic::Packet& frame) {
    close(frame);
    finish(frame.loan);
}

void Loans::finish(u16 index) {
    if (wake_) {
        returned_[returned_count_++] = static_cast<u8>(index);
        if (returned_count_ == 1)
            wake_();
        return;
    }
    maps_.flush();
    release(index);
    end_if_idle();
}

void Loans::release(u16 index) {
    slots_ -= static_cast<u32>(loans_[index].answer.kept.size());
    free_[free_count_++] = static_cast<u8>(index);
}

// The last thing that is done, as nobody else may hold this.
void Loans::end_if_idle() {
    if (free_count_ == most)
        self_.reset();
}

void Loans::detach() {
    wake_ = nullptr;
    settle([](Answer const&) {});
}

}  // namespace netback
