/* SPDX-License-Identifier: MIT */
/* How lwIP is built for guests: no operating system below, its callbacks
 * instead of sockets above, all memory from the C library's heap. */
#ifndef GUEST_PV_NET_LWIPOPTS_H
#define GUEST_PV_NET_LWIPOPTS_H

/* One thread calls the stack. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_DHCP 1
#define LWIP_DNS 0
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 1
#define LWIP_NETIF_HOSTNAME 1

/* Windows for a path without loss and with a peer on the same machine. */
#define TCP_MSS 1460
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 2
#define TCP_WND (128 * 1024)
#define TCP_SND_BUF (128 * 1024)
#define TCP_SND_QUEUELEN (4 * TCP_SND_BUF / TCP_MSS)
/* Where a connection's numbers begin must not be guessed from the last one's. */
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) lwip_port_random()

/* Wait with more until so much is free; lwIP counts that in 16 bits. */
#define TCP_SNDLOWAT (32 * 1024)
/* A peer behind address translation uses a port again within seconds. lwIP then
   answers its SYN with an acknowledgement and ignores the reset that follows,
   for as long as the old connection is in TIME-WAIT (twice this, in ms). */
#define TCP_MSL 250
#define TCP_LISTEN_BACKLOG 1
#define TCP_DEFAULT_LISTEN_BACKLOG 255

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_CHKSUM_ALGORITHM 3
#define LWIP_STATS 0

#endif
