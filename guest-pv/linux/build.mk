# SPDX-License-Identifier: MIT
# Programs that run inside Linux guests: static, with this machine's C library.

linux-objects = $(patsubst %,$(B)/obj/linux/%.o,$(sort $(wildcard guest-pv/linux/$(1)/*.cpp)))
LINUX_TRAFFIC_OBJS := $(call linux-objects,traffic)
LINUX_OPS_OBJS := $(filter-out %/nothing.cpp.o %/first.cpp.o,$(call linux-objects,ops))
LINUX_PROGRAMS := $(addprefix $(B)/guests/linux/,ops ops-nothing ops-first traffic)

.PHONY: linux-programs
linux-programs: $(LINUX_PROGRAMS)

$(B)/obj/linux/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(COMMON) -O2 -fno-exceptions -fno-rtti -c $< -o $@

$(B)/guests/linux/ops: $(LINUX_OPS_OBJS)
$(B)/guests/linux/traffic: $(LINUX_TRAFFIC_OBJS)
$(B)/guests/linux/ops $(B)/guests/linux/traffic:
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -s $^ -o $@

$(B)/guests/linux/ops-nothing: $(B)/obj/linux/guest-pv/linux/ops/nothing.cpp.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -nostdlib -s -Wl,--build-id=none $^ -o $@

$(B)/guests/linux/ops-first: $(B)/obj/linux/guest-pv/linux/ops/first.cpp.o
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -static -nostdlib -s -Wl,--build-id=none -Wl,-Ttext=0x5eed0000 $^ -o $@

-include $(LINUX_OPS_OBJS:.o=.d) $(LINUX_TRAFFIC_OBJS:.o=.d)
