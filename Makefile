# sureftpd - see README.md.  `make help` lists the targets.

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh
comma := ,

# --- what must be installed, by the names Debian and Ubuntu use
BUILD_PACKAGES := gcc libc6-dev make autoconf pkg-config libssl-dev \
	libpam0g-dev libcap-dev libseccomp-dev libinih-dev \
	libcrypt-dev zlib1g-dev libncurses-dev libqrencode-dev \
	libcunit1-dev
TEST_PACKAGES := libpam-modules libpam-oath util-linux procps iproute2 mandoc
CLANG_PACKAGES := clang
FUZZ_PACKAGES := clang libclang-rt-dev
# Debian has no package of Node's basic-ftp, and npm depends on 400 packages.
INTEROP_PACKAGES := curl lftp ncftp tnftp wget python3 php-cli ruby \
	libio-socket-ssl-perl golang-go golang-github-jlaffaye-ftp-dev \
	default-jdk-headless libcommons-net-java rclone nodejs \
	gvfs-backends glib-networking libglib2.0-bin dbus filezilla xvfb \
	busybox python3-aioftp
LAB_PACKAGES := user-mode-linux kmod e2fsprogs xfsprogs apparmor python3 \
	rpm
VSFTPD_PACKAGES := python3
DEB_PACKAGES := build-essential debhelper lintian
SYSTEMD_PACKAGES := debootstrap systemd-container
PACKAGES = etc/install-packages

# --- where things are built; SAN=1 is a second build, with the address and
# undefined-behaviour sanitizers
SAN ?=
B := build$(if $(SAN),/san)
JOBS := $(shell nproc 2>/dev/null || echo 1)

SOURCES := $(wildcard common/*.c common/*/*.c daemon/*.c daemon/*/*.c \
	pam/*.c worker/*.c worker/*/*.c)
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
MAIN    := $(B)/daemon/main.o
LIBRARY := $(B)/libsureftpd.a
PROGRAM := $(B)/sureftpd
# The administrator's program.
CTL_MAIN := $(B)/daemon/control/ctl.o
CTL      := $(B)/sureftpctl
PROGRAMS := $(PROGRAM) $(CTL)

