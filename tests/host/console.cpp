// SPDX-License-Identifier: MIT
#include "tests/host/console.hpp"

namespace host {

std::string& serial_line() {
    static std::string line;
    return line;
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
void reboot() {
    throw host::MachineEnd{"reboot"};
}
void power_off() {
    throw host::MachineEnd{"power off"};
}

}  // namespace machine
