# capchan. `make demo` shows it, `make check` tests it; both install what they need first. `make help` lists the rest.
#
# Variables: CC, CFLAGS, LDFLAGS; PREFIX, DESTDIR (install); V=1 shows the commands; SANITIZE=address,undefined makes
# a build of its own in build/sanitize-address-undefined, BUILD=folder another one there; T="core/test_arena ..."
# checks only these; FUZZ_SECONDS is how long each fuzzer runs, ENGINE=afl runs them under AFL++ and not libFuzzer,
# F="idl frame" only these; ROUNDS and TIMES are how long `make stress` goes on, RACES the same for
# `make races`; JOBS is how many tests, fuzzers or scenarios of the model go on at a time; CAPCHAN_SEED=N, which tests
# with random values print, repeats them.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:

CC = cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 30
ROUNDS ?= 10000000
TIMES ?= 100
RACES ?= 10000
ENGINE ?= libfuzzer
VERSION = 0.1.0

comma := ,
BUILD ?= build$(if $(SANITIZE),/sanitize-$(subst $(comma),-,$(SANITIZE)))
B := $(BUILD)
export CAPCHAN_BUILD := $(B)
NATIVE_IDLC ?= $(B)/bin/idlc

WARNINGS = -Wall -Wextra -Wshadow -Wundef -Wvla -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes
SANITIZERS = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
DEPENDENCIES = -MMD -MP
INTERNAL = -I. $(PUBLIC:%=-I%) -I$(B)/cm/generated
PUBLIC = core/include locator/include cm/include
COMPILE = $(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) $(SANITIZERS) $(CODEGEN) -fPIC -pthread $(DEPENDENCIES)
LINK = $(CC) $(CFLAGS) $(SANITIZERS) $(CODEGEN) -pthread $(LDFLAGS)
CODEGEN = -fno-lto
# A call passes through a dozen of the library's files; gcc optimises it as a whole.
LTO_OF_LIBRARY := $(if $(SANITIZE),,$(if $(findstring Free Software,$(shell $(CC) --version)),-flto=auto -ffat-lto-objects))
# What the library calls in itself it calls directly, and what it calls elsewhere without a detour.
CODEGEN_OF_LIBRARY = $(LTO_OF_LIBRARY) -fno-semantic-interposition -fno-plt
WITH_LIBRARY = -L$(B)/lib -lcapchan -Wl,-rpath,'$$ORIGIN/../../lib'
libs = $$(pkg-config --libs $(1))

Q := $(if $(V),,@)
say = @mkdir -p $(@D) $(if $(V),,&& printf '  %-5s %s\n' $(1) $(patsubst $(B)/%,%,$@))

# What is built from what

objects = $(patsubst %.c,$(B)/obj/%.o,$(wildcard $(1)))
LIBRARY  := $(call objects,core/*.c locator/client/*.c cm/client/*.c) $(B)/cm/stubs.o
BROKER   := $(call objects,locator/*.c cm/*.c broker/*.c)
CLI      := $(call objects,cli/*.c)
IDLC     := $(call objects,idl/*.c gen/*.c)
INTERNALS := $(filter-out %/main.o,$(LIBRARY) $(BROKER) $(IDLC)) $(call objects,tests/support/*.c)
HEADERS  := $(foreach d,$(PUBLIC),$(patsubst $(d)/%,$(B)/include/%,$(shell find $(d) -name '*.h')))
SHIPPED  := $(patsubst idl/share/%,$(B)/share/capchan/idl/%,$(shell find idl/share -name '*.?dl')) $(B)/share/capchan/idl/capchan/NameServer.idl
CMAKE    := $(patsubst gen/share/%,$(B)/share/capchan/%,$(shell find gen/share -type f))
EXAMPLES := $(patsubst %.c,$(B)/%,$(subst /src/,/,$(wildcard examples/*/src/*.c)))
TESTS    := $(patsubst %.c,$(B)/%,$(wildcard tests/*/test_*.c))
ACTORS   := $(addprefix $(B)/tests/programs/,actor clerk contract dock dynamic ferry handles interrupt memory mirror notices relay riot rival hostile attacker smuggler \
              squatter wreck names/name_server)
