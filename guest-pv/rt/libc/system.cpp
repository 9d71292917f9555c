// SPDX-License-Identifier: MIT
// What the C library asks of its system. There are no files and no processes:
// the descriptors 0 to 2 are the console, all others do not exist.
#include <cerrno>
#include <csignal>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "guest-pv/rt/console.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

// The C library has its own idea of what these two give back.
using Transferred = _READ_WRITE_RETURN_TYPE;

constexpr bool is_console(int descriptor) {
    return descriptor >= 0 && descriptor <= 2;
}

int fail(int error) {
    errno = error;
    return -1;
}

}  // namespace

extern "C" {

[[noreturn]] void _exit(int status) {
    rt::shutdown(status == 0 ? rt::Shutdown::poweroff : rt::Shutdown::crash);
}

Transferred write(int descriptor, void const* bytes, size_t count) {
    if (!is_console(descriptor))
        return fail(EBADF);
    rt::console_write({static_cast<char const*>(bytes), count});
    return static_cast<Transferred>(count);
}

Transferred read(int descriptor, void* into, size_t count) {
    if (!is_console(descriptor))
        return fail(EBADF);
    return static_cast<Transferred>(rt::console_read({static_cast<char*>(into), count}));
}

int close(int) {
    return fail(EBADF);
}

off_t lseek(int, off_t, int) {
    return fail(ESPIPE);
}

int fstat(int descriptor, struct stat* status) {
    if (!is_console(descriptor))
        return fail(EBADF);
    *status = {};
    status->st_mode = S_IFCHR;
    return 0;
}

int isatty(int descriptor) {
    return is_console(descriptor) ? 1 : 0;
}

pid_t getpid() {
    return 1;
}

// abort() and raise() come here: the only process there is ends.
int kill(pid_t, int) {
    rt::panic("a signal was raised");
}

int gettimeofday(struct timeval* into, void*) {
    Nanos const instant = rt::wall_clock();
    into->tv_sec = static_cast<time_t>(instant / rt::second);
    into->tv_usec = static_cast<suseconds_t>(instant % rt::second / rt::microsecond);
    return 0;
}

}  // extern "C"
