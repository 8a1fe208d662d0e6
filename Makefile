# septum: a privilege-separated L2TP service.  "make help" lists the targets.
# One make, no recursion but for the build variants; objects go to build/.

VARIANT ?= gcc
B := build/$(VARIANT)

prefix ?= /usr/local
sbindir ?= $(prefix)/sbin
bindir ?= $(prefix)/bin
libdir ?= $(prefix)/lib
libexecdir ?= $(prefix)/libexec
includedir ?= $(prefix)/include
mandir ?= $(prefix)/share/man
docdir ?= $(prefix)/share/doc/septum
sysconfdir ?= /etc
rundir ?= /run/septum
pppd ?= /usr/sbin/pppd

VERSION := 0.1.0

WARN := -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wshadow \
	-Wpointer-arith -Wcast-qual -Wsign-compare -Wswitch -Wvla -Werror
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -D_FORTIFY_SOURCE=2
HARDEN_LD := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

# What each variant is built with; the installed one is "gcc".
CC_gcc := gcc
CFLAGS_gcc := -O2 $(HARDEN)
LDFLAGS_gcc := $(HARDEN_LD)
CC_clang := clang
CFLAGS_clang := -O2 $(HARDEN)
LDFLAGS_clang := $(HARDEN_LD)
CC_asan := gcc
CFLAGS_asan := -O1 $(SANITIZE)
LDFLAGS_asan := $(SANITIZE)
CC_fuzz := clang
CFLAGS_fuzz := -O1 $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_fuzz := $(SANITIZE)
COVERAGE := -fprofile-instr-generate -fcoverage-mapping
CC_coverage := clang
CFLAGS_coverage := -O1 $(COVERAGE)
LDFLAGS_coverage := $(COVERAGE)

CC := $(CC_$(VARIANT))
ifeq ($(CC),)
$(error VARIANT must be gcc, clang, asan, fuzz or coverage)
endif
CFLAGS := -std=c11 -g $(CFLAGS_$(VARIANT)) $(WARN)
LDFLAGS := $(LDFLAGS_$(VARIANT))

# libbsd's overlay gives strlcpy and <md5.h> their BSD names.
# (silent before regress/deps has installed it)
PKG := $(or $(shell command -v pkg-config),:)
BSD_CFLAGS := -D_GNU_SOURCE $(shell $(PKG) --cflags libbsd-overlay)
BSD_LIBS := $(shell $(PKG) --libs libbsd-overlay)
MD_LIBS := $(shell $(PKG) --libs libmd)
NL_CFLAGS := $(shell $(PKG) --cflags libnl-genl-3.0)
NL_LIBS := $(shell $(PKG) --libs libnl-genl-3.0)
YAML_LIBS := $(shell $(PKG) --libs yaml-0.1)
JSON_CFLAGS := $(shell $(PKG) --cflags json-c)
JSON_LIBS := $(shell $(PKG) --libs json-c)
SECCOMP_LIBS := $(shell $(PKG) --libs libseccomp)
CHECK_LIBS := $(shell $(PKG) --libs check)

# The paths that privileged code may use are constants of the build.
PATHS := -DSEPTUM_CTLD='"$(sbindir)/septum-ctld"' \
	-DSEPTUM_PPPD='"$(pppd)"' \
	-DSEPTUM_NOTIFY='"$(libexecdir)/septum/ppp-notify"' \
	-DSEPTUM_PROFILES='"$(sysconfdir)/septum/ppp"' \
	-DSEPTUM_CONFIG='"$(sysconfdir)/septum/septum.yaml"' \
	-DSEPTUM_RUNDIR='"$(rundir)"' \
	-DSEPTUM_VERSION='"$(VERSION)"'

# Who may include whom (DESIGN: arrows run one way): the only -I flags.
INC_proto := -Iproto -D_DEFAULT_SOURCE
INC_common := -Icommon $(BSD_CFLAGS)
INC_dpd := -Idpd -Icommon $(BSD_CFLAGS) $(NL_CFLAGS)
INC_ctld := -Ictld -iquote proto -Icommon $(BSD_CFLAGS) $(JSON_CFLAGS)
INC_regress := -Iregress -Ictld -Idpd -Iproto -Icommon $(BSD_CFLAGS) \
	$(NL_CFLAGS) $(JSON_CFLAGS)

