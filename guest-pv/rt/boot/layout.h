/* SPDX-License-Identifier: MIT */
/* The guest's address space, for C++, assembly and linker script:
 *
 *   0              nothing: null pointers fault
 *   4 MiB          linear map: image, builder's pages, all other RAM, in
 *                  pseudo-physical order
 *   512 GiB        windows onto frames of devices and of other domains
 *   1 TiB          heap
 *   2^47 ...       the hypervisor's range, among it the M2P table
 */
#define RT_LINEAR_BASE 0x400000
#define RT_WINDOW_BASE 0x8000000000
#define RT_HEAP_BASE 0x10000000000
#define RT_HEAP_END 0x18000000000
