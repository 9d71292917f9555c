// SPDX-License-Identifier: MIT
#include "guest-pv/linux/ops/processes.hpp"

#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest-pv/linux/ops/measure.hpp"

namespace ops {
namespace {

constexpr int not_there = 127;  // what a shell answers for such a program

void wait_for(pid_t child, int expected_status = 0) {
    int status = 0;
    must(child > 0 && waitpid(child, &status, 0) == child, "wait");
    must(WIFEXITED(status) && WEXITSTATUS(status) == expected_status, "child");
}

struct Pipe {
    int ends[2];
    Pipe() { must(pipe(ends) == 0, "pipe"); }
    bool take(char& byte) const { return read(ends[0], &byte, 1) == 1; }
    bool give(char byte) const { return write(ends[1], &byte, 1) == 1; }
    void close_giving() const { close(ends[1]); }
};

// Gives back every byte until there is nobody left to give one.
[[noreturn]] void echo(Pipe const& there, Pipe const& back) {
    there.close_giving();
    for (char byte = 0; there.take(byte) && back.give(byte);) {
    }
    _exit(0);
}

}  // namespace

void null_syscall() {
    report_each("null_syscall", 1000, [] { syscall(SYS_getppid); });
}

void signal_to_self() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    must(sigaction(SIGUSR1, &action, nullptr) == 0, "sigaction");
    auto const self = getpid();
    report_each("signal", 100, [&] { must(kill(self, SIGUSR1) == 0, "kill"); });
}

void pipe_round_trip() {
    Pipe const there;
    Pipe const back;
    auto const child = fork();
    if (child == 0)
        echo(there, back);
    char byte = 0;
    report_each("pipe_round_trip", 100, [&] { must(there.give('x') && back.take(byte), "pipe"); });
    there.close_giving();
    wait_for(child);
}

void fork_exit_wait() {
    report_each("fork_exit_wait", 10, [] {
        auto const child = fork();
        if (child == 0)
            _exit(0);
        wait_for(child);
    });
}

namespace {

void vfork_and_exec(char const* name, char const* program, int expected_status) {
    report_each(name, 10, [&] {
        auto const child = vfork();
        if (child == 0) {
            execl(program, program, nullptr);
            _exit(not_there);
        }
        wait_for(child, expected_status);
    });
}

}  // namespace

void vfork_exec_exit_wait() {
    vfork_and_exec("vfork_exec_exit_wait", "/bin/ops-nothing", 0);
}

void vfork_failed_exec() {
    vfork_and_exec("vfork_failed_exec", "/bin/ops-not-there", not_there);
}

}  // namespace ops