BENCHES  := $(addprefix $(B)/tests/bench/calls/,bench_calls echo_server echo_client idle_client holder)
STRESS   := $(patsubst %.c,$(B)/%,$(wildcard tests/stress/stress_*.c)) $(B)/tests/programs/stepper
STEPS    := $(patsubst $(B)/obj/%,$(B)/steps/%,$(LIBRARY))
FUZZERS  := $(addprefix $(B)/fuzz_,$(or $(F),$(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))))
PAGES    := $(addprefix $(B)/share/man/,man1/capchan.1 man1/idlc.1 man5/capchan-init.yaml.5 man5/idl.5 man5/idlc-json.5)
CHOSEN    = $(if $(T),$(patsubst %,$(B)/tests/%,$(patsubst tests/%,%,$(T:.c=))),$(TESTS))

.PHONY: all examples tests deps demo check lint man model fuzz fuzz-libfuzzer fuzz-afl bench bench-idlc stress do-demo do-check do-lint do-man do-model do-fuzz do-bench do-bench-idlc do-stress races do-races race golden install clean help
all: $(B)/bin/capchand $(B)/bin/capchan $(B)/bin/idlc $(B)/bin/nk-gen-c $(B)/lib/libcapchan.so $(B)/lib/libcapchan.a $(HEADERS) $(B)/include/kl/core/Types.idl.h $(CMAKE) ## programs, libraries and headers, below build/
examples: $(EXAMPLES) ## the programs of examples/
tests: all examples $(TESTS) $(ACTORS) $(BENCHES) $(STRESS) $(PAGES)

$(LIBRARY) $(B)/lib/libcapchan.so: private CODEGEN = $(CODEGEN_OF_LIBRARY)
$(B)/obj/%.o: %.c
	$(call say,CC)
	$(Q)$(COMPILE) $(INTERNAL) -c $< -o $@
$(B)/include/%.h: core/include/%.h
	$(Q)install -D -m 644 $< $@
$(B)/include/%.h: locator/include/%.h
	$(Q)install -D -m 644 $< $@
$(B)/include/%.h: cm/include/%.h
	$(Q)install -D -m 644 $< $@

# What comes with idlc; of all that, programs include this one header without generating it.
$(B)/share/capchan/idl/%: idl/share/%
	$(Q)install -D -m 644 $< $@
$(B)/share/capchan/idl/%: cm/resources/%
	$(Q)install -D -m 644 $< $@
$(B)/share/capchan/%: gen/share/%
	$(Q)mkdir -p $(@D) && cp $< $@
$(B)/include/kl/core/Types.idl.h: $(NATIVE_IDLC) $(SHIPPED)
	$(call say,IDLC)
	$(Q)$(NATIVE_IDLC) -o $(B)/obj/share idl/share/kl/core/Types.idl
	$(Q)install -D -m 644 $(B)/obj/share/kl/core/Types.idl.h $@

# The library exports what core/exports.list names, and nothing else, shared or static.
$(B)/lib/exports.map: core/exports.list
	@mkdir -p $(@D)
	$(Q)sed -e '1i { global:' -e 's/$$/;/' -e '$$a local: *; };' $< > $@
$(B)/lib/libcapchan.so: $(LIBRARY) $(B)/lib/exports.map
	$(call say,LD)
	$(Q)$(LINK) -shared -Wl,-soname,libcapchan.so.0,-Bsymbolic-functions,-z,relro,-z,now -Wl,--version-script=$(B)/lib/exports.map \
	    -o $@.0 $(LIBRARY) $(call libs,libprotobuf-c) && ln -sf libcapchan.so.0 $@
$(B)/lib/libcapchan.a: $(LIBRARY) core/exports.list
	$(call say,AR)
	$(Q)ld -r -o $@.o $(LIBRARY) && objcopy -R '.gnu.lto_*' --keep-global-symbols=core/exports.list $@.o
	$(Q)rm -f $@ && ar rcs $@ $@.o && rm $@.o

