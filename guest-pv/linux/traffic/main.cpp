// SPDX-License-Identifier: MIT
// The far end of the traffic benchmark in a Linux system:  traffic GENERATOR
#include <array>
#include <chrono>
#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>

#include "guest-pv/linux/traffic/roles.hpp"
#include "guest-pv/linux/traffic/socket.hpp"
#include "guest-pv/traffic/protocol.hpp"

namespace {

// Until a kernel believes that it has gathered enough randomness, every random
// number costs it thousands of instructions. Installed systems keep a seed.
void seed_random_numbers() {
    constexpr int bits = 256;
    struct {
        int entropy_count = bits;
        int buf_size = bits / 8;
        std::array<std::uint8_t, bits / 8> buf{};
    } const seed;
    static_assert(offsetof(decltype(seed), buf) == sizeof(rand_pool_info));
    int const fd = open("/dev/urandom", O_WRONLY);
    roles::must(fd >= 0 && ioctl(fd, RNDADDENTROPY, &seed) == 0, "RNDADDENTROPY");
    close(fd);
}

void start(void (*role)()) {
    auto const child = fork();
    roles::must(child >= 0, "fork");
    if (child == 0)
        role();
}

// What is asked for in between is answered by the roles.
void say_hello(char const* generator) {
    auto to = roles::address(traffic::generator_port, inet_addr(generator));
    auto self = roles::address(traffic::generator_port);
    int const fd = socket(AF_INET, SOCK_DGRAM, 0);
    roles::must(fd >= 0 && bind(fd, roles::generic(self), sizeof self) == 0, "bind");
    // Until the link is up, some are lost or cannot be sent.
    char heard = 0;
    while (recv(fd, &heard, sizeof heard, MSG_DONTWAIT) < 0) {
        static_cast<void>(sendto(fd, nullptr, 0, 0, roles::generic(to), sizeof to));
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    seed_random_numbers();
    for (auto* const role :
         {roles::sink, roles::echo, roles::source, roles::stream_sink, roles::stream_source})
        start(role);
    say_hello(argv[1]);
    for (;;)
        pause();
}
