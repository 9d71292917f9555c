# SPDX-License-Identifier: MIT
# What the host tool needs to be built: a plugin for QEMU that counts.

INSTRUCTION_COUNTER := $(B)/count_instructions.so

.PHONY: host-tools
host-tools: $(INSTRUCTION_COUNTER)

$(INSTRUCTION_COUNTER): scripts/plugin/count_instructions.cpp
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) $(STD) $(WARN) -O2 -shared -fPIC -fvisibility=hidden $< -o $@
