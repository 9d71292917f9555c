# SPDX-License-Identifier: MIT
# Tests. `make unit` needs no machine: portable sources, unchanged, with the
# host's answers to kernel/machine (tests/host) under sanitizers. Every
# tests/unit/PATH.cpp is a program of its own, so tests share no state. The
# host tool's tests, tests/unit/scripts, are Python and need no building.
# How to write one: tests/README.md.

HOST_FLAGS := -fno-omit-frame-pointer -D__XEN_TOOLS__ -DGRANITE_HOST_TEST=1 -isystem tests/host/compat
UNIT_FLAGS := $(COMMON) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all $(HOST_FLAGS)
UNIT_LIBS := -lCatch2Main -lCatch2 -lrapidcheck

# Folders whose sources run on the host, in layers: a test in one of them is
# linked with what it refers to from its own folder, from those before it in
# the same stack, and from tests/host.
UNIT_STACK_hypervisor := kernel/base kernel/image kernel/sync kernel/console kernel/mm kernel/grant \
    kernel/evtchn kernel/sched kernel/profile kernel/trace kernel/domain kernel/monitor kernel/hypercall kernel/init \
    arch/boot arch/cpu arch/mm arch/pv arch/platform
UNIT_STACK_domains := kernel/base kernel/image kernel/console kernel/monitor/answer drivers/serial drivers/io drivers/pci drivers/virtio drivers/net guest-pv/rt guest-pv/net guest-pv/apps \
    dom0/net dom0/xenstore dom0/console dom0/toolstack dom0/shell
UNIT_STACK_plugins := scripts/plugin
# Sources of these folders that need the machine.
UNIT_EXCLUDE := arch/boot/main.cpp arch/boot/ap_start.cpp arch/boot/ap_tables.cpp arch/mm/init.cpp arch/mm/isolation.cpp arch/mm/tlb.cpp arch/platform/cpus.cpp arch/platform/panic.cpp \
    arch/platform/serial_console.cpp \
    $(addprefix arch/pv/,context.cpp windows.cpp exceptions.cpp hypercall_entry.cpp vcpu.cpp vcpu_context.cpp)

UNIT_EXCLUDE += $(filter-out arch/cpu/speculation%.cpp arch/cpu/fpu.cpp arch/cpu/fixup.cpp,$(wildcard arch/cpu/*.cpp))

# Of the guest kit, what neither makes hypercalls nor stands in for the C library.
UNIT_GUEST := guest-pv/rt/memory/block_list.cpp guest-pv/rt/memory/page_bitmap.cpp guest-pv/rt/xenbus/error.cpp guest-pv/net/mac.cpp \
    guest-pv/net/rx_ring.cpp guest-pv/net/tx_ring.cpp guest-pv/apps/web/http.cpp \
    guest-pv/apps/havoc/selection.cpp
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

UNIT_LAYERS := $(sort $(UNIT_STACK_hypervisor) $(UNIT_STACK_domains) $(UNIT_STACK_plugins) tests/host)
UNIT_TESTS := $(sort $(shell find tests/unit -name '*.cpp'))
# Harnesses of fuzzers replay their corpus, see tests/fuzz.
FUZZ_HARNESSES := $(sort $(filter-out tests/fuzz/support/%,$(shell find tests/fuzz -name '*.cpp')))
UNIT_BINS := $(UNIT_TESTS:%.cpp=$(B)/%) $(FUZZ_HARNESSES:%.cpp=$(B)/%)

# T=name narrows to paths that contain it.
UNIT_CHOSEN := $(if $(T),$(foreach b,$(UNIT_BINS),$(if $(findstring $(T),$(b)),$(b))),$(UNIT_BINS))

RESULTS := $(B)/tests/results

.PHONY: unit-binaries guest-tests
unit: $(UNIT_CHOSEN)
	$(Q)scripts/run-unit --results $(RESULTS)/unit --filter '$(T)' $(UNIT_CHOSEN)

unit-binaries: $(UNIT_BINS)

system: all guest-tests seeded
	$(Q)scripts/run-system --results $(RESULTS)/system $(T)

# What takes hours; ROUNDS= and MINUTES= shorten it, see tests/system/soak.
soak: all
	$(Q)scripts/run-system --soak --results $(RESULTS)/soak $(T)

# Both suites run whatever the first one says; the summary decides.
test: all unit-binaries guest-tests seeded
	$(Q)rm -rf $(RESULTS)
	$(Q)scripts/run-unit --results $(RESULTS)/unit $(UNIT_BINS) || true
	$(Q)scripts/run-system --results $(RESULTS)/system || true
	$(Q)scripts/test-summary $(RESULTS)/unit $(RESULTS)/system

$(B)/obj/host/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(UNIT_FLAGS) -c $< -o $@

# The same sources are built in several ways, each with objects of its own in
# obj/WAY: here `host`, for fuzzers `fuzz`, for coverage `coverage`.
# $(call layer_archives,WAY,PATH): what a test or harness for PATH is linked with.
layer_archive = $(B)/obj/$(1)/lib/$(subst /,-,$(2)).a
layer_archives = $(foreach l,$(call unit_layers,$(call unit_folder,$(2))),$(call layer_archive,$(1),$(l)))

# An archive is made anew: a source that is gone must not live on in it.
define layer_archive_rule
$(call layer_archive,$(1),$(2)): $(patsubst %,$(B)/obj/$(1)/%.o,$(call unit_srcs,$(2)))
	$$(Q)mkdir -p $$(@D) && rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach l,$(UNIT_LAYERS),$(eval $(call layer_archive_rule,host,$(l))))

# $(call unit_link,FLAGS): objects and archives into a program.
unit_link = mkdir -p $(@D) && $(CXX) $(1) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(UNIT_LIBS) -o $@

# $(1): the way, $(2): where its programs are, $(3): its flags, $(4): the test.
define unit_program_rule
$(2)/$(4:.cpp=): $(B)/obj/$(1)/$(4).o $(call layer_archives,$(1),$(4:tests/unit/%=%))
	$$(call say,LD,$$@)
	$$(Q)$$(call unit_link,$(3))
endef
# Likewise a fuzzer's harness, as a program that replays its corpus.
define replay_program_rule
$(2)/$(4:.cpp=): $(B)/obj/$(1)/$(4).o $(B)/obj/$(1)/tests/fuzz/support/replay.cpp.o $(call layer_archives,$(1),$(4:tests/fuzz/%=%))
	$$(call say,LD,$$@)
	$$(Q)$$(call unit_link,$(3))
endef
$(foreach t,$(UNIT_TESTS),$(eval $(call unit_program_rule,host,$(B),$$(UNIT_FLAGS),$(t))))
$(foreach h,$(FUZZ_HARNESSES),$(eval $(call replay_program_rule,host,$(B),$$(UNIT_FLAGS),$(h))))

-include $(shell find $(B)/obj/host -name '*.d' 2>/dev/null)
