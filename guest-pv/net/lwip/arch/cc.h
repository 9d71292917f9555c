/* SPDX-License-Identifier: MIT */
/* What lwIP wants to know of compiler and system. */
#ifndef GUEST_PV_NET_LWIP_ARCH_CC_H
#define GUEST_PV_NET_LWIP_ARCH_CC_H

#include <stdint.h>
#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t lwip_port_random(void);
void lwip_port_assert(char const* message);

#ifdef __cplusplus
}
#endif

/* The limit that tells lwIP the system has ssize_t; newlib leaves it out. */
#ifndef SSIZE_MAX
#define SSIZE_MAX INT64_MAX
#endif

#ifndef BYTE_ORDER
#define BYTE_ORDER LITTLE_ENDIAN
#endif
#define LWIP_RAND() lwip_port_random()
#define LWIP_PLATFORM_ASSERT(message) lwip_port_assert(message)

#endif
