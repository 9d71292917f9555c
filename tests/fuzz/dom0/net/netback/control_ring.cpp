// SPDX-License-Identifier: MIT
// NB-01 NB-02 NB-10: any requests on a control ring: each answered, and no page stays mapped
#include "dom0/net/netback/control_ring.hpp"

#include "dom0/net/netback/grant_copies.hpp"
#include "drivers/net/pool.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

class Guest {
    fuzz::Input& input_;
    guest::RingPage<xen_netif_ctrl_request, xen_netif_ctrl_response, 128> page_;
    std::unique_ptr<nic::PacketPool> pool_ = std::move(*nic::PacketPool::create(1));
    GrantCopies copies_{{DomId{7}, guest::copy}};
    StaticGrants first_{DomId{7}, guest::map}, second_{DomId{7}, guest::map};
    ControlRing ring_{page_.bytes.data(), copies_, pool_->take(), {&first_, &second_}};

  public:
    explicit Guest(fuzz::Input& input) : input_{input} {
        guest::failing.clear();
        guest::pages.clear();
        for (u32 ref = 1; ref <= 8; ++ref)
            guest::pages[ref] = {};
    }
    // False: it is cut off.
    bool step() {
        if (input_.below(32) == 0)
            page_.indexes().req_prod = input_.take<u32>();
        list();
        page_.request({.id = input_.take<u16>(),
                       .type = static_cast<u16>(input_.below(12)),
                       .data = {input_.below(3), 1 + input_.below(9), input_.take<u16>() % 600U}});
        u32 const answered = page_.indexes().rsp_prod;
        auto const served = ring_.serve();
        if (!served)
            return false;
        fuzz::require(page_.indexes().rsp_prod - answered <= ControlRing::batch, "a few at a time");
        fuzz::require(first_.count() + second_.count() >= guest::mapped.size(),
                      "what is mapped was declared");
        return true;
    }

  private:
    void list() {
        std::array<xen_netif_gref, 8> entries{};
        for (auto& entry : entries)
            entry = {.ref = input_.below(12), .flags = static_cast<u16>(input_.below(3)), .status = 0};
        auto& page = guest::pages[1 + input_.below(2)];
        std::memcpy(page.data(), entries.data(), sizeof entries);
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    guest::mapped.clear();
    {
        Guest guest{input};
        while (!input.empty() && guest.step()) {
        }
    }
    fuzz::require(guest::mapped.empty(), "no page stays mapped");
    return 0;
}
