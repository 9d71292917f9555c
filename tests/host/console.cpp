// SPDX-License-Identifier: MIT
#include "tests/host/console.hpp"

namespace host {

std::string& serial_line() {
    static std::string line;
    return line;
}

std::string& guest_ended_by() {
    static std::string what;
    return what;
}

bool& line_held() {
    static bool held = false;
    return held;
}

}  // namespace host

namespace machine {

void console_put(std::string_view bytes) {
    host::serial_line() += bytes;
}
void console_put_now(std::string_view bytes) {
    host::serial_line() += bytes;
}

void console_accept() {
    host::line_held() = false;
}

void panic(std::string_view what) {
    throw host::MachineEnd{"panic: " + std::string{what}};
}
void end_guest(std::string_view what) {
    host::guest_ended_by() = what;
}
void reboot() {
    throw host::MachineEnd{"reboot"};
}
void power_off() {
    throw host::MachineEnd{"power off"};
}

}  // namespace machine