objs = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)/*.c))

PROTO_OBJS := $(call objs,proto)
COMMON_OBJS := $(call objs,common)
DPD_OBJS := $(filter-out $(B)/dpd/ppp-notify.o,$(call objs,dpd))
CTL_OBJS := $(patsubst %,$(B)/ctld/%.o,septumctl ctl_show ctl_json \
	ctl_explain ctl_format)
CTLD_OBJS := $(filter-out $(CTL_OBJS),$(call objs,ctld))

LIB := $(B)/libseptum-l2tp.a
BINS := $(B)/septum-dpd $(B)/septum-ctld $(B)/septumctl $(B)/ppp-notify

all: $(LIB) $(BINS)

-include regress/regress.mk

$(LIB): $(PROTO_OBJS)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/septum-dpd: $(DPD_OBJS) $(COMMON_OBJS)
	$(CC) $(LDFLAGS) -o $@ $^ $(NL_LIBS) $(SECCOMP_LIBS) $(BSD_LIBS)

$(B)/septum-ctld: $(CTLD_OBJS) $(COMMON_OBJS) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(YAML_LIBS) $(SECCOMP_LIBS) $(MD_LIBS) $(BSD_LIBS)

$(B)/septumctl: $(CTL_OBJS) $(B)/common/imsg.o
	$(CC) $(LDFLAGS) -o $@ $^ $(JSON_LIBS) $(BSD_LIBS)

$(B)/ppp-notify: $(B)/dpd/ppp-notify.o
	$(CC) $(LDFLAGS) -o $@ $^ $(BSD_LIBS)

# The directory of a source chooses its include path; -MMD finds the rest.
$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PATHS) $(INC_$(firstword $(subst /, ,$<))) \
	    -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

install: all
	install -d $(DESTDIR)$(sbindir) $(DESTDIR)$(bindir) \
	    $(DESTDIR)$(libexecdir)/septum $(DESTDIR)$(libdir)/pkgconfig \
	    $(DESTDIR)$(includedir) $(DESTDIR)$(docdir)/examples \
	    $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8 \
	    $(DESTDIR)$(sysconfdir)/septum/ppp \
	    $(DESTDIR)$(prefix)/lib/systemd/system \
	    $(DESTDIR)$(prefix)/lib/sysusers.d
	install -m 0755 $(B)/septum-dpd $(B)/septum-ctld $(DESTDIR)$(sbindir)
	install -m 0755 $(B)/septumctl $(DESTDIR)$(bindir)
	install -m 0755 $(B)/ppp-notify $(DESTDIR)$(libexecdir)/septum
	install -m 0644 $(LIB) $(DESTDIR)$(libdir)
	install -m 0644 proto/l2tp.h $(DESTDIR)$(includedir)
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' \
	    -e 's|@includedir@|$(includedir)|' -e 's|@version@|$(VERSION)|' \
	    etc/septum-l2tp.pc.in > $(B)/septum-l2tp.pc
	install -m 0644 $(B)/septum-l2tp.pc $(DESTDIR)$(libdir)/pkgconfig
	sed -e 's|@sbindir@|$(sbindir)|' etc/septum.service.in \
	    > $(B)/septum.service
	install -m 0644 $(B)/septum.service \
	    $(DESTDIR)$(prefix)/lib/systemd/system
	install -m 0644 etc/sysusers.conf \
	    $(DESTDIR)$(prefix)/lib/sysusers.d/septum.conf
	install -m 0644 etc/*.yaml $(DESTDIR)$(docdir)/examples
	install -m 0644 README.md CHANGELOG.md LICENSE $(DESTDIR)$(docdir)
	install -m 0644 ctld/septum.yaml.5 $(DESTDIR)$(mandir)/man5
	install -m 0644 dpd/septum-dpd.8 ctld/septum-ctld.8 ctld/septumctl.8 \
	    $(DESTDIR)$(mandir)/man8
	for p in etc/ppp/*; do \
	    t=$(DESTDIR)$(sysconfdir)/septum/ppp/$${p##*/}; \
	    test -e $$t || install -m 0644 $$p $$t || exit 1; done

clean:
	rm -rf build

help:
	@echo 'make            build everything into build/'
	@echo 'make demo       install what is missing, build, and show a PPP session'
	@echo '                through both daemons on a real kernel'
	@echo 'make check      install what is missing and run every test'
	@echo 'make install    prefix=$(prefix) sysconfdir=$(sysconfdir) DESTDIR='
	@echo 'make audit      count the privileged code against its budgets'
	@echo 'make layers     prove that the directories include only what they may'
	@echo 'make unit sim fuzz-corpus interop e2e    one kind of test alone'
	@echo 'make sim SEEDS=10000             two engines, a bad link and chance;'
	@echo '                what fails is named with the command to replay it'
	@echo 'make explore LESS=0              ... and all that can happen to one'
	@echo '                tunnel and call, by so many steps less deep'
	@echo 'make fuzz FUZZ_SECONDS=60        look for new inputs, two at a time'
	@echo 'make fuzz-merge take what they found into the corpus'
	@echo 'make coverage   what the corpus runs of the parser'
	@echo 'make clean      remove build/'

.PHONY: all install clean help
.DELETE_ON_ERROR:
.SECONDARY:
