# SPDX-License-Identifier: MIT
# The hypervisor: everything below kernel/ and arch/, and the UART driver.
# It is linked inside the ABI's reserved address range, far from the upper and
# the lower 2 GiB, hence position-independent code instead of a kernel model.

HV_FLAGS := $(COMMON) -O2 -ffreestanding -fno-exceptions -fno-rtti -mgeneral-regs-only -mpopcnt \
            -mno-red-zone -fpie -fvisibility=hidden -fno-stack-protector -fcf-protection=none \
            -fno-omit-frame-pointer -fno-threadsafe-statics -fno-use-cxa-atexit -fno-asynchronous-unwind-tables \
            -fno-jump-tables -ffunction-sections -fdata-sections -D__XEN_TOOLS__ -DGRANITE_HYPERVISOR=1
HV_DIRS := kernel arch drivers/io drivers/serial
HV_SRCS := $(sort $(shell find $(HV_DIRS) -name '*.cpp' -o -name '*.S'))
HV_OBJS := $(patsubst %,$(B)/obj/hv/%.o,$(HV_SRCS))

.PHONY: hypervisor
hypervisor: $(B)/granite.elf $(B)/granite32.elf

$(B)/obj/hv/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(HV_FLAGS) -c $< -o $@

$(B)/obj/hv/%.S.o: %.S
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D) && $(CC) -I. -MMD -MP -g -D__ASSEMBLY__ $(ABI_DEFS) -c $< -o $@

-include $(HV_OBJS:.o=.d)
