// SPDX-License-Identifier: MIT
// ND-1 ND-2 ND-3: a card of any driver writes what it likes about its work, hangs and vanishes: frames stay
// within their buffers, and all buffers come back
#include "drivers/net/card.hpp"

#include "drivers/io/clock.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/host/net/rigs.hpp"

namespace {

constexpr usize buffers = 700, longest_frame = 20'000;

void lie(fuzz::Input& input, devices::IgbRig& rig) {
    rig.chip.write_back(input.take<u64>());
}
void lie(fuzz::Input& input, devices::E1000eRig& rig) {
    rig.chip.write_back(input.take<u64>());
}
void lie(fuzz::Input& input, devices::VirtioNetRig& rig) {
    rig.chip.give_back(static_cast<u16>(input.below(3)), input.take<u16>(), input.take<u32>());
}

template <class Rig>
class Machine {
    fuzz::Input& input_;
    Rig rig_;
    nic::PacketPool& pool_;
    std::unique_ptr<nic::Nic> card_;

  public:
    Machine(fuzz::Input& input, nic::PacketPool& pool) : input_{input}, pool_{pool} {
        devices::pci_space() = Rig::pci();
        if (auto found = Rig::probe(pci::Function{{0, 2, 0}}, pool_, [](u16) {}))
            card_ = std::move(*found);
    }
    ~Machine() {
        card_.reset();
        fuzz::require(pool_.free() == pool_.size(), "every buffer comes back");
    }
    Machine(Machine const&) = delete;

    void step() {
        switch (input_.below(8)) {
            case 0:
            case 1:
                rig_.wire(std::vector<std::byte>(60 + input_.take<u16>() % longest_frame));
                break;
            case 2:
                lie(input_, rig_);
                break;
            case 3:
                transmit();
                break;
            case 4:
                misbehave();
                break;
            case 5:
                devices::advance_clock(input_.below(70) * io::second);
                card_->tick(io::now());
                break;
            default:
                receive();
        }
    }

  private:
    void misbehave() {
        u32 const how = input_.below(32);
        rig_.chip.sends = (how & 1) != 0;
        rig_.chip.vanished = (how & 6) == 6;
        rig_.chip.reset_hangs = (how & 24) == 24;
        rig_.chip.set_link((how & 8) == 0);
    }
    void transmit() {
        auto packet = pool_.take();
        if (!packet)
            return;
        packet->length = static_cast<u16>(60 + input_.take<u16>() % (nic::buffer_bytes - 60));
        if (auto behind = pool_.take(); behind && input_.below(2) == 0) {
            behind->length = static_cast<u16>(1 + input_.below(200));
            packet->append(std::move(behind));
        }
        std::array<nic::PacketRef, 1> out{std::move(packet)};
        card_->transmit(0, out);
    }
    void receive() {
        std::array<nic::PacketRef, 8> into;
        u32 const count = card_->receive(0, into);
        for (u32 i = 0; i < count; ++i) {
            fuzz::require(into[i] && into[i]->total() != 0, "a frame is one");
            for (nic::Packet const* p = &*into[i]; p != nullptr; p = p->next())
                fuzz::require(p->headroom() + p->length <= nic::buffer_bytes, "a buffer holds what is in it");
        }
        card_->arm(0);
    }
};

template <class Rig>
void run(fuzz::Input& input) {
    static auto const pool = std::move(*nic::PacketPool::create(buffers));
    Machine<Rig> machine{input, *pool};
    while (!input.empty())
        machine.step();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, std::min<usize>(size, 1024)};
    switch (input.below(3)) {
        case 0:
            run<devices::IgbRig>(input);
            break;
        case 1:
            run<devices::E1000eRig>(input);
            break;
        default:
            run<devices::VirtioNetRig>(input);
    }
    return 0;
}
