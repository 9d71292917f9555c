# SPDX-License-Identifier: MIT
# Guests: the kit in guest-pv/, the samples built with it, and the guest tests.
# They run on newlib and on libstdc++'s headers, see scripts/sysroot. What the
# driver domain needs as well: GUEST_FLAGS, GUEST_KIT and $(call link-guest).

# --- C and C++ library ----------------------------------------------------

# Rebuilt when the recipe or the source package is another one.
SYSROOT := $(B)/sysroot
SYSROOT_KEY := $(shell { cat scripts/sysroot/newlib scripts/sysroot/libstdcxx; $(CXX) -dumpfullversion; \
                         ls /usr/src/newlib; } 2>/dev/null | sha256sum | cut -c1-16)
SYSROOT_STAMP := $(SYSROOT)/.made-$(SYSROOT_KEY)

$(SYSROOT_STAMP):
	$(call say,LIBC,newlib)
	$(Q)rm -rf $(SYSROOT) && scripts/sysroot/newlib $(SYSROOT)
	$(call say,LIBCXX,libstdc++)
	$(Q)CXX=$(CXX) scripts/sysroot/libstdcxx $(SYSROOT)
	$(Q)ln -s /usr/include/xen $(SYSROOT)/include/xen && touch $@

LWIP := $(B)/lwip
LWIP_KEY := $(shell sha256sum scripts/sysroot/lwip | cut -c1-16)
LWIP_STAMP := $(LWIP)/.made-$(LWIP_KEY)

$(LWIP_STAMP):
	$(call say,FETCH,lwIP)
	$(Q)rm -rf $(LWIP) && scripts/sysroot/lwip $(LWIP) && touch $@

# --- Flags ----------------------------------------------------------------

GUEST_GCC := $(shell $(CXX) -dumpversion)
GUEST_MACHINE := -O2 -g -fno-pie -mno-red-zone -fno-stack-protector -fcf-protection=none \
                 -fno-omit-frame-pointer -ffunction-sections -fdata-sections
GUEST_INCLUDES := -nostdinc -isystem $(shell $(CXX) -print-file-name=include) -isystem $(SYSROOT)/include
GUEST_CXX_INCLUDES := -nostdinc -nostdinc++ -isystem $(SYSROOT)/include/c++ \
                      -isystem /usr/include/c++/$(GUEST_GCC) $(filter-out -nostdinc,$(GUEST_INCLUDES))
GUEST_FLAGS := $(COMMON) $(GUEST_MACHINE) $(GUEST_CXX_INCLUDES) -fno-exceptions -fno-rtti \
               -fno-threadsafe-statics

$(B)/obj/guest/%.cpp.o: %.cpp $(SYSROOT_STAMP)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(GUEST_FLAGS) -c $< -o $@

$(B)/obj/guest/%.S.o: %.S
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D) && $(CC) -I. -MMD -MP -g -D__ASSEMBLY__ $(ABI_DEFS) -c $< -o $@

# --- The kit --------------------------------------------------------------

guest-objects = $(patsubst %,$(B)/obj/guest/%.o,$(sort $(shell find $(1) -name '*.cpp' -o -name '*.S')))

GUEST_APP_OBJS := $(call guest-objects,guest-pv/apps)
GUEST_RT_OBJS := $(call guest-objects,guest-pv/rt)
GUEST_KIT := $(B)/obj/guest/kit.a

