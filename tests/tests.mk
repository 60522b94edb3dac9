# Which test programs exist beyond one per folder, and how all are run.

unit: $(addprefix unit-,$(UNIT_DIRS))

# Helpers of the end-to-end tests.
$(B)/scan-memory: $(B)/tests/support/scan_memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
test-all e2e: $(B)/scan-memory

# A database with an audit log, for tests/e2e/audit.sh.
$(B)/audit-make: $(B)/tests/support/audit_make.o $(call libs,store)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,store))
test-all e2e: $(B)/audit-make

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
SUPPORT_unit_key := bench.c fake_ca.c
USES_unit_key := enrol peer npki identity rpc
PKGS_unit_key := libseccomp
$(B)/unit-key: $(filter-out %/main.o,$(call objs,$(call prog_srcs,key))) \
  $(B)/dasi-key

# dasi-token: its parts over SoftHSM, through a module that plays what a
# software token never does.
SUPPORT_unit_token := bench.c fake_ca.c
USES_unit_token := enrol peer npki rpc
PKGS_unit_token := p11-kit-1
$(B)/token-shim.so: tests/support/token_shim.c
	$(Q)$(CC) -std=c17 -g -O1 -fPIC -shared -Wall -Wextra -D_POSIX_C_SOURCE=200809L \
	  $$(pkg-config --cflags p11-kit-1) -o $@ $< -ldl
$(B)/unit-token: $(filter-out %/main.o %/server.o,$(call objs,$(call prog_srcs,token))) \
  | $(B)/token-shim.so
test-all e2e: $(B)/token-shim.so

# dasi-media: its parts are linked, and the program itself is run.
USES_unit_media := rpc conf
PKGS_unit_media := mount
$(B)/unit-media: $(filter-out %/main.o,$(call objs,$(call prog_srcs,media))) \
  $(B)/dasi-media

# The screens: golden frames need the catalogues as programs read them.
SUPPORT_unit_screens := golden.c form_code.c
unit-screens: export DASI_LOCALE := $(B)/locale
unit-screens: $(LOCALES)

# What is printed: golden slips; dasi-print's parts with the sandbox's printer.
SUPPORT_unit_paper := golden.c
USES_unit_print := paper rpc conf
PKGS_unit_print := libcrypto
$(B)/unit-print: $(filter-out %/main.o,$(call objs,$(call prog_srcs,print))) \
  $(call objs,src/prog/sandbox/printer.c src/prog/sandbox/printer_paper.c)

# The audit log over memory and over SQLite.
USES_unit_auditlog := store audit case

# The agent's core with scripted peers, and its loop in a child.
SUPPORT_unit_agent := pay_contract.c
USES_unit_agent := handoff report store audit case identity rpc npki conf paper
PKGS_unit_agent := libsystemd
$(B)/unit-agent: $(filter-out %/main.o,$(call objs,$(call prog_srcs,agent)))

# dasi, the tool: all its parts but main.
USES_unit_tool := $(USES_tool)
PKGS_unit_tool := jansson
$(B)/unit-tool: $(filter-out %/main.o,$(call objs,$(call prog_srcs,tool)))

# dasi-sandbox: all its parts but main, under a clock of the test's own.
USES_unit_sandbox := npki identity
PKGS_unit_sandbox := libmicrohttpd jansson libcrypto
$(B)/unit-sandbox: $(filter-out %/main.o,$(call objs,$(call prog_srcs,sandbox)))

# dasi-net is run as a program, between an agent and peers of the test.
SUPPORT_unit_net := pay_contract.c
USES_unit_net := peer npki rpc conf
PKGS_unit_net := libssl
$(B)/unit-net: $(B)/dasi-net $(B)/dasi-sandbox

# dasi-ship: its parts but main, and an agent with an invented log, which the
# end-to-end test and the benchmark use too.
USES_unit_ship := audit rpc conf
PKGS_unit_ship := libpq
$(B)/ship-agent: $(B)/tests/support/ship_agent.o $(call libs,audit rpc base)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,audit rpc base))
$(B)/unit-ship: $(filter-out %/main.o,$(call objs,$(call prog_srcs,ship) \
  $(filter src/prog/witness/judge.c src/prog/witness/memory.c,$(call prog_srcs,witness)))) \
  | $(B)/ship-agent
