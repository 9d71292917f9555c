// SPDX-License-Identifier: MIT
#include "dom0/control/sysctl.hpp"

#include "guest-pv/rt/hypercall.hpp"

namespace control::sysctl {
namespace {

constexpr u32 log_bytes = 64 * 1024;

xen_sysctl command(u32 what) {
    xen_sysctl request{};
    request.cmd = what;
    request.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    return request;
}

// XENVER_ answers are arrays of characters, ended early by a NUL.
template <class Text>
std::string text_of(int what) {
    Text text{};
    if (!rt::hypercall::xen_version(what, &text))
        return {};
    std::string_view const whole{reinterpret_cast<char const*>(&text), sizeof text};
    return std::string{whole.substr(0, whole.find('\0'))};
}

}  // namespace

Result<Machine> machine() {
    auto request = command(XEN_SYSCTL_physinfo);
    TRY_VOID(rt::hypercall::sysctl(request));
    return request.u.physinfo;
}

Result<std::string> log(bool clear) {
    std::string text(log_bytes, '\0');
    auto request = command(XEN_SYSCTL_readconsole);
    request.u.readconsole.clear = clear;
    request.u.readconsole.count = log_bytes;
    set_xen_guest_handle(request.u.readconsole.buffer, text.data());
    TRY_VOID(rt::hypercall::sysctl(request));
    text.resize(request.u.readconsole.count);
    return text;
}

Result<> debug_keys(std::string_view keys) {
    auto request = command(XEN_SYSCTL_debug_keys);
    request.u.debug_keys.nr_keys = static_cast<u32>(keys.size());
    set_xen_guest_handle(request.u.debug_keys.keys, keys.data());
    TRY_VOID(rt::hypercall::sysctl(request));
    return {};
}

Result<u32> scheduler() {
    auto request = command(XEN_SYSCTL_sched_id);
    TRY_VOID(rt::hypercall::sysctl(request));
    return request.u.sched_id.sched_id;
}

Result<CreditRules> credit_rules() {
    auto request = command(XEN_SYSCTL_scheduler_op);
    request.u.scheduler_op.sched_id = XEN_SCHEDULER_CREDIT;
    request.u.scheduler_op.cmd = XEN_SYSCTL_SCHEDOP_getinfo;
    TRY_VOID(rt::hypercall::sysctl(request));
    return request.u.scheduler_op.u.sched_credit;
}

Version version() {
    Version version;
    if (auto const number = rt::hypercall::xen_version(XENVER_version, nullptr)) {
        version.major = static_cast<unsigned>(*number >> 16);
        version.minor = static_cast<unsigned>(*number & 0xffff);
    }
    version.extra = text_of<xen_extraversion_t>(XENVER_extraversion);
    version.capabilities = text_of<xen_capabilities_info_t>(XENVER_capabilities);
    version.changeset = text_of<xen_changeset_info_t>(XENVER_changeset);
    version.command_line = text_of<xen_commandline_t>(XENVER_commandline);
    version.compiler = text_of<xen_compile_info>(XENVER_compile_info);  // its first member
    xen_platform_parameters_t parameters{};
    if (rt::hypercall::xen_version(XENVER_platform_parameters, &parameters))
        version.virt_start = parameters.virt_start;
    return version;
}

}  // namespace control::sysctl
