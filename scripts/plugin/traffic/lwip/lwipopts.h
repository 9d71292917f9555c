/* SPDX-License-Identifier: MIT */
/* How lwIP is built for the traffic generator: one thread, no system below. */
#ifndef TRAFFIC_LWIPOPTS_H
#define TRAFFIC_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_DNS 0
#define ETHARP_SUPPORT_STATIC_ENTRIES 1

/* As much under way as Linux allows itself on a fast network. */
#define TCP_MSS 1460
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 3
#define TCP_WND (256 * 1024)
#define TCP_SND_BUF (256 * 1024)
#define TCP_SND_QUEUELEN (4 * TCP_SND_BUF / TCP_MSS)
#define TCP_SNDLOWAT (32 * 1024)
#define MEMP_NUM_TCP_SEG TCP_SND_QUEUELEN

#define LWIP_CHKSUM_ALGORITHM 3
#define LWIP_STATS 0

#endif
