// SPDX-License-Identifier: MIT
// Firmware, microcode and power management of the machine: none of it is
// offered. The answers are what Xen's guests know how to live with.
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {

Answer platform_op(Vcpu& v, GuestPtr<u8> op) {
    if (!v.domain.priv.control)
        return Fail{Errno::perm};
    struct Head {
        u32 cmd;
        u32 interface_version;
    };
    auto const head = TRY(op.as<Head const>().fetch());
    return Fail{head.interface_version == XENPF_INTERFACE_VERSION ? Errno::nosys : Errno::access};
}

}  // namespace hypercall
