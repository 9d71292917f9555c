// SPDX-License-Identifier: MIT
// The functions that the compiler, and the parts of the standard library that
// work without an operating system, call.
#include <cstddef>

#include "kernel/machine/console.hpp"

extern "C" {

void* memcpy(void* to, void const* from, std::size_t n) {
    void* const result = to;
    std::size_t words = n / 8;
    std::size_t tail = n % 8;
    asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words)::"memory");
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(tail)::"memory");
    return result;
}

void* memset(void* to, int value, std::size_t n) {
    void* const result = to;
    unsigned long const pattern = 0x0101010101010101ul * static_cast<unsigned char>(value);
    std::size_t words = n / 8;
    std::size_t tail = n % 8;
    asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
    asm volatile("rep stosb" : "+D"(to), "+c"(tail) : "a"(pattern) : "memory");
    return result;
}

void* memmove(void* to, void const* from, std::size_t n) {
    auto* t = static_cast<unsigned char*>(to);
    auto const* f = static_cast<unsigned char const*>(from);
    if (t <= f || t >= f + n)
        return memcpy(to, from, n);
    while (n-- > 0) {
        t[n] = f[n];
        asm volatile("" ::: "memory");  // or the compiler makes this a memmove
    }
    return to;
}

int memcmp(void const* a, void const* b, std::size_t n) {
    auto const* x = static_cast<unsigned char const*>(a);
    auto const* y = static_cast<unsigned char const*>(b);
    for (std::size_t i = 0; i < n; ++i) {
        asm volatile("" ::: "memory");
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    }
    return 0;
}

void* memchr(void const* s, int value, std::size_t n) {
    auto const* p = static_cast<unsigned char const*>(s);
    for (std::size_t i = 0; i < n; ++i)
        if (p[i] == static_cast<unsigned char>(value))
            return const_cast<unsigned char*>(p + i);
    return nullptr;
}

std::size_t strlen(char const* s) {
    std::size_t n = 0;
    for (; s[n] != 0; ++n)
        asm volatile("" ::: "memory");  // or the compiler makes this a strlen
    return n;
}

// What the standard library's checks end in: only a bug of ours gets here.
[[noreturn]] void abort() {
    machine::panic("the standard library found a broken promise");
}

}  // extern "C"

namespace std {
[[noreturn]] void __throw_out_of_range_fmt(char const* format, ...) {
    machine::panic(format);
}
}  // namespace std
