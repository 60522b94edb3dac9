# dasi: `make help` lists the targets.
#
# Each folder of src/ becomes one archive, each entry of PROGRAMS one program.
# DEPS_<folder> is the picture of the arrows: what a folder may include.  The
# build links by it and `make check-deps` fails on anything else.

SHELL := /bin/bash
PROFILE ?= debug
B := build/$(PROFILE)
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

empty :=
space := $(empty) $(empty)

# ---- the arrows -----------------------------------------------------------
FOLDERS := base conf identity npki case store audit rpc ui term flow peer enrol report paper handoff prefill screens
DEPS_base :=
DEPS_conf := base
DEPS_identity := base
DEPS_npki := base
DEPS_case := base identity
DEPS_store := base audit case
DEPS_audit := base
DEPS_rpc := base
DEPS_ui := base
DEPS_term := base ui
DEPS_flow := base ui rpc prefill
DEPS_peer := base npki
DEPS_enrol := base rpc npki peer
DEPS_report := base identity npki case store audit
DEPS_paper := base
DEPS_handoff := base audit
DEPS_prefill := base
DEPS_screens := base ui flow rpc identity prefill

# outside libraries, each with one home
PKGS_base := libutf8proc
PKGS_conf := libconfuse
PKGS_npki := libcrypto
PKGS_audit := libcrypto libcbor
PKGS_peer := libcrypto jansson
PKGS_enrol := libcrypto jansson
PKGS_handoff := libcrypto
PKGS_paper := pangocairo jansson
PKGS_report := jansson
PKGS_store := sqlite3
PKGS_rpc := jansson libsystemd
PKGS_ui := libhangul libqrencode
PKGS_term := ncursesw
PKGS_flow := jansson
PKGS_screens := jansson

# ---- the programs: folders they wire, extra libraries -----------------------
PROGRAMS := agent kiosk counter net key media print handoff token sandbox tool ship witness
NAME_agent := dasi-agent
NAME_kiosk := dasi-kiosk
NAME_counter := dasi-counter
NAME_net := dasi-net
NAME_key := dasi-key
NAME_media := dasi-media
NAME_print := dasi-print
NAME_handoff := dasi-handoff
NAME_token := dasi-token
NAME_sandbox := dasi-sandbox
NAME_tool := dasi
NAME_ship := dasi-ship
NAME_witness := dasi-witness
USES_agent := handoff report store audit case identity rpc npki conf base
USES_kiosk := screens flow term ui rpc identity conf base
USES_counter := screens flow term ui rpc identity conf base
USES_net := peer npki rpc conf base
USES_key := enrol peer npki identity rpc base
USES_media := rpc conf base
USES_print := paper rpc conf base
USES_handoff := handoff rpc conf base
USES_token := enrol peer npki rpc conf base
USES_sandbox := npki identity base
USES_tool := report store audit case npki identity rpc conf base
USES_ship := audit rpc conf base
USES_witness := audit base
PKGS_prog_agent := libsystemd
PKGS_prog_kiosk :=
PKGS_prog_counter :=
PKGS_prog_net := libcurl libsystemd
PKGS_prog_key := libseccomp
PKGS_prog_media := mount
PKGS_prog_print := libcrypto
PKGS_prog_handoff := libmicrohttpd gnutls libseccomp libsystemd
PKGS_prog_token := libsystemd p11-kit-1
PKGS_prog_sandbox := libmicrohttpd jansson libcrypto
PKGS_prog_tool := jansson
PKGS_prog_ship := libpq libsystemd
PKGS_prog_witness := libpq
# programs whose heap must forget (wipe_alloc.c); not under asan
FORGETS := agent kiosk counter net key media print token tool

-include kiosk-config/local.mk

# ---- flags ----------------------------------------------------------------
CC := gcc
# `make V=1` shows the whole command lines
Q := $(if $(V),,@)
WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings \
  -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wswitch-enum -Wvla \
  -Wundef -Wno-unused-parameter -Wconversion -Wno-sign-conversion
