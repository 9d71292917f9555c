// SPDX-License-Identifier: MIT
// Grants as the monitor shows them: what is offered, and who has it mapped.
#include <catch2/catch_test_macros.hpp>

#include <cstring>
#include <string>

#include "kernel/base/format.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

constexpr u64 argument_va = 0x10000;
constexpr u32 ref = 9;

std::string ask(std::string_view question) {
    return std::string{host::ask_monitor(question).text()};
}
bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

// Domain 1 offers a page to domain 2.
class Offer {
    alignas(page_size) std::array<std::byte, page_size> argument_{};

  public:
    host::TestDomain granter{1}, mapper{2};
    Mfn const frame = granter.new_frame();

    explicit Offer(u16 flags) {
        host::guest().map(Vaddr{argument_va}, argument_.data(), page_size);
        REQUIRE(granter->grants.lock()->grow(1, granter->memory).has_value());
        entry() = {flags, 2, static_cast<u32>(frame.raw())};
    }
    ~Offer() { host::guest().clear(); }
    Offer(Offer const&) = delete;

    grant_entry_v1_t& entry() {
        return machine::frame_as<grant_entry_v1_t>(granter->grants.lock()->frame(0))[ref];
    }
    template <class T>
    T call(u64 op, T request) {
        std::memcpy(argument_.data(), &request, sizeof request);
        hypercall::Args args{op, argument_va, 1};
        REQUIRE(hypercall::dispatch(mapper.vcpu(), __HYPERVISOR_grant_table_op, args).value == 0);
        std::memcpy(&request, argument_.data(), sizeof request);
        return request;
    }
    grant_handle_t map(u32 flags) {
        auto const done = call(GNTTABOP_map_grant_ref, gnttab_map_grant_ref_t{.host_addr = 0,
                                                                              .flags = flags,
                                                                              .ref = ref,
                                                                              .dom = 1,
                                                                              .status = 0,
                                                                              .handle = 0,
                                                                              .dev_bus_addr = 0});
        REQUIRE(done.status == GNTST_okay);
        return done.handle;
    }
    void unmap(grant_handle_t handle) {
        auto const done =
            call(GNTTABOP_unmap_grant_ref,
                 gnttab_unmap_grant_ref_t{
                     .host_addr = 0, .dev_bus_addr = maddr_of(frame).raw(), .handle = handle, .status = 0});
        REQUIRE(done.status == GNTST_okay);
    }
};

}  // namespace

TEST_CASE("a grant is shown with what it offers, and nobody who uses it") {
    Offer offer{GTF_permit_access};
    CHECK(contains(ask("grants 1 -j"), R"("dom":1,"ref":"0x9","peer":2)"));
    CHECK(contains(ask("grants 1 -j"), R"("offers":"write")"));
    CHECK(contains(ask("grants 1 -j"), R"("mapped_by":"-")"));
    offer.entry().flags |= GTF_readonly;
    CHECK(contains(ask("grants 1 -j"), R"("offers":"read")"));
    offer.entry().flags = GTF_accept_transfer;
    CHECK(contains(ask("grants 1 -j"), R"("offers":"transfer")"));
    offer.entry().flags = GTF_transitive;
    CHECK(contains(ask("grants 1 -j"), R"("offers":"?")"));
    offer.entry().flags = GTF_invalid;
    CHECK(contains(ask("grants 1 -j"), R"("rows":0)"));
}

TEST_CASE("a grant in use is shown as it was when the use began, with who maps it") {
    Offer offer{GTF_permit_access};
    auto const writing = offer.map(GNTMAP_device_map);
    offer.entry().frame = 0;
    auto shown = ask("grants -j");
    std::array<char, 40> buffer;
    CHECK(contains(shown, ::text::format_to(buffer, "\"mfn\":\"{:#x}\"", offer.frame)));
    CHECK(contains(shown, R"("host_r":0,"host_w":0,"dev_r":0,"dev_w":1,"mapped_by":"d2 handle 0x)"));
    offer.entry().frame = static_cast<u32>(offer.frame.raw());
    auto const reading = offer.map(GNTMAP_device_map | GNTMAP_readonly);
    shown = ask("grants -j");
    CHECK(contains(shown, R"("dev_r":1,"dev_w":1)"));
    CHECK(contains(shown, " and 1 more"));
    offer.unmap(writing);
    offer.unmap(reading);
}

TEST_CASE("maptrack shows each handle, its rights and the room there is") {
    Offer offer{GTF_permit_access};
    auto const handle = offer.map(GNTMAP_device_map | GNTMAP_readonly);
    auto const text = ask("maptrack 2 -j");
    CHECK(contains(text, R"("granter":1,"ref":"0x9")"));
    CHECK(contains(text, R"("host":0,"device":1,"rights":"read")"));
    CHECK(contains(ask("maptrack 2"), "d2 has room for "));
    offer.unmap(handle);
    CHECK(contains(ask("maptrack 2 -j"), R"("rows":0)"));
}

TEST_CASE("a frame is shown with the grant and the handle that refer to it") {
    Offer offer{GTF_permit_access};
    std::array<char, 40> buffer;
    std::string const question{::text::format_to(buffer, "frames {:#x}", offer.frame)};
    CHECK(contains(ask(question), "nobody refers to it"));
    auto const handle = offer.map(GNTMAP_device_map);
    auto const shown = ask(question);
    CHECK(contains(shown, "grant 0x9 to d2"));
    CHECK(contains(shown, "on d1 grant 0x9"));
    CHECK(contains(ask("audit"), "audit: ok"));
    offer.unmap(handle);
}
