# SPDX-License-Identifier: MIT
# Programs with known mistakes in them, for tests of what is said when something
# goes wrong. Each *.patch is a mistake in one source; all of them together are
# compiled into a build of their own, B=build/seeded for the host tool.

SEEDED := $(B)/seeded
SEEDS := $(sort $(wildcard tests/seeds/*.patch))
SEEDED_SRCS := $(sort $(shell sed -n 's,^+++ b/,,p' $(SEEDS)))

# $(call seeded,KIND,OBJECTS): these objects, but those of seeded sources anew.
seeded = $(foreach o,$(2),$(if $(filter $(o:$(B)/obj/$(1)/%.o=%),$(SEEDED_SRCS)),$(o:$(B)/obj/%=$(B)/obj/seeded/%),$(o)))

.PHONY: seeded
seeded: $(SEEDED)/granite32.elf $(SEEDED)/dom0.elf
seeded: $(foreach s,$(filter guest-pv/apps/%,$(SEEDED_SRCS)),$(SEEDED)/guests/$(word 3,$(subst /, ,$(s))).elf)

$(B)/obj/seeded/src/%.cpp: %.cpp $(SEEDS)
	$(call say,SEED,$<)
	$(Q)mkdir -p $(@D) && patch -s -o $@ $< $$(grep -lx '+++ b/$<' $(SEEDS))

$(B)/obj/seeded/hv/%.cpp.o: $(B)/obj/seeded/src/%.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(HV_FLAGS) -c $< -o $@

$(B)/obj/seeded/dom0/%.cpp.o: $(B)/obj/seeded/src/%.cpp $(SYSROOT_STAMP)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(GUEST_FLAGS) -D__XEN_TOOLS__ -c $< -o $@

$(B)/obj/seeded/guest/%.cpp.o: $(B)/obj/seeded/src/%.cpp $(SYSROOT_STAMP) $(LWIP_STAMP)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(GUEST_FLAGS) $(LWIP_INCLUDES) -c $< -o $@

$(eval $(call hypervisor-rules,$(B)/obj/seeded/hv,$(call seeded,hv,$(HV_OBJS)),$(SEEDED)/granite))

$(SEEDED)/dom0.elf: $(call seeded,dom0,$(DOM0_MAIN) $(DOM0_COMMON_OBJS)) $(GUEST_KIT) $(GUEST_BOOT) $(GUEST_LDS)
	$(call link-guest,$@,$(filter %.o %.a,$(filter-out $(GUEST_BOOT),$^)))

$(SEEDED)/guests/%.elf: $$(call seeded,guest,$$(call guest-objects,guest-pv/apps/$$*)) $(GUEST_KIT) $(GUEST_NET) $$(GUEST_DRIVERS) $(LWIP_LIB) $(GUEST_BOOT) $(GUEST_LDS)
	$(call link-guest,$@,$(filter %.o %.a,$(filter-out $(GUEST_BOOT),$^)))

-include $(shell find $(B)/obj/seeded -name '*.d' 2>/dev/null)
