# SPDX-License-Identifier: MIT
# Tests. `make unit` needs no machine: portable sources, unchanged, with the
# host's answers to kernel/machine (tests/host) under sanitizers. Every
# tests/unit/PATH.cpp is a program of its own, so tests share no state. The
# host tool's tests, tests/unit/scripts, are Python and need no building.
# How to write one: tests/README.md.

UNIT_FLAGS := $(COMMON) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
              -fno-omit-frame-pointer -D__XEN_TOOLS__ -DGRANITE_HOST_TEST=1 -isystem tests/host/compat
UNIT_LIBS := -lCatch2Main -lCatch2 -lrapidcheck

# Folders whose sources run on the host, in layers: a test in one of them is
# linked with what it refers to from its own folder, from those before it in
# the same stack, and from tests/host.
UNIT_STACK_hypervisor := kernel/base kernel/image kernel/sync kernel/console kernel/mm kernel/grant \
    kernel/evtchn kernel/sched kernel/profile kernel/trace kernel/domain kernel/monitor kernel/hypercall kernel/init \
    arch/boot arch/mm arch/pv arch/platform
UNIT_STACK_domains := kernel/base kernel/image kernel/console drivers/serial drivers/io drivers/pci drivers/virtio drivers/net guest-pv/rt guest-pv/net guest-pv/apps \
    dom0/net dom0/xenstore dom0/console dom0/toolstack dom0/shell
UNIT_STACK_plugins := scripts/plugin
# Sources of these folders that need the machine.
UNIT_EXCLUDE := arch/boot/main.cpp arch/boot/ap_start.cpp arch/boot/ap_tables.cpp arch/mm/init.cpp arch/mm/isolation.cpp arch/mm/tlb.cpp arch/platform/cpus.cpp arch/platform/panic.cpp arch/platform/ports.cpp \
    arch/platform/serial_console.cpp \
    $(addprefix arch/pv/,context.cpp windows.cpp exceptions.cpp hypercall_entry.cpp vcpu.cpp vcpu_context.cpp)

# Of the guest kit, what neither makes hypercalls nor stands in for the C library.
UNIT_GUEST := guest-pv/rt/memory/page_bitmap.cpp guest-pv/rt/xenbus/error.cpp guest-pv/net/mac.cpp \
    guest-pv/net/rx_ring.cpp guest-pv/net/tx_ring.cpp guest-pv/apps/web/http.cpp
UNIT_EXCLUDE += $(wildcard dom0/net/host/*.cpp)
# Of the plugins, what stands on lwIP.
UNIT_EXCLUDE += $(filter-out %/ledger.cpp %/wire.cpp,$(shell find scripts/plugin -name '*.cpp'))
UNIT_EXCLUDE += $(filter-out $(UNIT_GUEST),$(shell find guest-pv -name '*.cpp'))

unit_folder = $(word 1,$(subst /, ,$(1)))/$(word 2,$(subst /, ,$(1)))
unit_stack = $(if $(filter kernel/% arch/%,$(1)),$(UNIT_STACK_hypervisor),$(if $(filter scripts/%,$(1)),$(UNIT_STACK_plugins),$(UNIT_STACK_domains)))
# The words of list $(2) up to and including $(1).
up_to = $(if $(2),$(firstword $(2)) $(if $(filter-out $(1),$(firstword $(2))),$(call up_to,$(1),$(wordlist 2,99,$(2)))))
unit_layers = $(call up_to,$(1),$(call unit_stack,$(1))) tests/host
unit_srcs = $(filter-out $(UNIT_EXCLUDE),$(sort $(shell find $(wildcard $(1)) -name '*.cpp')))
unit_archive = $(B)/tests/lib/$(subst /,-,$(1)).a

UNIT_LAYERS := $(sort $(UNIT_STACK_hypervisor) $(UNIT_STACK_domains) $(UNIT_STACK_plugins) tests/host)
UNIT_TESTS := $(sort $(shell find tests/unit -name '*.cpp'))
UNIT_BINS := $(UNIT_TESTS:%.cpp=$(B)/%)

# T=name narrows to paths that contain it.
UNIT_CHOSEN := $(if $(T),$(foreach b,$(UNIT_BINS),$(if $(findstring $(T),$(b)),$(b))),$(UNIT_BINS))

RESULTS := $(B)/tests/results

.PHONY: unit-binaries guest-tests
unit: $(UNIT_CHOSEN)
	$(Q)scripts/run-unit --results $(RESULTS)/unit --filter '$(T)' $(UNIT_CHOSEN)

unit-binaries: $(UNIT_BINS)

system: all guest-tests
	$(Q)scripts/run-system --results $(RESULTS)/system $(T)

# What takes hours; ROUNDS= and MINUTES= shorten it, see tests/system/soak.
soak: all
	$(Q)scripts/run-system --soak --results $(RESULTS)/soak $(T)

# Both suites run whatever the first one says; the summary decides.
test: all unit-binaries guest-tests
	$(Q)rm -rf $(RESULTS)
	$(Q)scripts/run-unit --results $(RESULTS)/unit $(UNIT_BINS) || true
	$(Q)scripts/run-system --results $(RESULTS)/system || true
	$(Q)scripts/test-summary $(RESULTS)/unit $(RESULTS)/system

$(B)/obj/host/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(UNIT_FLAGS) -c $< -o $@

# An archive is made anew: a source that is gone must not live on in it.
define unit_archive_rule
$(call unit_archive,$(1)): $(patsubst %,$(B)/obj/host/%.o,$(call unit_srcs,$(1)))
	$$(Q)mkdir -p $$(@D) && rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach l,$(UNIT_LAYERS),$(eval $(call unit_archive_rule,$(l))))

define unit_program_rule
$(B)/$(1:.cpp=): $(B)/obj/host/$(1).o \
        $(foreach l,$(call unit_layers,$(call unit_folder,$(1:tests/unit/%=%))),$(call unit_archive,$(l)))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(CXX) $$(UNIT_FLAGS) $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(UNIT_LIBS) -o $$@
endef
$(foreach t,$(UNIT_TESTS),$(eval $(call unit_program_rule,$(t))))

-include $(shell find $(B)/obj/host -name '*.d' 2>/dev/null)
