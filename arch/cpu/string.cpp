// SPDX-License-Identifier: MIT
// The four functions that the compiler may call for itself.
#include <cstddef>

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

}  // extern "C"