CFLAGS_debug := -O1 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer \
  -fno-sanitize-recover=undefined
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-clash-protection \
  -fcf-protection
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_release := -Wl,-z,relro,-z,now
CPPFLAGS := -Isrc -I. -D_POSIX_C_SOURCE=200809L \
  -ffile-prefix-map=$(CURDIR)=.
CFLAGS := -std=c17 $(WARN) $(if $(WERROR),-Werror) -fstack-protector-strong \
  -fPIE $(CFLAGS_$(PROFILE))
LDFLAGS := -pie -Wl,--as-needed $(LDFLAGS_$(PROFILE))
pkgs = $(shell pkg-config --libs $(1))
PKG_CFLAGS := $(shell pkg-config --cflags libutf8proc libcrypto libhangul \
  jansson pangocairo p11-kit-1 2>/dev/null)

# ---- what there is ----------------------------------------------------------
dir_of = $(if $(filter screens,$(1)),screens,src/$(1))
srcs_of = $(sort $(filter-out src/base/wipe_alloc.c, \
  $(wildcard $(call dir_of,$(1))/*.c $(call dir_of,$(1))/*/*.c)))
prog_srcs = $(sort $(wildcard src/prog/$(1)/*.c))
objs = $(patsubst %.c,$(B)/%.o,$(1))
# a folder's folders, all the way down
reach = $(sort $(1) $(foreach d,$(1),$(if $(DEPS_$(d)),$(call reach,$(DEPS_$(d))))))
libs = $(foreach d,$(call reach,$(1)),$(B)/lib$(d).a)
ext = $(sort $(foreach d,$(call reach,$(1)),$(PKGS_$(d))))

BINS := $(foreach p,$(PROGRAMS),$(if $(call prog_srcs,$(p)),$(B)/$(NAME_$(p))))
UNIT_DIRS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard tests/unit/*/*.c)))))
UNITS := $(foreach d,$(UNIT_DIRS),$(B)/unit-$(d))
LOCALES := $(patsubst assets/locale/%.po,$(B)/locale/%/LC_MESSAGES/dasi.mo,$(wildcard assets/locale/*.po))

.PHONY: all help deps clean fmt fmt-check check-deps unit asan test test-all \
  demo run counter install golden e2e fuzz-replay bench tidy
all: $(BINS) $(LOCALES)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@$(if $(V),,echo "  CC $<")
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

define folder_rules
$(B)/lib$(1).a: $(call objs,$(call srcs_of,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$$(AR) rcsD $$@ $$^
endef
$(foreach d,$(FOLDERS),$(eval $(call folder_rules,$(d))))

define program_rules
$(B)/$(NAME_$(1)): $(call objs,$(call prog_srcs,$(1))) $(call libs,$(USES_$(1))) \
  $(if $(filter $(1),$(FORGETS)),$(if $(filter asan,$(PROFILE)),,$(B)/src/base/wipe_alloc.o))
	@$$(if $$(V),,echo "  LD $$@")
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	  -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(call pkgs,$(call ext,$(USES_$(1))) $(PKGS_prog_$(1)))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(p))))

# the phone's page, as C, with the hashes that let it run
$(B)/handoff_page.c: assets/handoff/page.html src/prog/handoff/embed.sh
	@mkdir -p $(@D)
	$(Q)src/prog/handoff/embed.sh $< >$@
$(B)/handoff_page.o: $(B)/handoff_page.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(B)/dasi-handoff: $(B)/handoff_page.o

# the form for home, one file; only this needs npm and node
build/form.html: assets/form/form.html assets/form/build.mjs assets/form/package-lock.json
	@mkdir -p build/form && cp assets/form/package.json assets/form/package-lock.json build/form/
	$(Q)cd build/form && npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1 || { cat npm.log; exit 1; }
	$(Q)node assets/form/build.mjs $< build/form/node_modules/qrcode-generator/dist/qrcode.js >$@
form-page: build/form.html
.PHONY: form-page

$(B)/locale/%/LC_MESSAGES/dasi.mo: assets/locale/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

# ---- tests ------------------------------------------------------------------
# tests/unit/<folder>/*.c is one Criterion program over that folder; a name
# that is no folder of src/ says what it wires in USES_unit_<name>.
unit_uses = $(if $(filter $(1),$(FOLDERS)),$(1),$(USES_unit_$(1))) base
define unit_rules
$(B)/unit-$(1): EXTRA_CFLAGS := -Wno-conversion -Itests/support -Itests/unit/$(1)
$(B)/unit-$(1): $(call objs,$(sort $(wildcard tests/unit/$(1)/*.c) $(foreach s,$(SUPPORT_unit_$(1)),tests/support/$(s)))) $(call libs,$(call unit_uses,$(1)))
	@$$(if $$(V),,echo "  LD $$@")
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	  -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(call pkgs,$(call ext,$(call unit_uses,$(1))) $(PKGS_unit_$(1)) criterion)
unit-$(1): $(B)/unit-$(1)
	cd $(CURDIR) && $(B)/unit-$(1) --quiet || $(B)/unit-$(1)
.PHONY: unit-$(1)
endef
include tests/tests.mk
$(foreach d,$(UNIT_DIRS),$(eval $(call unit_rules,$(d))))

# ---- installing, packaging, looking closer ------------------------------------
# unit-base runs on the heap the programs run on.
$(B)/unit-base: $(if $(filter asan,$(PROFILE)),,$(B)/src/base/wipe_alloc.o)

VERSION ?= $(shell sed -n 's/^.define REPORT_VERSION "\(.*\)"/\1/p' src/report/report.h)
PREFIX ?= /usr
PACKAGED ?= release
.PHONY: packaged deb
packaged:
	@$(MAKE) --no-print-directory PROFILE=$(PACKAGED) all
install: packaged
	@kiosk-config/deb/install '$(DESTDIR)' '$(PREFIX)' build/$(PACKAGED)
deb: packaged
	@kiosk-config/deb/build $(or $(OUT),build) '$(VERSION)' build/$(PACKAGED)

# Slow to read and never built into anything, so by hand and not in `make test`.
TIDY := $(sort $(shell find src screens -name '*.c' 2>/dev/null))
tidy:
	@printf '%s\n' $(or $(FILES),$(TIDY)) | xargs -P $$(nproc) -n 1 sh -c \
	  'clang-tidy-14 --quiet "$$1" -- -std=c17 $(CPPFLAGS) $(PKG_CFLAGS) 2>/dev/null' tidy

# Figures of release builds, each beside a reference of the same run.
$(B)/bench: EXTRA_CFLAGS := -Itests/support
$(B)/bench: $(call objs,$(sort $(wildcard tests/bench/*.c)) tests/support/vt.c) $(call libs,store npki rpc conf)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(call pkgs,$(call ext,store npki rpc conf) vterm)
bench:
	@$(MAKE) --no-print-directory PROFILE=release all build/release/bench build/release/ship-agent build/release/phone-owner
	@tests/bench/bench.sh $(JSON)

# ---- housekeeping -------------------------------------------------------------
help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)
#: all          build everything (PROFILE=debug|asan|release)
#: run          set up, start a practice branch and a kiosk here
#: counter      [ROLE=supervisor|auditor] [STAFF=name]: a clerk at the branch of `make run`
#: demo         OUT=dir [PERSON=id]: an unattended reissue on a throw-away branch
#: test         set up and run all tests
#: unit         unit tests; unit-<folder> for one
#: e2e          the end-to-end tests alone
#: golden       write the golden screens anew; review with git diff
#: asan         the unit tests under ASan and UBSan
#: fuzz-replay  every fuzzing seed through every target, under the sanitizers
#: fuzz         SECONDS=60: look for new crashes with libFuzzer
#: check-deps   fail when a folder includes what its arrows do not allow
#: fmt          format the sources; fmt-check only looks
#: form-page    build/form.html, the form customers fill in at home (needs npm)
#: install      DESTDIR= PREFIX=/usr: a release build in its places
#: deb          OUT=build VERSION=0.1.0: a Debian package, the same bytes every time
#: tidy         [FILES=...]: clang-tidy over src and screens
#: bench        [JSON=file]: times, bytes and memory beside a reference each
#: clean        remove build/
deps:
	@kiosk-config/install-deps

# The packages come first, in a make of their own: pkg-config answers are part
# of this file and must be read again once they are there.
E2E := $(sort $(wildcard tests/e2e/*.sh))
test:
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory test-all
test-all: check-deps
	@$(MAKE) --no-print-directory -j$$(nproc) all $(UNITS)
	@$(MAKE) --no-print-directory -j$$(nproc) PROFILE=asan replays
	DASI_LOCALE=$(B)/locale tests/run $(UNITS) -- tests/fuzz/replay.sh $(E2E)
e2e: all
	tests/run -- $(E2E)
golden: all $(B)/unit-screens
	GOLDEN_UPDATE=1 $(B)/unit-screens --quiet; git diff --stat -- tests/golden

# The unit tests under ASan and UBSan.  A leaking Criterion test still says
# Passing, so a report of the sanitizer is the verdict.
asan:
	@$(MAKE) --no-print-directory deps
	@rm -rf build/asan/report && mkdir -p build/asan/report
	@$(MAKE) --no-print-directory PROFILE=asan -j$$(nproc) all $(UNITS:build/debug/%=build/asan/%)
	DASI_LOCALE=build/asan/locale LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/lsan.supp:print_suppressions=0 ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:log_path=build/asan/report/r UBSAN_OPTIONS=print_stacktrace=1 \
	  tests/run $(UNITS:build/debug/%=build/asan/%)
	@! grep -lE 'ERROR: |runtime error' build/asan/report/* 2>/dev/null || { cat build/asan/report/*; exit 1; }

demo run:
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@kiosk-config/practice/$@ $(if $(OUT),--out $(OUT)) $(if $(PERSON),--person $(PERSON)) $(if $(PEOPLE),--people $(PEOPLE))

counter:
	@$(MAKE) --no-print-directory all
	@kiosk-config/practice/counter $(if $(ROLE),--role $(ROLE)) $(if $(STAFF),--staff $(STAFF))

check-deps:
	@bad=$$($(foreach d,$(FOLDERS),grep -rnE '^#include "' $(call dir_of,$(d)) --include=*.[ch] \
	  | grep -vE '#include "($(d)$(subst $(space),,$(foreach x,$(DEPS_$(d)),|$(x)))$(if $(filter screens,$(d)),|kiosk|counter))/' ;) true); \
	[ -z "$$bad" ] || { echo "arrows broken:"; echo "$$bad"; exit 1; }
	@bad=$$( { grep -rnE '#include <(n?cursesw?|term)\.h' src screens --include=*.[ch] | grep -v '^src/term/'; \
	  grep -rn '#include <sqlite3' src screens --include=*.[ch] | grep -v '^src/store/'; \
	  grep -rn '#include <openssl' src screens --include=*.[ch] | grep -vE '^src/(npki|audit|peer|enrol|handoff|prog)/'; \
	  grep -rn '#include <hangul' src screens --include=*.[ch] | grep -v '^src/ui/'; \
	  grep -rn '#include <confuse' src screens --include=*.[ch] | grep -v '^src/conf/'; \
	  grep -rn '#include <p11-kit' src screens --include=*.[ch] | grep -v '^src/prog/token/'; \
	  grep -rn '#include <curl' src screens --include=*.[ch] | grep -v '^src/prog/net/'; \
	  grep -rnE '#include <stdio' screens --include=*.[ch]; } ); \
	[ -z "$$bad" ] || { echo "a library outside its home:"; echo "$$bad"; exit 1; }
	@echo "arrows hold"

SOURCES := $(shell find src screens tests -name '*.[ch]' 2>/dev/null)
fmt:
	clang-format-14 -i $(SOURCES)
fmt-check:
	clang-format-14 --dry-run -Werror $(SOURCES)
clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
