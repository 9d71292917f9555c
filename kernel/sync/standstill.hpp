// SPDX-License-Identifier: MIT
// Stopping the world for a look at it. While a Standstill lives, every other
// CPU waits where nothing is half done, so that what is counted in many places
// can be compared. Others are only delayed: keep it short.
#pragma once

class Standstill {
  public:
    // Waits until all others stand. Hold no lock: they may need it to get there.
    Standstill();
    ~Standstill();
    Standstill(Standstill const&) = delete;
    Standstill& operator=(Standstill const&) = delete;

    // Where nothing is half done: between two guest entries, while idle, and in
    // loops that wait for another CPU to get there. Waits while another CPU has
    // the world stopped.
    static void stand_if_asked();
};