$(B)/bin/capchand: $(BROKER) $(LIBRARY)
$(B)/bin/capchan: $(CLI)
$(B)/bin/idlc: $(IDLC) | $(SHIPPED)
$(B)/bin/nk-gen-c: $(B)/bin/idlc
	$(Q)ln -sf idlc $@
$(B)/bin/%:
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(if $(filter %/capchand,$@),$(call libs,libprotobuf-c libfyaml libcap)) $(if $(filter %/idlc,$@),$(call libs,jansson))

# Generated code: all that idlc makes of a folder's resources/, as one object; the broker serves what core describes, too
ALSO_cm = core/resources
.SECONDEXPANSION:
$(B)/%/stubs.o: $(NATIVE_IDLC) $(HEADERS) $$(shell find $$*/resources $$(ALSO_$$*) -name '*.?dl')
	$(call say,IDLC)
	$(Q)rm -rf $(@D)/generated && mkdir -p $(@D)/generated
	$(Q)$(NATIVE_IDLC) $(if $(filter tests%,$*),-Wno-large-message -Wno-zero-bound -Wno-case-clash) $(addprefix -I ,$*/resources $(ALSO_$*)) -o $(@D)/generated $(filter %.idl %.cdl %.edl,$^)
	$(Q)for c in $$(find $(@D)/generated -name '*.c'); do $(CC) $(CFLAGS) $(SANITIZERS) -fPIC -I $(@D)/generated \
	    -I $(B)/include -c $$c -o $${c%.c}.o || exit 1; done
	$(Q)ld -r -o $@ $$(find $(@D)/generated -name '*.o')

# What the broker serves is described in our own IDL; idlc needs none of that.
$(call objects,core/handle*.c core/adopt.c core/transfer.c core/notice_api.c core/pmm_api.c cm/client/*.c broker/*.c) $(filter-out %/stubs.o,$(STEPS)): | $(B)/cm/stubs.o

# Manual pages, dated like their sources
$(B)/share/man/%: $$(wildcard */man/$$(notdir $$*).scd)
	$(call say,MAN)
	$(Q)SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(stat -c %Y $<)} scdoc < $< > $@

$(B)/examples/%: $$(dir examples/$$*)src/$$(notdir $$*).c $$(dir $(B)/examples/$$*)stubs.o $(B)/lib/libcapchan.so
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS) $(SANITIZERS) -Wall -Wextra -pthread -I $(@D)/generated -I $(B)/include -o $@ $< \
	    $(@D)/stubs.o $(WITH_LIBRARY) $(call libs,libprotobuf-c)

$(B)/tests/programs/mirror: $(patsubst %,$(B)/obj/tests/support/%.o,random_value same_value)
$(B)/tests/programs/names/name_server: tests/programs/names/name_server.c $(B)/tests/programs/names/stubs.o $(B)/lib/libcapchan.so
	$(call say,CC)
	$(Q)$(COMPILE) -I. -I$(@D)/generated -I$(B)/include -o $@ $(filter %.c %.o,$^) $(WITH_LIBRARY) $(call libs,libprotobuf-c)
$(filter-out %/hostile %/attacker %/smuggler %/squatter %/name_server,$(ACTORS)): $(B)/tests/programs/%: tests/programs/%.c $(B)/tests/stubs.o $(B)/lib/libcapchan.so
	$(call say,CC)
	$(Q)$(COMPILE) -I. -I$(B)/tests/generated -I$(B)/include -o $@ $(filter %.c %.o,$^) $(WITH_LIBRARY) $(call libs,libprotobuf-c)
$(addprefix $(B)/tests/programs/,hostile attacker smuggler squatter): $(B)/tests/programs/%: tests/programs/%.c $(B)/tests/stubs.o $(LIBRARY)
	$(call say,CC)
	$(Q)$(COMPILE) $(INTERNAL) -I$(B)/tests/generated -o $@ $(filter %.c %.o,$^) $(call libs,libprotobuf-c)

