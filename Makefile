# sureftpd - see README.md.  make help lists the targets.

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

PREFIX  ?= /usr/local
DESTDIR ?=

# SAN=1 builds everything with the address and undefined-behaviour sanitizers.
SAN ?=
B := build$(if $(SAN),/san)

# --- what configure found (not needed to install packages or to clean)
ifeq ($(filter clean distclean help install-packages install-test-packages run check,$(MAKECMDGOALS)),)
include config.mk
endif

config.mk: configure etc/config.mk.in common/config.h.in
	./configure --quiet $(CONFIGURE_FLAGS)
	@touch config.mk

configure: configure.ac
	autoconf -o configure configure.ac

# --- compiling
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wvla -Wundef -Wcast-qual -Wnull-dereference \
	-Wimplicit-fallthrough -Wredundant-decls -Wnested-externs \
	-Walloca -Wdate-time
HARDENING := -fPIE -fstack-protector-strong -fno-common \
	-fno-delete-null-pointer-checks -fno-strict-overflow
ifdef SAN
OPTIMISE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
else
OPTIMISE := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
CFLAGS   ?= -g
ALL_CFLAGS = -std=gnu17 $(OPTIMISE) $(CFLAGS) $(WARNINGS) $(HARDENING) \
	$(OPTIONAL_CFLAGS) -I. $(OPENSSL_CFLAGS) $(PAM_CFLAGS) $(CAP_CFLAGS) \
	$(SECCOMP_CFLAGS) $(INIH_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed \
	$(if $(SAN),-fsanitize=address$(comma)undefined) $(LDFLAGS)
comma := ,
LIBS = $(OPENSSL_LIBS) $(PAM_LIBS) $(CAP_LIBS) $(SECCOMP_LIBS) $(INIH_LIBS)

SOURCES := $(wildcard common/*.c daemon/*.c pam/*.c worker/*.c)
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
MAIN    := $(B)/daemon/main.o
LIBRARY := $(B)/libsureftpd.a
PROGRAM := $(B)/sureftpd

.PHONY: all
all: $(PROGRAM)

$(PROGRAM): $(MAIN) $(LIBRARY)
	$(CC) $(ALL_LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	rm -f $@
	ar rcs $@ $^

$(B)/%.o: %.c config.mk
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# --- tests
UNIT := $(patsubst tests/unit/test_%.c,$(B)/tests/unit/test_%,$(wildcard tests/unit/test_*.c))

$(B)/tests/unit/test_%: $(B)/tests/unit/test_%.o $(B)/tests/unit/unit.o $(LIBRARY)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(CUNIT_LIBS)

.SECONDARY:
-include $(OBJECTS:.o=.d) $(wildcard $(B)/tests/*/*.d)
