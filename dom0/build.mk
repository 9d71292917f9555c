# SPDX-License-Identifier: MIT
# The driver domain: a PV guest of the kit, with the toolstack's part of the
# ABI, the portable sources it shares with the hypervisor, and drivers.

DOM0_ELF := $(B)/dom0.elf
DOM0_FOLDERS := dom0 kernel/base kernel/image drivers/io drivers/pci drivers/virtio drivers/net kernel/monitor/answer kernel/console/editor
DOM0_SRCS := $(sort $(shell find $(DOM0_FOLDERS) -name '*.cpp')) kernel/console/line_buffer.cpp
DOM0_OBJS := $(DOM0_SRCS:%=$(B)/obj/dom0/%.o)

# The network alone, for a domain of its own: of the same objects.
NETWORK_ELF := $(B)/network.elf
DOM0_MAIN := $(B)/obj/dom0/dom0/main.cpp.o
NETWORK_MAIN := $(B)/obj/dom0/dom0/network_main.cpp.o
DOM0_COMMON_OBJS := $(filter-out $(DOM0_MAIN) $(NETWORK_MAIN),$(DOM0_OBJS))
NETWORK_OBJS := $(filter $(addprefix $(B)/obj/dom0/,dom0/net/% dom0/control/granite.% dom0/toolstack/text.% dom0/toolstack/traffic.% drivers/% kernel/base/% kernel/monitor/answer/%),$(DOM0_COMMON_OBJS))

.PHONY: driver-domain
driver-domain: $(DOM0_ELF) $(NETWORK_ELF)

$(B)/obj/dom0/%.cpp.o: %.cpp $(SYSROOT_STAMP)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(GUEST_FLAGS) -D__XEN_TOOLS__ -c $< -o $@

$(DOM0_ELF): $(DOM0_MAIN) $(DOM0_COMMON_OBJS)
$(NETWORK_ELF): $(NETWORK_MAIN) $(NETWORK_OBJS)
# What these define themselves is not taken from the kit, so it comes behind them.
$(DOM0_ELF) $(NETWORK_ELF): $(GUEST_KIT) $(GUEST_BOOT) $(GUEST_LDS)
	$(call link-guest,$@,$(filter-out $(GUEST_BOOT),$(filter %.o,$^)) $(filter %.a,$^))

# Drivers and what answers them, for guests that have a card to themselves.
GUEST_DRIVERS := $(B)/obj/dom0/drivers.a
$(GUEST_DRIVERS): $(filter $(addprefix $(B)/obj/dom0/,drivers/% dom0/net/host/% kernel/base/%),$(DOM0_OBJS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

-include $(DOM0_OBJS:.o=.d)
