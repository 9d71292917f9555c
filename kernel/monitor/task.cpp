// SPDX-License-Identifier: MIT
#include "kernel/monitor/task.hpp"

#include "kernel/mm/heap.hpp"

namespace monitor {

// One place that asks for memory, whatever command that is for.
[[gnu::noinline]] void* Task::promise_type::operator new(usize bytes) noexcept {
    return mm::heap_alloc(bytes).value_or(nullptr);
}

void Task::promise_type::operator delete(void* p, usize bytes) {
    mm::heap_free(p, bytes);
}

bool Task::lacks_memory() const {
    return lacks_memory_ || (handle_ && handle_.promise().lacks_memory);
}

bool Task::step() {
    if (!handle_ || handle_.done())
        return false;
    promise_type& first = handle_.promise();
    first.slice_began = machine::now();
    for (;;) {
        Handle const working = first.last;
        working.resume();
        if (handle_.done())
            return false;
        if (working.done())
            first.last = working.promise().awaited_by;
        else if (first.last == working)
            return true;
    }
}

}  // namespace monitor