$(GUEST_KIT): $(GUEST_RT_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Network: the frontend and lwIP above it. Only what a guest refers to is
# linked, so all guests are offered both archives.
LWIP_DIR := $(LWIP)/src
LWIP_LIB := $(LWIP)/liblwip.a
LWIP_INCLUDES := -isystem $(LWIP_DIR)/include -Iguest-pv/net/lwip
GUEST_NET_OBJS := $(call guest-objects,guest-pv/net)
GUEST_NET := $(B)/obj/guest/net.a

# $(call build-lwip,FOLDER,FLAGS,ARCHIVE). Which files there are depends on the
# version, and is known when it is here. What the options leave out compiles to
# nothing.
define build-lwip
rm -f $(3) && mkdir -p $(1) && for source in $(LWIP_DIR)/core/*.c $(LWIP_DIR)/core/ipv4/*.c $(LWIP_DIR)/netif/ethernet.c; do \
    $(CC) -w $(2) -c $$source -o $(1)/$$(basename $$source .c).o || exit 1; \
done && $(AR) rcs $(3) $(1)/*.o
endef

$(LWIP_LIB): $(LWIP_STAMP) $(SYSROOT_STAMP) $(wildcard guest-pv/net/lwip/*.h guest-pv/net/lwip/arch/*.h)
	$(call say,LWIP,$@)
	$(Q)$(call build-lwip,$(LWIP),$(GUEST_MACHINE) $(GUEST_INCLUDES) $(LWIP_INCLUDES),$@)

$(GUEST_NET_OBJS) $(GUEST_APP_OBJS): GUEST_FLAGS += $(LWIP_INCLUDES)
$(GUEST_NET_OBJS) $(GUEST_APP_OBJS): $(LWIP_STAMP)

$(GUEST_NET): $(GUEST_NET_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

GUEST_LDS := guest-pv/rt/boot/guest.lds
GUEST_BOOT := $(B)/obj/guest/guest-pv/rt/boot/start.S.o $(B)/obj/guest/guest-pv/rt/boot/notes.S.o
GUEST_LDFLAGS := -nostdlib -static -no-pie -T $(GUEST_LDS) -Wl,--gc-sections -Wl,-z,noexecstack \
                 -Wl,-z,max-page-size=4096 -Wl,--build-id=none
# Kit and C library call each other.
guest-group = -L$(SYSROOT)/lib -Wl,--start-group $(1) -lc -lm -lcxx-parts -lgcc -Wl,--end-group

# $(call link-guest,OUTPUT,OBJECTS): twice, for the table of symbols. What only
# a debugger wants goes to OUTPUT.debug, which the image names: guests travel in
# boot archives.
define link-guest
$(call say,LINK,$(1))
$(Q)mkdir -p $(dir $(1))
$(Q)scripts/symbol-table </dev/null >$(1).symbols.S
$(Q)$(CXX) $(GUEST_LDFLAGS) $(GUEST_BOOT) $(call guest-group,$(2)) $(1).symbols.S -o $(1).first
$(Q)$(NM) -n -C $(1).first | scripts/symbol-table >$(1).symbols.S
$(Q)$(CXX) $(GUEST_LDFLAGS) $(GUEST_BOOT) $(call guest-group,$(2)) $(1).symbols.S -o $(1)
$(Q)$(OBJCOPY) --only-keep-debug $(1) $(1).debug
$(Q)$(OBJCOPY) --strip-debug --add-gnu-debuglink=$(1).debug $(1)
$(Q)rm $(1).first $(1).symbols.S
endef

# --- Samples and guest tests ----------------------------------------------

GUEST_APPS := $(notdir $(patsubst %/,%,$(wildcard guest-pv/apps/*/)))
GUEST_TESTS := $(notdir $(patsubst %/,%,$(dir $(wildcard tests/guest/*/*.cpp))))

.PHONY: guests guest-tests
guests: $(GUEST_APPS:%=$(B)/guests/%.elf)
guest-tests: $(GUEST_TESTS:%=$(B)/tests/guest/%.elf)

# It asks as a toolstack does.
$(call guest-objects,tests/guest/hypercalls): GUEST_FLAGS += -D__XEN_TOOLS__

.SECONDEXPANSION:
$(B)/guests/%.elf: $$(call guest-objects,guest-pv/apps/$$*) $(GUEST_KIT) $(GUEST_NET) $$(GUEST_DRIVERS) $(LWIP_LIB) $(GUEST_BOOT) $(GUEST_LDS)
	$(call link-guest,$@,$(filter %.o %.a,$(filter-out $(GUEST_BOOT),$^)))

$(B)/tests/guest/%.elf: $$(call guest-objects,tests/guest/$$*) $(GUEST_KIT) $(GUEST_NET) $$(GUEST_DRIVERS) $(LWIP_LIB) $(GUEST_BOOT) $(GUEST_LDS)
	$(call link-guest,$@,$(filter %.o %.a,$(filter-out $(GUEST_BOOT),$^)))

-include $(shell find $(B)/obj/guest -name '*.d' 2>/dev/null)
