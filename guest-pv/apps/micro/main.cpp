// SPDX-License-Identifier: MIT
// What the hypervisor's services cost, measured from inside by the time-stamp
// counter. Under `--icount` that counts instructions, so the figures repeat to
// the digit. As first domain it also runs on Xen: same image, same work.
#include "guest-pv/apps/micro/measure.hpp"

int main() {
    micro::calls();
    micro::events();
    micro::tables();
    micro::grants();
    micro::switches();
    micro::traps();
    std::puts("micro done");
    return 0;
}