# Entities, and the program that runs them beside what they are compared with
ENTITIES = echo_server echo_client idle_client holder
CALLS = $(B)/obj/tests/bench/calls
$(B)/tests/bench/support.a: $(call objects,tests/bench/support/*.c)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^
$(addprefix $(B)/tests/bench/calls/,$(ENTITIES)): $(B)/tests/bench/calls/%: tests/bench/calls/%.c $(B)/tests/bench/calls/stubs.o \
    $(B)/tests/bench/support.a $(B)/lib/libcapchan.so
	$(call say,CC)
	$(Q)$(COMPILE) -I. -I$(@D)/generated -I$(B)/include -o $@ $(filter %.c %.o %.a,$^) $(WITH_LIBRARY) $(call libs,libprotobuf-c)
$(CALLS)/socket_protobuf.o: private INTERNAL += -I$(B)/tests/bench/calls/generated
$(CALLS)/socket_protobuf.o: $(B)/tests/bench/calls/stubs.o
$(B)/tests/bench/calls/bench_calls: $(filter-out $(ENTITIES:%=$(CALLS)/%.o),$(call objects,tests/bench/calls/*.c)) $(B)/tests/bench/support.a
	$(call say,LD)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(@D)/generated/calls/IEcho.pb-c.o $(filter %.a,$^) $(call libs,smartcols jansson libprotobuf-c)

$(B)/tests/bench/test_transfer: | $(BENCHES)

$(B)/tests/internals.a: $(INTERNALS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^
$(B)/tests/%: tests/%.c $(B)/tests/internals.a $(B)/tests/stubs.o
	$(call say,TEST)
	$(Q)$(COMPILE) $(INTERNAL) -I$(B)/tests/generated -o $@ $< $(filter %.o,$^) $(B)/tests/internals.a \
	    $(call libs,check libprotobuf-c libfyaml libcap jansson)

# Programs that fork what takes a session over: nothing may have looked for one before main()
$(B)/tests/stress/stress_races: $(B)/tests/%: tests/%.c $(B)/tests/internals.a
	$(call say,TEST)
	$(Q)$(COMPILE) $(INTERNAL) -o $@ $< $(B)/tests/internals.a $(call libs,check libprotobuf-c libfyaml libcap jansson)

# The library as core/step.h wants it, for the programs that are killed or held at a step of a call
$(B)/steps/%.o: %.c
	$(call say,CC)
	$(Q)$(COMPILE) -DCAPCHAN_STEPS $(INTERNAL) -c $< -o $@
$(addprefix $(B)/tests/,stress/stress_steps programs/stepper core/test_endings): $(STEPS)

$(FUZZERS): $(B)/%: tests/fuzz/%.c $(B)/tests/internals.a $(B)/tests/stubs.o
	$(call say,FUZZ)
	$(Q)$(COMPILE) -fsanitize=fuzzer $(INTERNAL) -I$(B)/tests/generated -o $@ $< $(B)/tests/stubs.o \
	    $(B)/tests/internals.a $(call libs,check libprotobuf-c libfyaml libcap jansson)

include $(sort $(wildcard tests/bench/*/*.mk)) tests/arm64/arm64.mk

# What is done with it; each first sees to what must be installed

deps: ## install what any of these needs and is missing
	@.ci/deps
demo check lint man model stress races bench bench-idlc bench-count arm64:
	@.ci/deps $@
	@+$(MAKE) --no-print-directory do-$@
fuzz: fuzz-$(ENGINE)
fuzz-libfuzzer:
	@.ci/deps fuzz
	@+$(MAKE) --no-print-directory do-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined BUILD=build/fuzz
fuzz-afl:
	@.ci/deps fuzz-afl
	@+AFL_QUIET=1 $(MAKE) --no-print-directory do-fuzz CC=afl-clang-fast SANITIZE=address,undefined BUILD=build/fuzz-afl
