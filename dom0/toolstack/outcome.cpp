// SPDX-License-Identifier: MIT
#include "dom0/toolstack/outcome.hpp"

#include <algorithm>
#include <array>

namespace toolstack {
namespace {

struct Meaning {
    Errno error;
    std::string_view text;
};

constexpr std::array meanings{
    Meaning{Errno::perm, "not permitted"},
    Meaning{Errno::noent, "no such thing"},
    Meaning{Errno::srch, "no such domain"},
    Meaning{Errno::io, "input/output error"},
    Meaning{Errno::toobig, "too long"},
    Meaning{Errno::again, "busy, try again"},
    Meaning{Errno::nomem, "not enough memory"},
    Meaning{Errno::access, "access denied"},
    Meaning{Errno::fault, "bad address"},
    Meaning{Errno::busy, "in use"},
    Meaning{Errno::exist, "exists already"},
    Meaning{Errno::inval, "the hypervisor refused an argument"},
    Meaning{Errno::nospc, "no room left"},
    Meaning{Errno::nosys, "not offered by this hypervisor"},
    Meaning{Errno::opnotsupp, "not offered by this hypervisor"},
    Meaning{Errno::timedout, "no answer in time"},
};

}  // namespace

std::string_view describe(Errno error) {
    auto const known = std::ranges::find(meanings, error, &Meaning::error);
    return known == meanings.end() ? "unexpected error" : known->text;
}

}  // namespace toolstack
