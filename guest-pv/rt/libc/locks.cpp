// SPDX-License-Identifier: MIT
// The C library's locks. A thread can sleep inside stdio, when the console's
// ring is full, and must find its stream as it left it. All locks may be
// taken again by their holder, which also serves those that need not.
#include <sys/lock.h>

#include "guest-pv/rt/thread/mutex.hpp"
#include "guest-pv/rt/thread/scheduler.hpp"

struct __lock {
    rt::Thread const* holder = nullptr;
    unsigned depth = 0;
    rt::WaitQueue waiters;
};

namespace {

bool is_free_for(__lock const& lock, rt::Thread const* thread) {
    return lock.depth == 0 || lock.holder == thread;
}

void acquire(__lock& lock) {
    auto const* self = rt::scheduler().running();
    // Outside of threads, in handlers and last words, nobody else can run.
    while (!is_free_for(lock, self) && rt::scheduler().may_block())
        lock.waiters.wait();
    lock.holder = self;
    lock.depth++;
}

void release(__lock& lock) {
    if (--lock.depth == 0)
        lock.waiters.wake_one();
}

}  // namespace

extern "C" {

__lock __lock___sinit_recursive_mutex;
__lock __lock___sfp_recursive_mutex;
__lock __lock___atexit_recursive_mutex;
__lock __lock___at_quick_exit_mutex;
__lock __lock___malloc_recursive_mutex;
__lock __lock___env_recursive_mutex;
__lock __lock___tz_mutex;
__lock __lock___dd_hash_mutex;
__lock __lock___arc4random_mutex;

void __retarget_lock_init(_LOCK_T* lock) {
    *lock = new __lock;
}
void __retarget_lock_init_recursive(_LOCK_T* lock) {
    *lock = new __lock;
}
void __retarget_lock_close(_LOCK_T lock) {
    delete lock;
}
void __retarget_lock_close_recursive(_LOCK_T lock) {
    delete lock;
}
void __retarget_lock_acquire(_LOCK_T lock) {
    acquire(*lock);
}
void __retarget_lock_acquire_recursive(_LOCK_T lock) {
    acquire(*lock);
}
void __retarget_lock_release(_LOCK_T lock) {
    release(*lock);
}
void __retarget_lock_release_recursive(_LOCK_T lock) {
    release(*lock);
}

}  // extern "C"
