# SPDX-License-Identifier: MIT
# The hypervisor: everything below kernel/ and arch/, and the UART driver.
# It is linked inside the ABI's reserved address range, far from the upper and
# the lower 2 GiB, hence position-independent code instead of a kernel model.

# It stands on no operating system, yet is not compiled with -ffreestanding:
# newer standard libraries then hide headers that need none, as <charconv>.
#
# The seam between the core and the machine is the linker, so the compiler sees
# both sides of it only at link time. `make HV_LTO=` links faster, for trying
# things out; the hypervisor is then slower by a fifth.
HV_LTO := -flto
HV_FLAGS := $(COMMON) -O2 $(HV_LTO) -fno-exceptions -fno-rtti -mgeneral-regs-only -mpopcnt \
            -mno-red-zone -fpie -fvisibility=hidden -fno-stack-protector -fcf-protection=none \
            -fno-omit-frame-pointer -fno-threadsafe-statics -fno-use-cxa-atexit -fno-asynchronous-unwind-tables \
            -fno-jump-tables -ffunction-sections -fdata-sections -D__XEN_TOOLS__ -DGRANITE_HYPERVISOR=1
HV_DIRS := kernel arch drivers/serial
HV_SRCS := $(sort $(shell find $(HV_DIRS) -name '*.cpp' -o -name '*.S'))
HV_OBJS := $(patsubst %,$(B)/obj/hv/%.o,$(HV_SRCS))
# Compiled by themselves: functions that the compiler calls on its own account,
# which must not be made of one another; and the one file that changes with
# every commit.
HV_APART := $(patsubst %,$(B)/obj/hv/%.o,arch/cpu/string.cpp kernel/base/version.cpp)
$(HV_APART): HV_FLAGS += -fno-lto -fno-builtin

.PHONY: hypervisor
hypervisor: $(B)/granite.elf $(B)/granite32.elf

$(B)/obj/hv/%.cpp.o: %.cpp
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(HV_FLAGS) -c $< -o $@

$(B)/obj/hv/%.S.o: %.S
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D) && $(CC) -I. -MMD -MP -g -D__ASSEMBLY__ $(ABI_DEFS) -c $< -o $@

# The commit is compiled into one source, and only that one follows it.
BUILD_ID := $(shell git describe --always --dirty 2>/dev/null || echo unknown)

.PHONY: ask-build-id
$(B)/obj/hv/build-id: ask-build-id
	$(Q)mkdir -p $(@D) && echo '$(BUILD_ID)' | cmp -s - $@ || echo '$(BUILD_ID)' >$@

$(B)/obj/hv/kernel/base/version.cpp.o: $(B)/obj/hv/build-id
$(B)/obj/hv/kernel/base/version.cpp.o: HV_FLAGS += -DGRANITE_BUILD_ID='"$(BUILD_ID)"'

$(B)/obj/hv/no-symbols.S: scripts/symbol-table
	$(Q)mkdir -p $(@D) && scripts/symbol-table </dev/null >$@

$(B)/obj/%.o: $(B)/obj/%.S
	$(Q)$(CC) -c $< -o $@

READELF ?= readelf
# Addresses do not fit the 32-bit immediates that relaxation would put in place
# of loads from the GOT.
HV_LDS := arch/boot/granite.lds
HV_LINK = $(LD) -static -nostdlib --no-dynamic-linker -z noexecstack -z max-page-size=4096 --gc-sections --no-relax \
          --no-warn-rwx-segments -T $(HV_LDS)

# $(call hypervisor-rules,FOLDER,OBJECTS,STEM): STEM.elf, and STEM32.elf, of these
# objects; what comes in between goes to FOLDER, below $(B)/obj.
#
# C++ becomes one piece of machine code, HV_APART aside. It is linked twice: the
# names of functions, for backtraces, are read from the first link and lie behind
# everything else in the second, so that nothing moves. The loader relocates
# nothing: not one dynamic relocation may be left. STEM32.elf is the same bytes
# under a 32-bit ELF head: what QEMU's own loader accepts.
define hypervisor-rules
$(1)/whole.o: $(filter-out $(HV_APART),$(filter %.cpp.o,$(2)))
	$$(call say,LTO,$$@)
	$$(Q)mkdir -p $$(@D) && $$(CXX) $$(HV_FLAGS) $(if $(HV_LTO),-flto=auto -flinker-output=nolto-rel) -nostdlib -r $$^ -o $$@

$(1)/first.elf: $(1)/whole.o $(HV_APART) $(filter %.S.o,$(2)) $(B)/obj/hv/no-symbols.o $(HV_LDS)
	$$(call say,LD,$$@)
	$$(Q)$$(HV_LINK) $$(filter %.o,$$^) -o $$@

$(1)/symbols.S: $(1)/first.elf scripts/symbol-table
	$$(Q)$$(NM) -n -C $$< | scripts/symbol-table >$$@

$(3).elf: $(1)/whole.o $(HV_APART) $(filter %.S.o,$(2)) $(1)/symbols.o $(HV_LDS)
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(HV_LINK) $$(filter %.o,$$^) -o $$@
	$$(Q)test -z "$$$$($$(READELF) -rW $$@ | grep R_X86)" || { echo "$$@: dynamic relocations left"; rm $$@; exit 1; }

$(3)32.elf: $(3).elf
	$$(call say,COPY,$$@)
	$$(Q)$$(OBJCOPY) --strip-all -O elf32-i386 $$< $$@
endef

$(eval $(call hypervisor-rules,$(B)/obj/hv,$(HV_OBJS),$(B)/granite))

-include $(HV_OBJS:.o=.d)
