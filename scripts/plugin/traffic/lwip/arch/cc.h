/* SPDX-License-Identifier: MIT */
/* What lwIP wants to know of its compiler: this machine's own. */
#ifndef TRAFFIC_LWIP_CC_H
#define TRAFFIC_LWIP_CC_H

#include <stdio.h>
#include <stdlib.h>

#define LWIP_PLATFORM_DIAG(arguments) \
    do {                              \
        printf arguments;             \
    } while (0)
#define LWIP_PLATFORM_ASSERT(message)                    \
    do {                                                 \
        fprintf(stderr, "traffic: lwIP: %s\n", message); \
        abort();                                         \
    } while (0)
/* The same in every run. */
#define LWIP_RAND() 4u

#endif
