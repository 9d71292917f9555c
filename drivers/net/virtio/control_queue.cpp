// SPDX-License-Identifier: MIT
// One command, and the answer.
#include "drivers/net/virtio/control_queue.hpp"

#include "drivers/io/clock.hpp"

namespace nic::virtio_net {

namespace {

constexpr Nanos answer_limit = 100 * io::millisecond;

struct Message {
    Command command;
    u16 argument;
    u8 answer;
};

// A state is one byte, a number of pairs two.
constexpr u32 argument_bytes(Command command) {
    return command == Command::set_pairs ? 2 : 1;
}

}  // namespace

Result<ControlQueue> ControlQueue::create(u16 size) {
    auto ring = TRY(virtio::SplitRing::create(size));
    return ControlQueue{std::move(ring), TRY(io::DmaMemory::allocate(sizeof(Message)))};
}

Result<> ControlQueue::command(virtio::Transport const& transport, u16 index, Command command, u16 argument) {
    Message& message = message_.memory().as<Message>()[0];
    message = {command, argument, u8(~command_done)};
    Maddr const at = message_.memory().maddr();
    std::array<virtio::Piece, 3> const chain{{
        {at + offsetof(Message, command), sizeof message.command, false},
        {at + offsetof(Message, argument), argument_bytes(command), false},
        {at + offsetof(Message, answer), sizeof message.answer, true},
    }};
    if (ring_.room() < chain.size())
        return Fail{Errno::nospc};
    ring_.add(chain);
    if (ring_.publish())
        transport.notify(index);
    if (!io::wait_until([&] { return ring_.pending(); }, answer_limit))
        return Fail{Errno::timedout};
    if (!ring_.take() || io::load_once(message.answer) != command_done)
        return Fail{Errno::io};
    return {};
}

}  // namespace nic::virtio_net