ENDURANCE := $(B)/tests/functional/suite_endurance
UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
UNIT_HARNESS := $(patsubst %.c,$(B)/%.o,$(filter-out tests/unit/test_%, \
	$(wildcard tests/unit/*.c)))
SUITES := $(patsubst %.c,$(B)/%,$(wildcard tests/functional/suite_*.c))
HARNESS := $(patsubst %.c,$(B)/%.o,$(filter-out tests/functional/suite_%, \
	$(wildcard tests/functional/*.c)))
LINT := $(sort $(wildcard tests/lint/*.sh))
INTEROP := $(sort $(wildcard tests/interop/*.sh))
LAB := $(sort $(wildcard tests/lab/*.sh))
LAB_PRELOAD := $(B)/tests/lab/xstate.so
# The suites' own PAM modules, and libraries preloaded into the daemon.
MODULES := $(patsubst %.c,$(B)/%.so,$(wildcard tests/pam/*.c tests/faults/*.c))
LAB_SUITES := $(patsubst %.c,$(B)/%,$(wildcard tests/lab/suite_*.c))
WORLD_RUN := $(B)/tests/interop/world_run
BENCH := $(B)/tests/bench/bench

.PHONY: all
all: $(PROGRAMS) ## build server and sureftpctl (SAN=1: with sanitizers)

# --- the results of configure; these targets do without, because they install
# what configure looks for, or need nothing
UNCONFIGURED := help install-packages install-test-packages run check \
	check-sanitize check-soak check-clang check-interop check-vsftpd \
	check-lab fuzz clean distclean source deb rpm check-systemd \
	print-build-packages
ifneq ($(filter-out $(UNCONFIGURED),$(or $(MAKECMDGOALS),all)),)
include config.mk
include $(B)/optional-$(notdir $(lastword $(CC))).mk
endif

config.mk: configure etc/config.mk.in common/config.h.in
	@CC= CFLAGS= ./configure --quiet $(CONFIGURE_FLAGS)
	@touch config.mk

configure: configure.ac
	autoconf -o configure configure.ac

PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
SBINDIR    ?= $(PREFIX)/sbin
MANDIR     ?= $(PREFIX)/share/man
DOCDIR     ?= $(PREFIX)/share/doc/sureftpd
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
LIBDIR     ?= $(PREFIX)/lib
LOGDIR     ?= /var/log/sureftpd
# The only directory that Linux-PAM reads.
PAMDIR     ?= /etc/pam.d
# etc/pam.d/sureftpd.redhat for Fedora and its relatives.
PAM_FILE   ?= etc/pam.d/sureftpd

# --- compiling
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wvla -Wundef -Wcast-qual -Wnull-dereference \
	-Wimplicit-fallthrough -Wredundant-decls -Wnested-externs -Walloca \
	-Wdate-time
HARDENING := -fPIE -fstack-protector-strong -fno-common \
	-fno-delete-null-pointer-checks
# Flags that not every compiler or processor supports.
OPTIONAL := -fstack-clash-protection -fcf-protection=full \
	-mbranch-protection=standard -ftrivial-auto-var-init=zero \
	-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wcast-align=strict
ifdef SAN
OPTIMISE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
else
# Not with sanitizers, because -fno-strict-overflow makes wrapping defined.
OPTIMISE := -O2 -fno-strict-overflow
# After the flags of distributions, which may ask for less; -Wp because theirs
# may have it, too, and comes after options without.
FORTIFY := -Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3
endif
CFLAGS ?= -g
# The path of the tree is not compiled in, so that the same source gives the
# same bytes wherever it is built.
ALL_CFLAGS = -std=gnu17 $(OPTIMISE) $(CFLAGS) $(WARNINGS) $(HARDENING) \
	$(OPTIONAL_CFLAGS) -ffile-prefix-map=$(CURDIR)=. -I. \
	-DSYSCONFDIR='"$(SYSCONFDIR)"' $(CPPFLAGS) $(OPENSSL_CFLAGS) \
	$(PAM_CFLAGS) $(CAP_CFLAGS) $(SECCOMP_CFLAGS) $(INIH_CFLAGS) \
	$(CRYPT_CFLAGS) $(ZLIB_CFLAGS) $(CURSES_CFLAGS) \
	$(QRENCODE_CFLAGS) $(CUNIT_CFLAGS) $(FORTIFY)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed \
	$(if $(SAN),-fsanitize=address$(comma)undefined) $(LDFLAGS)
LIBS = $(OPENSSL_LIBS) $(PAM_LIBS) $(CAP_LIBS) $(SECCOMP_LIBS) $(INIH_LIBS) \
	$(CRYPT_LIBS) $(ZLIB_LIBS)
# The sanitizer wraps crypt_r(), and crashes when a PAM module calls it and the
# real one is not linked.
ifdef SAN
LIBS += -Wl,--no-as-needed $(CRYPT_LIBS)
endif

$(B)/optional-%.mk: Makefile
	@mkdir -p $(@D)
	@{ printf 'OPTIONAL_CFLAGS :='; for flag in $(OPTIONAL); do \
		$(CC) -Werror $$flag -x c -c -o /dev/null /dev/null \
			2>/dev/null && printf ' %s' $$flag; \
	done; echo; } >$@

# Everything is built again when the compiler or its flags change.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	$(file >$@.new,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS))
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
.PHONY: FORCE
FORCE:

# V=1 shows whole commands.
V ?=
say = $(if $(V),,@echo "  $(1) $@";)

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,compile)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

ARCHIVE = rm -f $@ && $(AR) rcsD $@ $^
$(LIBRARY): $(filter-out $(MAIN) $(CTL_MAIN),$(OBJECTS))
	$(call say,archive)$(ARCHIVE)

# Other accounts run the programs too, whatever the umask of who builds.
LINK = umask 022; $(CC) $(ALL_LDFLAGS) -o $@ $^
$(PROGRAM): $(MAIN) $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS)

# Only with the libraries for password hashes and for the terminal: sureftpctl
# must not need keys or settings.
$(CTL): $(CTL_MAIN) $(LIBRARY)
	$(call say,link   )$(LINK) $(CRYPT_LIBS) $(CURSES_LIBS)

$(UNIT): $(B)/%: $(B)/%.o $(UNIT_HARNESS) $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS) $(CUNIT_LIBS)

$(SUITES) $(LAB_SUITES): $(B)/%: $(B)/%.o $(HARNESS) $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS) $(CUNIT_LIBS)

# Loaded into other programs: the kernel of the lab, the daemon by PAM.
$(LAB_PRELOAD) $(MODULES): $(B)/%.so: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $< \
		$(PAM_LIBS)

# The world of the functional suites, with a main of its own.
WORLD := accounts files ftps_certs network procs procs_memory server waiting \
	world
$(WORLD_RUN): $(B)/%: $(B)/%.o $(WORLD:%=$(B)/tests/functional/%.o) $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS) $(CUNIT_LIBS)

# --- fuzzers: with libFuzzer, or each with a main that replays its seeds
FUZZ := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY := $(patsubst tests/fuzz/seeds/%,$(B)/tests/fuzz/replay_%, \
	$(wildcard tests/fuzz/seeds/*))
FUZZ_MAINS := tests/fuzz/fuzz_% tests/fuzz/dictionary.c tests/fuzz/replay.c
FUZZ_LIBRARY := $(B)/libfuzz.a
$(FUZZ_LIBRARY): $(patsubst %.c,$(B)/%.o,$(filter-out $(FUZZ_MAINS), \
	$(wildcard tests/fuzz/*.c)))
	$(call say,archive)$(ARCHIVE)

# Calls that the fuzzers replace: the world around a server (world.h), the files
# of a listing.
WRAPPED = $(patsubst %,-Wl$(comma)--wrap=%,$(WRAP))
$(B)/tests/fuzz/%_conversation: WRAP := poll clock_gettime clock_nanosleep \
	getrandom _exit abort
$(B)/tests/fuzz/%_listing: WRAP := fstatat fstatat64 readlinkat
$(B)/tests/fuzz/%_settings: WRAP := abort
$(B)/tests/fuzz/%_import $(B)/tests/fuzz/%_pwp: WRAP := abort memfd_create

$(FUZZ): $(B)/%: $(B)/%.o $(FUZZ_LIBRARY) $(LIBRARY)
	$(call say,link   )$(LINK) $(WRAPPED) -fsanitize=fuzzer $(LIBS)

$(REPLAY): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o \
	$(B)/tests/fuzz/replay.o $(FUZZ_LIBRARY) $(LIBRARY)
	$(call say,link   )$(LINK) $(WRAPPED) $(LIBS)

$(B)/tests/fuzz/dictionary: $(B)/%: $(B)/%.o $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS)

$(B)/ftp.dict: $(B)/tests/fuzz/dictionary tests/fuzz/ftp.dict
	$(call say,write  ){ $< && cat tests/fuzz/ftp.dict; } >$@

$(BENCH): $(patsubst %.c,$(B)/%.o,$(wildcard tests/bench/*.c)) $(LIBRARY)
	$(call say,link   )$(LINK) $(LIBS)

.SECONDARY:
-include $(OBJECTS:.o=.d) $(wildcard $(B)/tests/*/*.d)

# --- running
PORT ?= 2121
.PHONY: run
run: install-packages ## install what is missing, build, serve this machine's accounts on port 2121
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@test -e $(PAMDIR)/sureftpd || ! test -e $(PAMDIR)/common-auth || { \
		install -D -m 644 etc/pam.d/sureftpd $(PAMDIR)/sureftpd && \
		echo "Installed $(PAMDIR)/sureftpd," \
			"which tells PAM how to check passwords."; }
	@echo "Every account of this machine but root can log in, at"
	@for address in 127.0.0.1 $$(hostname -I 2>/dev/null); do \
		case $$address in *:*) address="[$$address]" ;; esac; \
		echo "  ftp://$$address:$(PORT)/"; done
	@test -e $(B)/certificate.pem || \
		$(PROGRAM) --make-certificate $(B)/certificate.pem >/dev/null
	@echo "with TLS (ftpes, explicit) and without." \
		"The certificate is $(B)/certificate.pem;"
	@echo "it is self-signed, so clients ask whether to trust it."
	@echo "Ctrl-C stops the server."
	@: >$(B)/defaults.conf
	@exec $(PROGRAM) -C $(abspath $(B)/defaults.conf) \
		-o listener.port=$(PORT) \
		-o tls.certificate=$(abspath $(B)/certificate.pem)

# --- testing; every line ends in one count
RUN_TESTS = SUREFTPD=$(PROGRAM) tests/run -j $(TEST_JOBS) \
	-o $(B)/tests/output
# On two processors: they wait more than they compute.
TEST_JOBS ?= 4
.PHONY: tests
tests: $(PROGRAMS) $(UNIT) $(SUITES) $(MODULES) $(REPLAY) $(FUZZ:=.o) \
	$(B)/ftp.dict

.PHONY: check
check: install-test-packages ## install what tests need, build, run lint, units and functional suites
	@$(MAKE) --no-print-directory -j$(JOBS) tests
	@$(RUN_TESTS) $(LINT) $(UNIT) $(REPLAY) $(SUITES)

.PHONY: check-lint
check-lint: $(PROGRAMS) ## check the coding rules
	@$(RUN_TESTS) $(LINT)

.PHONY: check-unit
check-unit: $(UNIT) $(REPLAY) ## run the unit tests, and replay the fuzzers' seeds
	@$(RUN_TESTS) $(UNIT) $(REPLAY)

.PHONY: check-functional
check-functional: $(PROGRAMS) $(SUITES) $(MODULES) ## drive the real daemon in private namespaces (as root)
	@$(RUN_TESTS) $(SUITES)

.PHONY: check-sanitize
check-sanitize: install-test-packages ## units and functional suites under ASan and UBSan
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=1 tests
	@$(MAKE) --no-print-directory SAN=1 check-built

.PHONY: check-built
check-built:
	@$(RUN_TESTS) $(UNIT) $(REPLAY) $(SUITES)

.PHONY: check-soak
# Bounded by the five minutes that a suite may take.
check-soak: install-test-packages ## wear servers out: 20,000 connections, 300 reloads and upgrades
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAMS) $(MODULES) \
		$(ENDURANCE)
	@SUREFTPD_CONNECTS=20000 SUREFTPD_CHANGES=300 $(RUN_TESTS) $(ENDURANCE)
	@grep KiB $(B)/tests/output/suite_endurance.log

