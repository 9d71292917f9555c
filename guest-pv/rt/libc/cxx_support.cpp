// SPDX-License-Identifier: MIT
// What compiled C++ expects of its run-time library. There are no exceptions:
// what would throw ends the guest with the reason and a call trace, but for memory
// that a reserve still has (memory/reserve.hpp).
#include <functional>
#include <memory>
#include <new>

#include "guest-pv/rt/memory/heap.hpp"
#include "guest-pv/rt/memory/refusal.hpp"
#include "guest-pv/rt/memory/reserve.hpp"
#include "guest-pv/rt/power.hpp"
#include "kernel/base/types.hpp"

namespace {

void* try_allocate(usize bytes, void const* frame) {
    return rt::is_refused(frame) ? nullptr : rt::heap::allocate(bytes);
}

void* allocate(usize bytes, void const* frame) {
    void* memory = try_allocate(bytes, frame);
    if (memory == nullptr)
        memory = rt::reserve::take(bytes, rt::place_of(frame));
    if (memory == nullptr)
        rt::panic(rt::reserve_bytes == 0 ? "out of memory"
                                         : "out of memory, and the reserve has too little left");
    return memory;
}

void release(void* memory) {
    if (!rt::reserve::give_back(memory))
        rt::heap::free(memory);
}

}  // namespace

void* operator new(usize bytes) {
    return allocate(bytes, __builtin_frame_address(0));
}
void* operator new[](usize bytes) {
    return allocate(bytes, __builtin_frame_address(0));
}
// For what may be large and can be done without: never of the reserve.
void* operator new(usize bytes, std::nothrow_t const&) noexcept {
    return try_allocate(bytes, __builtin_frame_address(0));
}
void* operator new[](usize bytes, std::nothrow_t const&) noexcept {
    return try_allocate(bytes, __builtin_frame_address(0));
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, usize) noexcept {
    release(memory);
}
void operator delete[](void* memory, usize) noexcept {
    release(memory);
}

extern "C" {
void* __dso_handle = nullptr;

// Objects of static storage live as long as the guest: at its end there is
// nothing to give back to anybody, and no order in which that would be safe.
int __cxa_atexit(void (*)(void*), void*, void*) {
    return 0;
}

[[noreturn]] void __cxa_pure_virtual() {
    rt::panic("pure virtual function called");
}
}

namespace std {

nothrow_t const nothrow{};

// Asked where type information would tell; there is none.
bool _Sp_make_shared_tag::_S_eq(type_info const&) noexcept {
    return false;
}

[[noreturn]] void __throw_length_error(char const* what) {
    rt::panic(what);
}
[[noreturn]] void __throw_logic_error(char const* what) {
    rt::panic(what);
}
[[noreturn]] void __throw_out_of_range(char const* what) {
    rt::panic(what);
}
[[noreturn]] void __throw_invalid_argument(char const* what) {
    rt::panic(what);
}
[[noreturn]] void __throw_out_of_range_fmt(char const* format, ...) {
    rt::panic(format);
}
[[noreturn]] void __throw_bad_function_call() {
    rt::panic("an empty function was called");
}
[[noreturn]] void __throw_bad_alloc() {
    rt::panic("out of memory");
}
[[noreturn]] void __throw_bad_array_new_length() {
    rt::panic("an array would be too large");
}

}  // namespace std