demo: ## build, then run examples/echo through the broker
check: ## build and run every test
lint: ## layering, headers, format, static analysis
man: ## the manual pages
model: ## check the model of the hand-over in tests/model, and that it can fail
fuzz: ## each fuzzer for FUZZ_SECONDS (30), by ENGINE libfuzzer or afl
bench: ## how long calls take, beside raw shared memory; BENCH=--quick for less of it
bench-idlc: ## how long idlc takes for 1,000 files
stress: ## ROUNDS hand-overs (10,000,000), TIMES deaths at each step of a call (100)
races: ## each two things that can happen to a request at once, and calls taken back, RACES times (10,000), under ThreadSanitizer

do-demo: all examples
	@echo && echo '$$ capchan run --exit-with echo.Client examples/echo/init.yaml'
	@$(B)/bin/capchan run --exit-with echo.Client --bin $(B)/examples/echo examples/echo/init.yaml
do-check: $(if $(T),$(CHOSEN) $(ACTORS) $(STRESS) all examples $(PAGES),tests)
	@tests/support/run_checks.sh "$(CHOSEN)"
do-lint: all $(B)/tests/stubs.o
	@tests/lint/lint.sh
do-man: $(PAGES)
do-model:
	@tests/model/run.sh
do-fuzz: $(FUZZERS)
	@tests/fuzz/run.sh $(ENGINE) $(FUZZ_SECONDS) $(FUZZERS)
do-bench: all $(BENCHES) $(if $(BENCH),,$(BENCH_PEERS))
	@$(B)/tests/bench/calls/bench_calls --json $(B)/bench.json --plot $(B)/bench.svg $(BENCH)
	@$(if $(BENCH),,echo && $(BENCH_PEERS) --work connect)
do-bench-idlc: all
	@tests/bench/idlc/bench_idlc.sh
do-stress: all $(STRESS) $(ACTORS) $(addprefix $(B)/tests/,core/test_handles_model $(addprefix stress/,test_steps test_crowd test_revocation) $(addprefix system/,test_idle test_brokerless test_wreck))
	@tests/stress/run.sh $(ROUNDS) $(TIMES)
do-races:
	@+$(MAKE) --no-print-directory SANITIZE=thread race
race: $(B)/tests/stress/stress_races $(B)/tests/stress/stress_withdrawals
	@for program in $^; do TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0 $$program --rounds $(RACES) || exit 1; done

golden: $(B)/bin/idlc ## refresh the expected output of idlc; review the diff
	@tests/gen/golden.sh refresh
install: all man ## to PREFIX (/usr/local), below DESTDIR
	install -D -t $(DESTDIR)$(PREFIX)/bin $(B)/bin/capchand $(B)/bin/capchan $(B)/bin/idlc
	ln -sf idlc $(DESTDIR)$(PREFIX)/bin/nk-gen-c
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib $(B)/lib/libcapchan.so.0 $(B)/lib/libcapchan.a
	ln -sf libcapchan.so.0 $(DESTDIR)$(PREFIX)/lib/libcapchan.so
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/capchan/idl
	cp -R idl/share/. $(DESTDIR)$(PREFIX)/share/capchan/idl
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/capchan/idl/capchan cm/resources/capchan/NameServer.idl
	cp -R gen/share/. $(DESTDIR)$(PREFIX)/share/capchan
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include/kl/core $(B)/include/kl/core/Types.idl.h
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(B)/share/man/man1/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 $(B)/share/man/man5/*
	cp -R $(PUBLIC:%=%/.) $(DESTDIR)$(PREFIX)/include
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' core/capchan.pc.in \
	    > $(DESTDIR)$(PREFIX)/lib/pkgconfig/capchan.pc
clean: ## remove build/
	rm -rf build
help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1: /p' $(MAKEFILE_LIST) | awk -F': ' '{ printf "  %-11s %s\n", $$1, $$2 }'

-include $(shell find $(B) -name '*.d' 2>/dev/null)
