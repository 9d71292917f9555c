# SPDX-License-Identifier: MIT
# Granite's build. `make help` lists the targets; everything lands in build/.
#
# Four programs are built here, each by the build.mk of its own folder:
#   hypervisor   arch/build.mk       freestanding, no SSE, position independent
#   guests       guest-pv/build.mk   PV guests on newlib: kit, samples
#   driver dom.  dom0/build.mk       a PV guest with drivers and a toolstack
#   tests        tests/build.mk      host unit tests, guest tests, system tests

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
# All of this machine's processors, unless it was said how many.
ifeq ($(filter -j% --jobs%,$(MAKEFLAGS))$(findstring jobserver,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SUFFIXES:
# Objects that only an archive or a link needs are kept.
.SECONDARY:
.DEFAULT_GOAL := all

V ?= 0
Q := $(if $(filter 1,$(V)),,@)
B ?= build

# make's own defaults count as set for ?=, and vanish with the builtins.
tool = $(if $(filter default undefined,$(origin $(1))),$(eval $(1) := $(2)))
$(call tool,CXX,g++)$(call tool,CC,gcc)$(call tool,LD,ld)$(call tool,AR,ar)
OBJCOPY ?= objcopy
NM ?= nm
PYTHON ?= /usr/bin/python3

SETUP_STAMP := $(B)/.setup

# What all C++ of this project is compiled with, whatever it runs on. The ABI
# headers are system headers: their warnings are not ours.
ABI_DEFS := -D__XEN_INTERFACE_VERSION__=0x00040e00
WARN := -Wall -Wextra -Werror -Wshadow -Wconversion -Wnon-virtual-dtor \
        -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Wvla
# GCC 13 and later see uninitialized errors in every std::expected<void, E>.
WARN += -Wno-maybe-uninitialized
STD := -std=gnu++23
COMMON := $(STD) $(WARN) $(ABI_DEFS) -I. -MMD -MP -g

say = @printf '  %-6s %s\n' '$(1)' '$(2)'

.PHONY: all help setup run test unit system soak bench iso gdb clean
.PHONY: check check-format check-layers check-headers check-code check-invariants check-models invariants

# Set-up comes before everything else: make remakes a missing or old stamp and
# then reads the makefiles again, this time with compiler and packages there.
ifneq ($(filter-out help clean setup invariants,$(or $(MAKECMDGOALS),all)),)
include $(SETUP_STAMP)
endif

$(SETUP_STAMP): scripts/setup scripts/packages.txt
	$(Q)B=$(B) scripts/setup

ifneq ($(wildcard $(SETUP_STAMP)),)
include arch/build.mk
include guest-pv/build.mk
include dom0/build.mk
include guest-pv/linux/build.mk
include scripts/build.mk
include tests/build.mk
include tests/seeds/build.mk
include tests/fuzz/build.mk
include tests/coverage.mk
endif

all: hypervisor guests driver-domain linux-programs host-tools

help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

#: make             build all into build/
#: make run         set up, build, and boot the demo on this terminal
#: make test        set up, build, run every test
#: make unit        host unit tests only
#: make system      system tests in QEMU only
#: make soak        boots, traffic and stress of Linux guests, for hours
#: make fuzz        fuzzers, SECONDS=60 each; T=name narrows them
#: make fuzz-goal   fuzzers, until each has had its millions of inputs
#: make coverage    lines and branches of the portable core that tests reach
#: make bench       count what services cost, here and on Debian's Xen
#: make check       format, layering, headers alone, static analysis, invariants, models
#: make invariants  what must hold whatever happens, and the tests of each row
#: make iso         one image that boots by BIOS and by UEFI: build/granite.iso
#: make gdb         boot under a debugger, see scripts/gdb
#: make seeded      programs with known mistakes in them, see tests/seeds
#: make clean       remove build/
#:
#: V=1 shows the commands; T=name narrows unit and system tests;
#: ARGS="..." adds options to `scripts/granite run` in make run and make gdb.

setup:
	$(Q)B=$(B) scripts/setup

CHECKED := $(shell git ls-files '*.cpp' '*.hpp')

# cppcheck is asked only for what it is sure of. What a compiler with warnings
# as errors says is not repeated.
CPPCHECK := cppcheck -q -j2 --std=c++20 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
            --suppressions-list=scripts/cppcheck-suppressions.txt --template=gcc -I. $(ABI_DEFS)

check: check-format check-layers check-headers check-code check-invariants check-models

check-format:
	$(call say,CHECK,format)
	$(Q)clang-format --dry-run --Werror $(CHECKED)

check-layers:
	$(call say,CHECK,layers)
	$(Q)scripts/check-layers

check-headers: $(SYSROOT_STAMP) $(LWIP_STAMP)
	$(call say,CHECK,each header alone)
	$(Q)scripts/check-headers '$(CXX) $(filter-out -MMD -MP,$(UNIT_FLAGS))' \
	    '$(CXX) $(filter-out -MMD -MP,$(GUEST_FLAGS)) $(LWIP_INCLUDES) -D__XEN_TOOLS__'

check-code:
	$(call say,CHECK,cppcheck)
	$(Q)$(CPPCHECK) $(filter %.cpp,$(CHECKED))

check-invariants:
	$(call say,CHECK,invariants)
	$(Q)scripts/invariants --check

check-models:
	$(call say,CHECK,models)
	$(Q)scripts/check-models --folder $(B)/models $(T)

invariants:
	$(Q)scripts/invariants $(T)

run: all
	$(Q)scripts/granite run $(ARGS)

gdb: all
	$(Q)scripts/granite gdb --boot -- $(ARGS)

bench: all
	$(Q)B=$(B) scripts/granite bench --peer xen

iso: all
	$(Q)scripts/granite iso $(B)/granite.iso $(ARGS)

clean:
	$(Q)rm -rf $(B)
