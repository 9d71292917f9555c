// SPDX-License-Identifier: MIT
// Whose page tables an MMU hypercall changes, and whose frames it maps.
#pragma once

#include <optional>

#include "arch/pv/entry_refs.hpp"
#include "kernel/domain/registry.hpp"

namespace arch {

// A domain named by a hypercall, held unless it is the caller (HC-7).
class Subject {
    DomainRef held_;
    Domain* domain_;

  public:
    explicit Subject(Domain& caller) : domain_{&caller} {}
    static Result<Subject> resolve(Domain& caller, u32 id) {
        Subject s{caller};
        if (id != DOMID_SELF) {
            s.held_ = TRY(domains::resolve(caller, DomId{static_cast<u16>(id)}));
            s.domain_ = &*s.held_;
        }
        return s;
    }
    Domain& operator*() const { return *domain_; }
    Domain* operator->() const { return domain_; }
};

// The authority that a domid argument stands for: a domain's RAM, with devices
// only for itself; DOMID_IO: devices alone.
class FrameSource {
    Subject subject_;
    Authority authority_;

    FrameSource(Subject s, Authority a) : subject_{std::move(s)}, authority_{a} {}

  public:
    explicit FrameSource(Domain& caller) : subject_{caller}, authority_{own_authority(caller.memory)} {}
    static Result<FrameSource> resolve(Domain& caller, u32 id) {
        if (id == DOMID_IO)
            return FrameSource{Subject{caller}, {nullptr, &caller.memory}};
        Subject s = TRY(Subject::resolve(caller, id));
        PageOwner& owner = s->memory;
        bool const own = &*s == &caller;
        return FrameSource{std::move(s), {&owner, own ? &owner : nullptr}};
    }
    [[nodiscard]] Authority const& authority() const { return authority_; }
};

}  // namespace arch
