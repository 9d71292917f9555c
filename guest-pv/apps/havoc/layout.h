/* SPDX-License-Identifier: MIT */
/* A worker's stack is as large as it is aligned. Its lowest word says whose it is. */
#define HAVOC_STACK_SIZE 32768
