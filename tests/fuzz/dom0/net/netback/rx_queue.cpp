// SPDX-License-Identifier: MIT
// NB-01 NB-06 NB-07 NB-09: a guest posts any pages, or says it has; frames for it are answered or dropped,
// and none of their buffers is lost
#include "dom0/net/netback/rx_queue.hpp"

#include "dom0/net/netback/grant_copies.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

class Guest {
    fuzz::Input& input_;
    guest::RxRing page_;
    Counters counters_;
    GrantCopies copies_{{DomId{7}, guest::copy}};
    nic::PacketPool& pool_;
    RxQueue queue_{page_.bytes.data(), copies_, pool_, counters_};
    Nanos now_ = 1;

  public:
    Guest(fuzz::Input& input, nic::PacketPool& pool) : input_{input}, pool_{pool} {
        guest::pages.clear();
        guest::failing.clear();
        for (u32 ref = 1; ref <= 4; ++ref)
            guest::pages[ref] = {};
    }
    // False: it is cut off.
    bool step() {
        switch (input_.below(8)) {
            case 0:
                page_.indexes().req_prod = input_.take<u32>();
                break;
            case 1:
                page_.indexes().rsp_event = input_.take<u32>();
                break;
            case 2:
                guest::failing = {input_.below(40)};
                break;
            case 3:
            case 4:
                post(input_.below(64));
                break;
            case 5:
                return flush();
            default:
                frame();
        }
        return true;
    }

  private:
    void post(u32 count) {
        while (count-- != 0)
            page_.request({.id = input_.take<u16>(), .pad = 0, .gref = input_.below(6)});
    }
    bool flush() {
        now_ += input_.take<u32>();
        u32 const before = page_.indexes().rsp_prod;
        if (!queue_.flush(now_))
            return false;
        fuzz::require(page_.indexes().rsp_prod - before <= RxQueue::Ring::size, "answers fit their ring");
        fuzz::require(queue_.waiting() <= RxQueue::backlog_size, "what waits is bounded");
        return queue_.arm().has_value();
    }
    void frame() {
        auto packet = pool_.take();
        if (!packet)
            return;
        packet->length = static_cast<u16>(60 + input_.take<u16>() % (nic::buffer_bytes - 60));
        packet->segment_bytes = input_.below(2) == 0 ? u16{1448} : u16{0};
        packet->checksum = static_cast<nic::Checksum>(input_.below(3));
        for (u32 more = input_.below(20); more != 0; --more)
            if (auto behind = pool_.take()) {
                behind->length = nic::buffer_bytes;
                packet->append(std::move(behind));
            }
        if (packet->total() <= nic::largest_frame)
            queue_.enqueue(std::move(packet));
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    static auto const pool = std::move(*nic::PacketPool::create(256));
    {
        Guest guest{input, *pool};
        while (!input.empty() && guest.step()) {
        }
    }
    fuzz::require(pool->free() == pool->size(), "every buffer comes back");
    return 0;
}