.PHONY: check-clang
check-clang: install-test-packages ## build everything with clang
	@$(PACKAGES) $(CLANG_PACKAGES)
	@$(MAKE) --no-print-directory -j$(JOBS) CC=clang B=build/clang tests

.PHONY: check-interop
# Installs 1 GB, among it the compilers of Go and Java.
check-interop: install-test-packages ## upload and download a tree with real clients
	@$(PACKAGES) $(INTEROP_PACKAGES)
	@! command -v npm >/dev/null || npm install --silent --no-audit \
		--no-fund --prefix $(B)/tests/node basic-ftp@6
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM) $(WORLD_RUN)
	@$(RUN_TESTS) -t 900 $(INTEROP)

.PHONY: check-vsftpd
# vsftpd and fail2ban are unpacked, not installed: their packages would start
# them at once.
check-vsftpd: install-test-packages ## compare with vsftpd: conversations, logs, what fail2ban finds in them
	@$(PACKAGES) $(VSFTPD_PACKAGES)
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM) $(WORLD_RUN) \
		$(MODULES)
	@tests/bench/peers.sh $(B)/peers vsftpd fail2ban
	@$(RUN_TESTS) -t 800 tests/vsftpd/compare.sh tests/vsftpd/fail2ban.sh

.PHONY: check-lab
# Installs 150 MB, and starts nothing; directory servers are installed in roots
# of their own.
check-lab: install-test-packages ## a kernel with TLS, disk quotas, AppArmor, NFS, CIFS and autofs; logins by real LDAP, AD and RADIUS
	@$(PACKAGES) $(LAB_PACKAGES)
	@$(MAKE) --no-print-directory -j$(JOBS) tests $(LAB_SUITES) \
		$(LAB_PRELOAD)
	@$(RUN_TESTS) -t 700 $(LAB)

