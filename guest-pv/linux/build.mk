# SPDX-License-Identifier: MIT
# Programs that run inside Linux guests: static, with this machine's C library.

LINUX_OPS_SRCS := $(filter-out %/nothing.cpp %/first.cpp,$(sort $(wildcard guest-pv/linux/ops/*.cpp)))
LINUX_OPS_OBJS := $(LINUX_OPS_SRCS:%=$(B)/obj/linux/%.o)
LINUX_PROGRAMS := $(addprefix $(B)/guests/linux/,ops ops-nothing ops-first)

.PHONY: linux-programs
linux-programs: $(LINUX_PROGRAMS)

$(B)/obj/linux/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(COMMON) -O2 -fno-exceptions -fno-rtti -c $< -o $@

$(B)/guests/linux/ops: $(LINUX_OPS_OBJS)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -s $^ -o $@

$(B)/guests/linux/ops-nothing: $(B)/obj/linux/guest-pv/linux/ops/nothing.cpp.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -nostdlib -s -Wl,--build-id=none $^ -o $@

$(B)/guests/linux/ops-first: $(B)/obj/linux/guest-pv/linux/ops/first.cpp.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -nostdlib -s -Wl,--build-id=none -Wl,-Ttext=0x5eed0000 $^ -o $@

-include $(LINUX_OPS_OBJS:.o=.d)
