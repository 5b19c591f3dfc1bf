# For arm64: the library and the tests of the path that data takes, compiled on this machine and run by an emulator.

SYSROOT := build/arm64/sysroot
ARM64_LIBRARIES := $(SYSROOT)/usr/lib/aarch64-linux-gnu
ARM64_TESTS := $(or $(T),$(addprefix core/test_,shared lookout served_table spin wire_scan wire_lift wire_flat codec link control listener client))
ARM64_RUNNER := qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=$(ARM64_LIBRARIES)
ARM64_MAKE = PATH=/usr/aarch64-linux-gnu/bin:$$PATH PKG_CONFIG_LIBDIR=$(ARM64_LIBRARIES)/pkgconfig \
    PKG_CONFIG_SYSROOT_DIR=$(CURDIR)/$(SYSROOT) \
    $(MAKE) --no-print-directory BUILD=build/arm64 NATIVE_IDLC=$(B)/bin/idlc \
    CC=aarch64-linux-gnu-gcc CFLAGS="-O2 -g -isystem $(CURDIR)/$(SYSROOT)/usr/include -L$(CURDIR)/$(ARM64_LIBRARIES)"

.PHONY: arm64 do-arm64 emulate
arm64: ## build for arm64 and test the path that data takes, or T, under qemu-user
do-arm64: $(B)/bin/idlc $(SYSROOT)
	@+$(ARM64_MAKE) T="$(ARM64_TESTS)" emulate
emulate: $(B)/lib/libcapchan.so $(B)/lib/libcapchan.a $(CHOSEN)
	@CAPCHAN_RUNNER="$(ARM64_RUNNER)" tests/support/run_checks.sh "$(CHOSEN)"
$(SYSROOT): tests/arm64/sysroot.sh
	@mkdir -p $(@D)
	@printf '  APT   %s\n' $(@F) && $< $@
