// SPDX-License-Identifier: MIT
// D12 PT-01 PT-02 PT-08 PT-09 PT-13 PT-17 PT-19 MM-5: two domains update, pin, load and give up tables as
// they like, interrupted at any entry; after each call all types and counts are right
#include "kernel/hypercall/handlers.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/unit/arch/pv/beside_mmu.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

constexpr u64 argument_va = 0x10000;
constexpr u32 guests_at_once = 2, frames_each = 12;

struct Guest {
    machine::VcpuState state;
    Domain domain;
    Vcpu vcpu{domain, VcpuId{0}};
    std::array<Mfn, frames_each> frames{};

    // A small tree that could be pinned, and frames beside it.
    explicit Guest(u16 id) : domain{DomId{id}} {
        domain.memory.max_pages = frames_each;
        vcpu.arch = &state;
        domain.vcpus[0] = &vcpu;
        domain.vcpu_limit = 1;
        for (Mfn& frame : frames)
            frame = *mm::alloc_domain_frames(domain.memory, 0);
        for (u32 i = 0; i < 3; ++i)
            pt::table(frames[i])[0] = pt::entry(frames[i + 1], pt::table_flags);
        pt::table(frames[3])[1] = pt::entry(frames[4], pt::data_flags);
        pt::table(frames[3])[2] = pt::entry(frames[3], pt::readonly_flags);
    }
    ~Guest() {
        domain.vcpus[0] = nullptr;
        state.kernel_root.reset();
        state.user_root.reset();
        fuzz::require(mm::relinquish(domain.memory).has_value(), "all memory comes back");
        state.closing.reset();
        fuzz::require(mm::owns_nothing(domain.memory), "nothing is kept");
    }
    Guest(Guest const&) = delete;
};

class World {
    fuzz::Input& input_;
    alignas(page_size) std::array<std::byte, page_size> argument_{};
    std::array<std::unique_ptr<Guest>, guests_at_once> guests_;

  public:
    explicit World(fuzz::Input& input) : input_{input} {
        host::power_on();
        host::reset_cpu();
        host::guest().clear();
        host::guest().map(Vaddr{argument_va}, argument_.data(), page_size);
        for (u16 id = 0; id < guests_at_once; ++id)
            guests_[id] = std::make_unique<Guest>(static_cast<u16>(id + 1));
    }
    ~World() {
        host::cpu().preempt = nullptr;
        host::guest().clear();
    }
    World(World const&) = delete;

    void step() {
        Guest& guest = *guests_[input_.below(guests_at_once)];
        host::cpu().current = &guest.vcpu;
        host::cpu().preempt = input_.below(4) == 0 ? [] { return true; } : std::function<bool()>{};
        switch (input_.below(8)) {
            case 0:
            case 1:
            case 2:
                update(guest);
                break;
            case 3:
            case 4:
                extended(guest);
                break;
            case 5:
                static_cast<void>(hypercall::update_va_mapping(guest.vcpu, u64{input_.below(4)} << page_shift,
                                                               some_entry(guest), input_.below(5)));
                break;
            default:
                trade(guest);
        }
        audit();
    }

  private:
    // Its own; sometimes another's, or none that there is.
    Mfn some_frame(Guest const& guest) {
        u32 const n = input_.below(32);
        if (n < 30)
            return guest.frames[n % frames_each];
        return n == 30 ? guests_[input_.below(guests_at_once)]->frames[input_.below(frames_each)]
                       : host::hole_start;
    }
    u64 some_entry(Guest const& guest) {
        constexpr std::array flags{pt::table_flags, pt::data_flags, pt::readonly_flags};
        u32 const kind = input_.below(8);
        if (kind == 0)
            return 0;
        if (kind == 1)
            return input_.take<u64>();
        return pt::entry(some_frame(guest), flags[kind % flags.size()]);
    }
    // Runs the call as the dispatcher does, and counts again at each interruption.
    template <class Request, class Call>
    void run(Guest& guest, std::span<Request const> list, Call call) {
        std::memcpy(argument_.data(), list.data(), list.size_bytes());
        std::array<u64, 4> args{argument_va, list.size(), 0, DOMID_SELF};
        for (;;) {
            auto const r = call(guest.vcpu, GuestPtr<Request const>{args[0]}, static_cast<u32>(args[1]),
                                GuestPtr<u32>{args[2]}, static_cast<u32>(args[3]));
            if (r || r.error() != Errno::restart)
                return;
            std::ranges::copy(beside::continued_with, args.begin());
            audit();
        }
    }
    void update(Guest& guest) {
        constexpr std::array<u64, 3> commands{MMU_NORMAL_PT_UPDATE, MMU_PT_UPDATE_PRESERVE_AD,
                                              MMU_MACHPHYS_UPDATE};
        constexpr std::array<u64, 8> slots{0, 1, 2, 3, 255, 256, 271, 511};
        std::array<mmu_update_t, 4> list{};
        for (auto& each : list) {
            u64 const at = maddr_of(some_frame(guest)).raw() + slots[input_.below(slots.size())] * 8;
            each = {at | commands[input_.below(16) % commands.size()], some_entry(guest)};
        }
        run<mmu_update_t>(guest, std::span{list}.first(1 + input_.below(list.size())), hypercall::mmu_update);
    }
    void extended(Guest& guest) {
        constexpr std::array<u32, 7> commands{
            MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE,    MMUEXT_PIN_L4_TABLE,
            MMUEXT_UNPIN_TABLE,  MMUEXT_NEW_BASEPTR,  MMUEXT_NEW_USER_BASEPTR};
        std::array<mmuext_op_t, 2> list{};
        for (auto& each : list) {
            each.cmd = commands[input_.below(commands.size())];
            each.arg1.mfn = some_frame(guest).raw();
        }
        run<mmuext_op_t>(guest, list, hypercall::mmuext_op);
    }
    // Gives a frame up, whatever it is used for, and has another instead when there is room.
    void trade(Guest& guest) {
        Mfn& frame = guest.frames[input_.below(frames_each)];
        PageInfo* const page = mm::page_of(frame);
        if (!page || mm::give_up_frame(*page, guest.domain.memory))
            frame = mm::alloc_domain_frames(guest.domain.memory, 0).value_or(host::hole_start);
    }
    void audit() {
        auto book = mm::AuditBook::open();
        fuzz::require(book.has_value(), "there is memory to count in");
        book->expect_from_all();
        for (auto const& guest : guests_) {
            if (guest->state.closing)
                book->expect(*guest->state.closing, PageType::none);
            for (TypeRef const* const root : {&guest->state.kernel_root, &guest->state.user_root})
                if (*root)
                    book->expect(*mm::page_of(root->mfn()), PageType::l4);
        }
        auto const outcome = book->compare([](auto const& d) {
            std::fprintf(stderr, "frame %#lx: refs %u expected %u, types %u expected %u\n", d.frame.raw(),
                         d.refs, d.refs_expected, d.types, d.types_expected);
        });
        fuzz::require(outcome.wrong == 0, "all counts are right");
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, std::min<usize>(size, 512)};
    World world{input};
    while (!input.empty())
        world.step();
    return 0;
}
