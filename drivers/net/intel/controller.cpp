// SPDX-License-Identifier: MIT
#include "drivers/net/intel/controller.hpp"

#include "drivers/net/intel/chip.hpp"

namespace nic::intel {

// A driver that ended with its domain leaves a chip that may not master the bus,
// but has its link: to negotiate that anew would take longer than all the rest.
// After a failure, or one that did not come to the end of this, all is begun anew.
Result<> Controller::start() {
    bool const left = was_left_running(regs_);
    set_loaded(regs_, false);
    bool const quiet = left && quiesce();
    if (!quiet)
        TRY_VOID(reset_chip());
    mac_ = read_mac(regs_);
    function().set_bus_master(true);
    if (!quiet || !keep_link(regs_))
        TRY_VOID(negotiate_link(regs_));
    TRY_VOID(start_chip());
    set_loaded(regs_, true);
    see_link(has_link(regs_));
    return {};
}

Result<> Controller::enable_messages() {
    msix_.emplace(TRY(pci::Msix::enable(function())));
    return {};
}

Result<> Controller::connect_link(u16 vector, Wake const& wake) {
    return msix_->connect(vector, [this, wake] {
        link_event_ = true;
        wake(0);
    });
}

// 82576 datasheet 4.2.1.6.1, 82574 datasheet 4.6.1: interrupts are masked on
// both sides of the reset. It ends with the mask cleared, or leaves causes from
// before it.
Result<> Controller::reset_chip() {
    mask_interrupts();
    TRY_VOID(reset(regs_));
    mask_interrupts();
    return {};
}

std::string_view Controller::complaint(Nanos now) {
    auto const status = regs_.read<STATUS>();
    if (status == surprise_removed)
        return "it does not answer";
    see_link(STATUS::LU::in(status) != 0);
    counters().rx_missed += regs_.read<MPC>().raw;
    if (queue_stuck(now))
        return "a transmit queue is stuck";
    return receives_nonsense() ? "a receive queue makes no sense" : "";
}

// Causes are cleared before the state is read, so a change in between
// interrupts again.
void Controller::follow_link() {
    link_event_ = false;
    clear_link_cause();
    see_link(has_link(regs_));
    arm_link();
}

}  // namespace nic::intel
