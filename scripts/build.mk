# SPDX-License-Identifier: MIT
# What the host tool needs to be built: plugins for QEMU, which run in it.

INSTRUCTION_COUNTER := $(B)/count_instructions.so
TRAFFIC_GENERATOR := $(B)/traffic.so
PLUGIN_FLAGS := $(COMMON) -O2 -fPIC -fvisibility=hidden

.PHONY: host-tools
host-tools: $(INSTRUCTION_COUNTER) $(TRAFFIC_GENERATOR)

$(B)/obj/plugin/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(PLUGIN_FLAGS) -c $< -o $@

$(INSTRUCTION_COUNTER): $(B)/obj/plugin/scripts/plugin/count_instructions.cpp.o
	$(call say,LD,$@)
	$(Q)$(CXX) -shared $^ -o $@

# --- The traffic generator, on lwIP ---------------------------------------

TRAFFIC_OBJS := $(patsubst %,$(B)/obj/plugin/%.o,$(sort $(wildcard scripts/plugin/traffic/*.cpp)))
TRAFFIC_LWIP := $(B)/obj/plugin/liblwip.a
TRAFFIC_INCLUDES := -isystem $(LWIP)/src/include -Iscripts/plugin/traffic/lwip

$(TRAFFIC_OBJS): PLUGIN_FLAGS += $(TRAFFIC_INCLUDES)
$(TRAFFIC_OBJS): $(LWIP_STAMP)

$(TRAFFIC_LWIP): $(LWIP_STAMP) $(wildcard scripts/plugin/traffic/lwip/*.h scripts/plugin/traffic/lwip/arch/*.h)
	$(call say,LWIP,$@)
	$(Q)$(call build-lwip,$(B)/obj/plugin/lwip,-O2 -fPIC -fvisibility=hidden $(TRAFFIC_INCLUDES),$@)

$(TRAFFIC_GENERATOR): $(TRAFFIC_OBJS) $(TRAFFIC_LWIP)
	$(call say,LD,$@)
	$(Q)$(CXX) -shared $^ -o $@

-include $(wildcard $(B)/obj/plugin/scripts/plugin/*.d $(B)/obj/plugin/scripts/plugin/*/*.d)