test-all e2e: $(B)/ship-agent

# Fuzzing: one target per file of tests/fuzz, the folders it reads, and files
# of programs it wires by themselves.
FUZZ_TARGETS := $(filter-out replay,$(basename $(notdir $(wildcard tests/fuzz/*.c))))
FUZZ_USES_answer := flow
FUZZ_USES_certificate := npki
FUZZ_USES_cmp := peer
FUZZ_USES_conf := conf
FUZZ_USES_document := paper
FUZZ_USES_field := ui
FUZZ_USES_frame := rpc
FUZZ_USES_handoff := handoff rpc
FUZZ_USES_identify := npki
FUZZ_USES_machine := case
FUZZ_USES_mrz := identity
FUZZ_USES_ocsp := peer
FUZZ_USES_pay := peer
FUZZ_USES_pkcs12 := npki
FUZZ_USES_prefill := prefill
FUZZ_USES_registry := peer
FUZZ_USES_relay := rpc
FUZZ_USES_request := rpc
FUZZ_USES_signpri := npki
FUZZ_USES_smtp := peer
FUZZ_USES_term := term
FUZZ_USES_typed := identity
FUZZ_USES_utf8 := base
FUZZ_USES_walk := peer
FUZZ_USES_wedge := flow
FUZZ_SRCS_prefill := tests/support/form_code.c
FUZZ_SRCS_wedge := tests/support/form_code.c
FUZZ_SRCS_handoff := src/prog/handoff/desk.c src/prog/handoff/desk_phone.c src/prog/handoff/wire.c
FUZZ_SRCS_relay := src/prog/handoff/frame.c src/prog/handoff/pass.c
FUZZ_SRCS_smtp := src/prog/sandbox/smtp.c
FUZZ_SRCS_walk := src/prog/sandbox/walk.c
FUZZ_CC := clang-14 -std=c17 -g -O1 -fno-sanitize-recover=undefined \
  -fsanitize=address,undefined
fuzz_objs = $(patsubst %.c,build/fuzz/%.o,tests/fuzz/$(1).c $(FUZZ_SRCS_$(1)) \
  $(foreach d,$(call reach,$(FUZZ_USES_$(1))),$(call srcs_of,$(d))))
define fuzz_rules
$(B)/replay-$(1): $(call objs,tests/fuzz/replay.c tests/fuzz/$(1).c $(FUZZ_SRCS_$(1))) $(call libs,$(FUZZ_USES_$(1)))
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	  -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(call pkgs,$$(call ext,$(FUZZ_USES_$(1))))
build/fuzz/$(1): $(call fuzz_objs,$(1))
	@mkdir -p build/fuzz/new-$(1)
	$$(Q)$$(FUZZ_CC) -fsanitize=fuzzer -o $$@ $$^ $$(call pkgs,$$(call ext,$(FUZZ_USES_$(1))))
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call fuzz_rules,$(t))))
$(B)/tests/fuzz/%.o build/fuzz/tests/fuzz/%.o: EXTRA_CFLAGS := -Itests/fuzz
build/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer-no-link $(CPPFLAGS) $(PKG_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@
replays: $(FUZZ_TARGETS:%=$(B)/replay-%)
fuzz-replay:
	@$(MAKE) --no-print-directory PROFILE=asan replays
	tests/run -- tests/fuzz/replay.sh
# Two at a time; what a target says is in build/fuzz/<target>.log.
fuzz: $(FUZZ_TARGETS:%=build/fuzz/%)
	printf '%s\n' $(FUZZ_TARGETS) | xargs -P 2 -n 1 tests/fuzz/search.sh $(or $(SECONDS),60)
.PHONY: replays fuzz
-include $(shell find build/fuzz -name '*.d' 2>/dev/null)
$(B)/unit-term: | $(B)/term-echo
$(B)/unit-screens: | $(LOCALES)

# dasi-counter: its parts but main, and an agent of the test.
USES_unit_counter := screens flow term ui rpc identity conf
$(B)/unit-counter: $(filter-out %/main.o,$(call objs,$(call prog_srcs,counter)))

# The real kiosk in a terminal, at a branch started by branch.sh.
SUPPORT_unit_journey := vt.c
PKGS_unit_journey := vterm
$(B)/unit-journey: $(BINS) $(LOCALES)

# The fault suite: our parts with seams between them (--wrap), and the agent's
# fake world without Criterion.  The quick set; FULL=1 for all of it.
FAULT_USES := handoff report store audit case identity rpc npki conf base
FAULT_WORLD := $(patsubst %.c,$(B)/fault-world/%.o,$(addprefix tests/unit/agent/,world.c peers.c people.c))
FAULT_WRAPS := malloc calloc fsync renameat sqlite3_exec sqlite3_prepare_v2 seal secret_apply \
  store_case_create store_case_step store_run
$(B)/tests/fault/%.o $(B)/fault-world/%.o: EXTRA_CFLAGS := -Wno-conversion \
  -Itests/fault/plain -Itests/fault -Itests/unit/agent
$(B)/fault-world/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(EXTRA_CFLAGS) $(PKG_CFLAGS) $(CFLAGS) -Wno-conversion -MMD -MP -c $< -o $@
$(B)/fault: $(call objs,$(sort $(wildcard tests/fault/*.c)) \
  $(filter-out %/main.c,$(call prog_srcs,agent))) $(FAULT_WORLD) $(call libs,$(FAULT_USES))
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(FAULT_WRAPS:%=-Wl,--wrap=%) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,$(FAULT_USES)) libsystemd)
# The families on the wire: a shim before every program, a patient customer and
# a stick that turns bad.
$(B)/wire-point.so: tests/fault/wire/point.c
	$(Q)$(CC) -std=c17 -g -O1 -fPIC -shared -Wall -Wextra -o $@ $< -ldl
$(B)/wire-stick: tests/fault/wire/stick.c
	$(Q)$(CC) -std=c17 -g -O1 -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Wno-unused-parameter \
	  $$(pkg-config --cflags fuse3) -o $@ $< $$(pkg-config --libs fuse3)
$(B)/wire-customer: $(B)/tests/fault/wire/customer.o $(call libs,rpc base)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call pkgs,$(call ext,rpc base))
# A dasi-token that proves nothing, for the token family to find.
$(B)/token-plant: $(call objs,$(call prog_srcs,token)) $(B)/tests/fault/wire/token_plant.o \
  $(call libs,$(USES_token))
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=objects_put_cert -Wl,--wrap=objects_has_cert \
	  -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,$(USES_token)) $(PKGS_prog_token))
FAULTS := $(B)/fault $(B)/wire-point.so $(B)/wire-customer $(B)/wire-stick $(B)/token-shim.so \
  $(B)/token-plant
# A row of the totals, the quick set; FAMILIES= for some alone.
test-all: $(FAULTS)
test-all: E2E += tests/fault/fault.sh
fault: all $(FAULTS)
	FULL='$(FULL)' tests/fault/fault.sh $(FAMILIES)
.PHONY: fault

# dasi-handoff: the table, the limits and the spellings, without a socket.
USES_unit_handoffd := handoff rpc conf
PKGS_unit_handoffd := libmicrohttpd gnutls libseccomp libsystemd
$(B)/unit-handoffd: $(filter-out %/main.o,$(call objs,$(call prog_srcs,handoff))) \
  $(B)/handoff_page.o

# An agent's part of a handoff, for the tests of dasi-handoff and its page.
$(B)/phone-owner: $(B)/tests/support/phone_owner.o $(call libs,handoff rpc)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,handoff rpc))
test-all e2e: $(B)/phone-owner
$(B)/qr-show: $(B)/tests/support/qr_show.o $(call libs,term)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,term))
test-all e2e: $(B)/qr-show
# The two files of a phone, for what else reads PKCS#12.
$(B)/phone-p12: $(B)/tests/support/phone_p12.o $(call libs,npki)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,npki))
test-all e2e: $(B)/phone-p12
