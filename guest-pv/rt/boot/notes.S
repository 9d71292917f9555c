// SPDX-License-Identifier: MIT
// What the domain builder must know of this image, as ELF notes. There is no
// HYPERCALL_PAGE: hypercalls are `syscall` instructions in place. There is no
// INIT_P2M and no MOD_START_PFN: the frame list and the module then lie in
// the linear mapping, where this guest finds everything else, too.
#include <xen/elfnote.h>

#include "guest-pv/rt/boot/layout.h"

.macro note type:req, value:vararg
    .pushsection .note.Xen, "a", @note
    .balign 4
    .long 4, 2f - 1f, \type
    .asciz "Xen"
1:  \value
2:  .balign 4
    .popsection
.endm

note XEN_ELFNOTE_XEN_VERSION,   .asciz "xen-3.0"
note XEN_ELFNOTE_GUEST_OS,      .asciz "Granite-kit"
note XEN_ELFNOTE_GUEST_VERSION, .asciz "1"
note XEN_ELFNOTE_LOADER,        .asciz "generic"
note XEN_ELFNOTE_VIRT_BASE,     .quad RT_LINEAR_BASE
note XEN_ELFNOTE_PADDR_OFFSET,  .quad RT_LINEAR_BASE
note XEN_ELFNOTE_ENTRY,         .quad guest_entry

.section .note.GNU-stack, "", @progbits
