// SPDX-License-Identifier: MIT
// The smallest guest: says hello and powers off when main() returns.
#include <cstdio>

int main() {
    std::puts("Hello from a Granite guest");
    return 0;
}
