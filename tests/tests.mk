# Which test programs exist beyond one per folder, and how all are run.

unit: $(addprefix unit-,$(UNIT_DIRS))

# Helpers of the end-to-end tests.
$(B)/scan-memory: $(B)/tests/support/scan_memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
test-all: $(B)/scan-memory

# The screen: golden compare, and a terminal for tests (libvterm) that runs a
# small program over src/term.
SUPPORT_unit_ui := golden.c
SUPPORT_unit_term := vt.c
PKGS_unit_term := vterm
$(B)/term-echo: $(B)/tests/support/term_echo.o $(call libs,term)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,term))
unit-term: $(B)/term-echo

# dasi-key: the program itself is run; its parts are linked for what a process
# boundary hides (jail) and for the sanitizers, which cannot live in the jail.
USES_unit_key := peer npki rpc
PKGS_unit_key := libseccomp
$(B)/unit-key: $(filter-out %/main.o,$(call objs,$(call prog_srcs,key))) \
  $(B)/dasi-key

# dasi-media: its parts are linked, and the program itself is run.
USES_unit_media := rpc conf
PKGS_unit_media := mount libsystemd
$(B)/unit-media: $(filter-out %/main.o,$(call objs,$(call prog_srcs,media))) \
  $(B)/dasi-media

# The screens: golden frames need the catalogues as programs read them.
SUPPORT_unit_screens := golden.c
unit-screens: export DASI_LOCALE := $(B)/locale
unit-screens: $(LOCALES)

# The agent's core with scripted peers, and its loop in a child.
USES_unit_agent := store audit case identity rpc npki conf
PKGS_unit_agent := libsystemd
$(B)/unit-agent: $(filter-out %/main.o,$(call objs,$(call prog_srcs,agent)))

# dasi-sandbox: all its parts but main, under a clock of the test's own.
USES_unit_sandbox := npki identity
PKGS_unit_sandbox := libmicrohttpd jansson libcrypto
$(B)/unit-sandbox: $(filter-out %/main.o,$(call objs,$(call prog_srcs,sandbox)))

# dasi-net is run as a program, between an agent and peers of the test.
USES_unit_net := peer npki rpc conf
PKGS_unit_net := libssl
$(B)/unit-net: $(B)/dasi-net


# Fuzzing: targets of tests/fuzz over the folders they read.
FUZZ_TARGETS := $(filter-out replay,$(basename $(notdir $(wildcard tests/fuzz/*.c))))
FUZZ_USES := npki base
$(B)/replay-%: $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/%.o $(call libs,$(FUZZ_USES))
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call pkgs,$(call ext,$(FUZZ_USES)))
$(B)/tests/fuzz/%.o: EXTRA_CFLAGS := -Itests/fuzz
replays: $(FUZZ_TARGETS:%=$(B)/replay-%)
fuzz-replay:
	@$(MAKE) --no-print-directory PROFILE=asan replays
	tests/run -- tests/fuzz/replay.sh
build/fuzz/%: tests/fuzz/%.c
	@mkdir -p build/fuzz build/fuzz/new-$*
	clang-14 -std=c17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	  $(CPPFLAGS) $(PKG_CFLAGS) -Itests/fuzz $< $(filter-out src/base/wipe_alloc.c,$(wildcard $(foreach d,$(FUZZ_USES),src/$(d)/*.c))) \
	  $(call pkgs,$(call ext,$(FUZZ_USES))) -o $@
fuzz: $(FUZZ_TARGETS:%=build/fuzz/%)
	for t in $(FUZZ_TARGETS); do build/fuzz/$$t -max_total_time=$(or $(SECONDS),60) -max_len=8192 \
	  -timeout=20 build/fuzz/new-$$t tests/fuzz/corpus/$$t || exit 1; done
.PHONY: replays fuzz
$(B)/unit-term: | $(B)/term-echo
$(B)/unit-screens: | $(LOCALES)
