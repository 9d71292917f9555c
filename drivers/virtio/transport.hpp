// SPDX-License-Identifier: MIT
// A virtio 1.x device behind PCI: its structures, found by capabilities that
// are checked like anything hardware says, and the steps by which device and
// driver come to terms (VIRTIO 1.2, 3.1 and 4.1).
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/pci/function.hpp"
#include "drivers/virtio/regs.hpp"
#include "drivers/virtio/split_ring.hpp"

namespace virtio {

inline constexpr u16 most_places = 256;  // of a queue, whatever the device offers

class Transport {
  public:
    // Errno::nodev: no device of version 1, or one whose structures are not
    // where they can be. Memory space is enabled afterwards.
    static Result<Transport> find(pci::Function const& function);

    // Errno::timedout: the device does not say that it has been.
    Result<> reset() const;
    // After reset(): the driver is here. What the device offers.
    [[nodiscard]] u64 greet() const;
    // Errno::opnotsupp: the device does not want to work so.
    Result<> accept(u64 features) const;
    void run() const { add_status(DeviceStatus::DRIVER_OK::of(1)); }

    [[nodiscard]] io::Bits<DeviceStatus> status() const { return common_.read<DeviceStatus>(); }

    // Between accept() and run(). Zero: there is no such queue.
    [[nodiscard]] u16 queue_size(u16 queue) const;
    Result<> enable_queue(u16 queue, SplitRing const& ring, u16 vector);
    Result<> set_config_vector(u16 vector) const;

    // There is something new in an enabled queue.
    void notify(u16 queue) const;

    // The first `bytes` of the device type's configuration; Errno::nodev: it has less.
    [[nodiscard]] Result<io::Mmio> device_config(usize bytes) const;

  private:
    Transport(io::Mmio common, io::Mmio notify, u32 multiplier, io::Mmio device)
        : common_{std::move(common)},
          notify_{std::move(notify)},
          multiplier_{multiplier},
          device_{std::move(device)} {}
    void add_status(io::Bits<DeviceStatus> more) const { common_.write(status() | more); }

    io::Mmio common_;
    io::Mmio notify_;
    u32 multiplier_;
    io::Mmio device_;
    std::vector<io::Mmio> doorbells_;  // by queue
};

}  // namespace virtio