.PHONY: check-systemd
# Debian 12 and 13 are bootstrapped into build/systemd: 2 GB, once.
check-systemd: ## boot systemd in containers, and test the package and its units there
	@$(PACKAGES) $(SYSTEMD_PACKAGES)
	@$(RUN_TESTS) -t 1700 $(sort $(wildcard tests/systemd/*.sh))

.PHONY: print-build-packages
print-build-packages:
	@echo $(BUILD_PACKAGES) $(DEB_PACKAGES)

.PHONY: bench
# Peers are unpacked, not installed: their packages would serve port 21 at once.
# BENCH_PARTS, BENCH_ROUNDS and BENCH_PEERS are for tests/bench/run.sh.
bench: install-test-packages ## compare with four other servers, in private namespaces (QUICK=1: in 3 minutes)
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM) $(WORLD_RUN) $(BENCH)
	@tests/bench/peers.sh $(B)/peers
	@SUREFTPD=$(PROGRAM) QUICK=$(QUICK) $(WORLD_RUN) -t -n 120 tests/bench/run.sh

.PHONY: fuzz
fuzz: install-packages ## feed random input to the protocol and to parsers (FUZZ_SECONDS= each, FUZZ_NAMES=)
	@$(PACKAGES) $(FUZZ_PACKAGES)
	@$(MAKE) --no-print-directory -j$(JOBS) CC=clang B=build/fuzz \
		OPTIMISE='$(FUZZ_FLAGS)' FORTIFY= \
		LDFLAGS='$(LDFLAGS) -fsanitize=address,undefined' fuzz-built
FUZZ_SECONDS ?= 30
FUZZ_NAMES ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS := -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined

# Input that triggers a bug goes to findings/, and input that reaches new code
# to corpus/NAME/, where the next run continues.
.PHONY: fuzz-built
fuzz-built: $(FUZZ_NAMES:%=$(B)/tests/fuzz/fuzz_%) $(B)/ftp.dict
	@mkdir -p $(B)/findings
	@for name in $(FUZZ_NAMES); do \
		echo "$$name, $(FUZZ_SECONDS) seconds"; \
		seeds=tests/fuzz/seeds/$$name; test -d $$seeds || seeds=; \
		mkdir -p $(B)/corpus/$$name; \
		$(B)/tests/fuzz/fuzz_$$name -max_len=16500 \
			-max_total_time=$(FUZZ_SECONDS) -timeout=20 \
			$$(test $$name != conversation || \
				echo -dict=$(B)/ftp.dict) \
			-print_final_stats=1 -verbosity=0 \
			-artifact_prefix=$(B)/findings/$$name- \
			$(B)/corpus/$$name $$seeds || exit; done

# --- documents that are generated from tables
.PHONY: documents
documents: $(PROGRAM) ## regenerate sample settings and manuals from the tables
	$(PROGRAM) --sample >etc/sureftpd.conf
	{ sed '/^\.Ss Section server/,$$d' man/sureftpd.conf.5 && \
		$(PROGRAM) --manual && \
		sed -n '/^\.Sh ACCOUNTS AND GROUPS/,$$p' man/sureftpd.conf.5; \
	} >$(B)/manual
	mv $(B)/manual man/sureftpd.conf.5
	{ sed '/^\.Sh OPTIONS OF VSFTPD/,$$d' man/sureftpd-vsftpd.7 && \
		$(PROGRAM) --import-vsftpd --manual && \
		sed -n '/^\.Sh SEE ALSO/,$$p' man/sureftpd-vsftpd.7; \
	} >$(B)/manual
	mv $(B)/manual man/sureftpd-vsftpd.7
	{ sed '/^\.Sh KEYS OF FTPD.CONF/,$$d' man/sureftpd-pwp.7 && \
		$(PROGRAM) --import-pwp --manual && \
		sed -n '/^\.Sh SEE ALSO/,$$p' man/sureftpd-pwp.7; \
	} >$(B)/manual
	mv $(B)/manual man/sureftpd-pwp.7

# --- installing
# "FILE:PLACE" each: what other programs read, ours to replace, ...
DATA := etc/systemd/sureftpd.socket:$(LIBDIR)/systemd/system/sureftpd.socket \
	etc/systemd/sureftpd.sysusers:$(LIBDIR)/sysusers.d/sureftpd.conf \
	etc/systemd/sureftpd.tmpfiles:$(LIBDIR)/tmpfiles.d/sureftpd.conf \
	etc/firewalld/sureftpd.xml:$(LIBDIR)/firewalld/services/sureftpd.xml \
	etc/bash-completion/sureftpctl:$(COMPLETIONDIR)/sureftpctl \
	$(foreach page,$(wildcard man/*.[1-8]), \
		$(page):$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	$(foreach file,$(wildcard etc/pam-examples/*), \
		$(file):$(DOCDIR)/pam/$(notdir $(file))) \
	$(foreach file,$(wildcard etc/examples/*), \
		$(file):$(DOCDIR)/examples/$(notdir $(file))) \
	etc/accounts.example:$(DOCDIR)/examples/accounts.example \
	etc/grafana-dashboard.json:$(DOCDIR)/grafana-dashboard.json \
	etc/apparmor/usr.sbin.sureftpd:$(DOCDIR)/apparmor/usr.sbin.sureftpd \
	$(foreach file,$(wildcard etc/systemd/*.conf), \
		$(file):$(DOCDIR)/systemd/$(notdir $(file)))
# ... and the administrator's to change: these are kept where they exist.
KEPT := $(PAM_FILE):$(PAMDIR)/sureftpd \
	etc/sureftpd.conf:$(SYSCONFDIR)/sureftpd/sureftpd.conf \
	etc/logrotate.d/sureftpd:$(SYSCONFDIR)/logrotate.d/sureftpd \
	$(foreach file,filter.d/sureftpd.conf jail.d/sureftpd.conf, \
		etc/fail2ban/$(file):$(SYSCONFDIR)/fail2ban/$(file)) \
	etc/ufw/sureftpd:$(SYSCONFDIR)/ufw/applications.d/sureftpd
UNIT_FILE := $(LIBDIR)/systemd/system/sureftpd.service

.PHONY: install
install: $(PROGRAMS) ## install (DESTDIR=, PREFIX=, SYSCONFDIR=); existing settings are kept
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(SBINDIR)/sureftpd
	install -D -m 755 $(CTL) $(DESTDIR)$(SBINDIR)/sureftpctl
	@for each in $(DATA); do \
		install -v -D -m 644 $${each%%:*} \
			$(DESTDIR)$${each#*:} || exit; done
	@for each in $(KEPT); do \
		test -e $(DESTDIR)$${each#*:} || install -v -D -m 644 \
			$${each%%:*} $(DESTDIR)$${each#*:} || exit; done
	sed 's,/usr/sbin/sureftpd,$(SBINDIR)/sureftpd,' \
		etc/systemd/sureftpd.service >$(DESTDIR)$(UNIT_FILE)
	chmod 644 $(DESTDIR)$(UNIT_FILE)
	test -d $(DESTDIR)$(LOGDIR) || install -d -m 750 $(DESTDIR)$(LOGDIR)

.PHONY: uninstall
uninstall: ## remove what was installed; keep settings and PAM file
	rm -f $(DESTDIR)$(SBINDIR)/sureftpd $(DESTDIR)$(SBINDIR)/sureftpctl \
		$(DESTDIR)$(UNIT_FILE)
	for each in $(DATA); do rm -f $(DESTDIR)$${each#*:}; done
	rm -rf $(DESTDIR)$(DOCDIR)

# --- packages
VERSION = $(shell sed -n 's/^AC_INIT(\[sureftpd\], \[\(.*\)\])/\1/p' \
	configure.ac)
SOURCE = sureftpd-$(VERSION)

# The source without what was built, in build/package.
.PHONY: source
source:
	rm -rf build/package
	mkdir -p build/package/$(SOURCE)
	tar -c --exclude=./build --exclude=./.git --exclude=./config.* \
		--exclude=./configure --exclude=./autom4te.cache . | \
		tar -x -C build/package/$(SOURCE)

.PHONY: deb
deb: install-packages ## build a package for this Debian or Ubuntu, in build/package
	@$(PACKAGES) $(DEB_PACKAGES)
	@$(MAKE) --no-print-directory source
	cp -r etc/debian build/package/$(SOURCE)/debian
	cd build/package/$(SOURCE) && dpkg-buildpackage -b -us -uc -j$(JOBS)
	lintian --fail-on error build/package/sureftpd_*.changes

.PHONY: rpm
rpm: source ## build a package for Fedora or its relatives, in build/package/rpm
	mkdir -p build/package/rpm/SOURCES
	tar -czf build/package/rpm/SOURCES/$(SOURCE).tar.gz \
		-C build/package $(SOURCE)
	rpmbuild -bb $(RPMBUILD_FLAGS) etc/rpm/sureftpd.spec \
		--define '_topdir $(CURDIR)/build/package/rpm'

.PHONY: install-packages
install-packages: ## install missing packages needed to build (Debian, Ubuntu)
	@$(PACKAGES) $(BUILD_PACKAGES)

.PHONY: install-test-packages
install-test-packages: ## install missing packages needed to build and test
	@$(PACKAGES) $(BUILD_PACKAGES) $(TEST_PACKAGES)

.PHONY: clean
clean: ## remove what was built
	rm -rf build

.PHONY: distclean
distclean: clean ## also remove what configure made
	rm -rf configure configure~ config.mk config.h config.log \
		config.status autom4te.cache

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 32
