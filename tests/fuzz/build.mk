# SPDX-License-Identifier: MIT
# Fuzzers. Every tests/fuzz/PATH.cpp is a harness for what lies at PATH, built
# twice: as a unit test, which replays its corpus, and by clang with libFuzzer,
# for `make fuzz`. How to write one: tests/fuzz/README.md.

# Clang is needed for nothing else: set-up installs it with the first fuzzer.
FUZZ_CXX ?= clang++-19
FUZZ_SETUP := $(B)/.setup-fuzz
$(FUZZ_SETUP): scripts/setup scripts/packages.txt
	$(Q)B=$(B) scripts/setup fuzz
# In two ways: `fuzz` sees most, `fuzz-fast` gets through many inputs, whose
# best are then replayed in the first. What only judges, or stands in for the
# machine, is not explored.
FUZZ_COMMON := $(STD) $(ABI_DEFS) -I. -MMD -MP -g -w -fsanitize=fuzzer-no-link -fno-sanitize-recover=all \
               -fsanitize-coverage-ignorelist=tests/fuzz/not_explored.txt -fno-omit-frame-pointer \
               -D__XEN_TOOLS__ -DGRANITE_HOST_TEST=1 -DGRANITE_HOST_RAM_FRAMES=480 -isystem tests/host/compat
FUZZ_FLAGS_fuzz := $(FUZZ_COMMON) -O1 -fsanitize=address,undefined
FUZZ_FLAGS_fuzz-fast := $(FUZZ_COMMON) -O2 -fsanitize=undefined

FUZZ_NAMES := $(FUZZ_HARNESSES:tests/fuzz/%.cpp=%)
FUZZ_CHOSEN := $(if $(T),$(foreach f,$(FUZZ_NAMES),$(if $(findstring $(T),$(f)),$(f))),$(FUZZ_NAMES))
# An input of these is a story of many steps.
FUZZ_STATEFUL := kernel/hypercall/sequence arch/pv/page_types dom0/xenstore/requests drivers/net/card \
    dom0/net/netback/rx_queue dom0/net/netback/tx_queue dom0/net/netback/control_ring kernel/monitor/session dom0/console/guest_console
SECONDS ?= 60
RUNS ?= -1

.PHONY: fuzz fuzz-goal fuzzers
fuzz: $(FUZZ_CHOSEN:%=$(B)/fuzz/%)
	$(Q)scripts/run-fuzzers --build $(B) --seconds $(SECONDS) --runs $(RUNS) $(FUZZ_CHOSEN)

# Goes on until all have had their number of inputs, however often it is interrupted.
fuzz-goal: $(FUZZ_CHOSEN:%=$(B)/fuzz-fast/%) $(FUZZ_CHOSEN:%=$(B)/fuzz/%)
	$(Q)scripts/run-fuzzers --build $(B) --goal 10000000 $(filter-out $(FUZZ_STATEFUL),$(FUZZ_CHOSEN))
	$(Q)scripts/run-fuzzers --build $(B) --goal 1000000 $(filter $(FUZZ_STATEFUL),$(FUZZ_CHOSEN))

fuzzers: $(FUZZ_NAMES:%=$(B)/fuzz/%) $(FUZZ_NAMES:%=$(B)/fuzz-fast/%)

# $(1): the way, $(2): harness.
define fuzz_program_rule
$(B)/$(1)/$(2): $(B)/obj/$(1)/tests/fuzz/$(2).cpp.o $(call layer_archives,$(1),$(2).cpp)
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(FUZZ_CXX) $(filter -fsanitize=a% -fsanitize=u%,$(FUZZ_FLAGS_$(1))) -fsanitize=fuzzer $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group -lCatch2 -o $$@
endef
define fuzz_way
$(B)/obj/$(1)/%.cpp.o: %.cpp tests/fuzz/not_explored.txt | $(FUZZ_SETUP)
	$$(call say,CLANG,$$<)
	$$(Q)mkdir -p $$(@D) && $$(FUZZ_CXX) $$(FUZZ_FLAGS_$(1)) -c $$< -o $$@
$(foreach l,$(UNIT_LAYERS),$(eval $(call layer_archive_rule,$(1),$(l))))
$(foreach h,$(FUZZ_NAMES),$(eval $(call fuzz_program_rule,$(1),$(h))))
-include $$(shell find $(B)/obj/$(1) -name '*.d' 2>/dev/null)
endef
$(foreach w,fuzz fuzz-fast,$(eval $(call fuzz_way,$(w))))
