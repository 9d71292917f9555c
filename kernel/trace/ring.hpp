// SPDX-License-Identifier: MIT
// The last events of one CPU. It alone writes, with interrupts off; others read
// meanwhile and take back what was overwritten while they looked. Nobody waits.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <span>

#include "kernel/trace/event.hpp"

namespace trace {

class Ring {
  public:
    class Slot {
        std::array<std::atomic<u64>, 4> words_{};

      public:
        // Kind and who in one word, and back.
        static constexpr u64 head_of(Kind kind, Who who) {
            return u64{who.domain} << 32 | u64{who.vcpu} << 16 | static_cast<u8>(kind);
        }
        static constexpr Kind kind_in(u64 head) { return static_cast<Kind>(head & 0xff); }
        static constexpr Who who_in(u64 head) {
            return {static_cast<u16>(head >> 32), static_cast<u16>(head >> 16)};
        }
        void put(Event const& e) {
            std::array<u64, 4> const words{static_cast<u64>(e.time), head_of(e.kind, e.who), e.a, e.b};
            for (usize i = 0; i < words.size(); ++i)
                words_[i].store(words[i], std::memory_order_relaxed);
        }
        [[nodiscard]] Event get() const {
            auto const word = [this](usize i) { return words_[i].load(std::memory_order_relaxed); };
            u64 const head = word(1);
            return {.time = static_cast<Nanos>(word(0)),
                    .kind = kind_in(head),
                    .who = who_in(head),
                    .a = word(2),
                    .b = word(3)};
        }
    };

    struct Page {
        std::array<Slot, page_size / sizeof(Slot)> slots;
    };
    static_assert(sizeof(Page) == page_size);
    static constexpr usize events_in_page = page_size / sizeof(Slot);

    // They may be put there later, but before the first event.
    explicit Ring(std::span<Page* const> pages) : pages_{pages} {}

    // How many slots there are.
    [[nodiscard]] u64 size() const { return pages_.size() * events_in_page; }

    void write(Event const& e) {
        u64 const n = written_.load(std::memory_order_relaxed);
        // Who sees a part of this event sees also that the one before is there,
        // and so that the place of this one is no longer to be trusted.
        std::atomic_thread_fence(std::memory_order_release);
        slot(n).put(e);
        written_.store(n + 1, std::memory_order_release);
    }

    // Events are numbered from 0 on; this is the number of the next one.
    [[nodiscard]] u64 written() const { return written_.load(std::memory_order_acquire); }
    // The oldest that read() may still find.
    [[nodiscard]] u64 oldest() const {
        u64 const end = written(), kept = size() - 1;
        return end > kept ? end - kept : 0;
    }
    // None: overwritten, or not written yet.
    [[nodiscard]] std::optional<Event> read(u64 number) const {
        if (number >= written())
            return {};
        Event const e = slot(number).get();
        std::atomic_thread_fence(std::memory_order_acquire);
        if (number < oldest())
            return {};
        return e;
    }

  private:
    [[nodiscard]] Slot& slot(u64 number) const {
        u64 const at = number % size();
        return pages_[at / events_in_page]->slots[at % events_in_page];
    }

    std::span<Page* const> pages_;
    std::atomic<u64> written_{0};
};

}  // namespace trace
