# SPDX-License-Identifier: MIT
# What unit tests and the fuzzers' corpora reach of the portable core: all that
# runs on a host, PORTABLE_CORE. Compiled without sanitizers, whose checks would
# count as branches. `make coverage` ends with a table; build/coverage/report
# has a page for each source.

COVERAGE := $(B)/coverage
COVERAGE_FLAGS := $(COMMON) -O0 --coverage -fprofile-update=atomic $(HOST_FLAGS)
COVERAGE_BINS := $(UNIT_TESTS:%.cpp=$(COVERAGE)/%) $(FUZZ_HARNESSES:%.cpp=$(COVERAGE)/%)
COVERAGE_CHOSEN := $(if $(T),$(foreach b,$(COVERAGE_BINS),$(if $(findstring $(T),$(b)),$(b))),$(COVERAGE_BINS))
# Sources that compile for a host, but whose work is to drive the machine, or to
# bring parts together by hypercalls and xenstore: guest and system tests have
# them, and here they would say nothing.
COVERAGE_MACHINE := arch/mm/device_map.cpp arch/pv/segments.cpp arch/pv/vcpu_frames.cpp \
    $(addprefix arch/platform/,clock.cpp hpet.cpp init.cpp io_apic.cpp irq.cpp legacy_pic.cpp local_apic.cpp msi.cpp \
    pci_config.cpp pci_function.cpp pirq.cpp power.cpp reference_clock.cpp rtc.cpp sampler.cpp symbols.cpp tsc_sync.cpp)
COVERAGE_WIRING := kernel/init/main.cpp kernel/init/dom0.cpp kernel/init/dom0_frames.cpp kernel/init/dom0_frames.hpp \
    $(addprefix dom0/net/,service.cpp walking.cpp helpers/vcpu_helper.cpp switch/card_queues.cpp trail/trail.cpp) \
    $(foreach f,control followed grant_block granted_pages manager offer queue_pair vif vif_port vif_way,dom0/net/netback/$(f).cpp dom0/net/netback/$(f).hpp) \
    $(addprefix guest-pv/rt/,event.hpp hypercall.hpp grant/grant.hpp grant/map.hpp memory/mapping.hpp memory/pages.hpp xenbus/watch.hpp)
COVERAGE_EXCLUDE := $(COVERAGE_MACHINE) $(COVERAGE_WIRING)
PORTABLE_CORE := $(filter-out $(COVERAGE_EXCLUDE),$(foreach l,$(filter-out scripts/% tests/%,$(UNIT_LAYERS)),$(call unit_srcs,$(l))))

COVERAGE_SETUP := $(B)/.setup-coverage
$(COVERAGE_SETUP): scripts/setup scripts/packages.txt
	$(Q)B=$(B) scripts/setup coverage

.PHONY: coverage portable-core
coverage: $(COVERAGE_CHOSEN) | $(COVERAGE_SETUP)
	$(Q)find $(B)/obj/coverage -name '*.gcda' -delete
	$(Q)scripts/run-unit --programs-only --results $(COVERAGE)/results $(COVERAGE_CHOSEN)
	$(Q)scripts/coverage --objects $(B)/obj/coverage --report $(COVERAGE)/report --without arch/cpu/ $(COVERAGE_EXCLUDE)

portable-core:
	@printf '%s\n' $(PORTABLE_CORE)

$(B)/obj/coverage/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(COVERAGE_FLAGS) -c $< -o $@

$(foreach l,$(UNIT_LAYERS),$(eval $(call layer_archive_rule,coverage,$(l))))
$(foreach t,$(UNIT_TESTS),$(eval $(call unit_program_rule,coverage,$(COVERAGE),$$(COVERAGE_FLAGS),$(t))))
$(foreach h,$(FUZZ_HARNESSES),$(eval $(call replay_program_rule,coverage,$(COVERAGE),$$(COVERAGE_FLAGS),$(h))))

-include $(shell find $(B)/obj/coverage -name '*.d' 2>/dev/null)
