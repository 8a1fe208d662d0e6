# Tests.  Every program writes TAP below $(RESULTS); regress/summary counts
# what is there, so that nothing can pass without having run.

RESULTS := build/results
CORPUS := regress/fuzz/corpus
FUZZ_SECONDS ?= 60
SEEDS ?= 2000

# One suite per module: regress/unit/test_NAME.c, linked with the whole of
# proto and common and with the objects named here.
UNIT := $(patsubst regress/unit/test_%.c,%,$(wildcard regress/unit/test_*.c))
UNIT_conf := $(patsubst %.c,%.o,$(wildcard ctld/conf*.c))
UNIT_conf_range := $(UNIT_conf)
UNIT_parser := $(UNIT_conf) ctld/parser.o
UNIT_pool := ctld/pool.o
UNIT_peer := ctld/peer.o ctld/pool.o ctld/addr.o
UNIT_dial := ctld/dial.o ctld/addr.o
UNIT_policy := dpd/policy.o
UNIT_own := dpd/own.o
UNIT_dispatch := dpd/dispatch.o dpd/policy.o dpd/own.o

# regress/fuzz/fuzz_NAME.c, likewise.
FUZZ := $(patsubst regress/fuzz/fuzz_%.c,%,$(wildcard regress/fuzz/fuzz_*.c))
FUZZ_conf := $(UNIT_conf)

TEST_LIBS := $(YAML_LIBS) $(NL_LIBS) $(SECCOMP_LIBS) $(CHECK_LIBS) $(BSD_LIBS)

.SECONDEXPANSION:
$(B)/unit/test_%: $(B)/regress/unit/test_%.o \
    $$(addprefix $(B)/,$$(UNIT_$$*)) $(COMMON_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(TEST_LIBS)

# The same target file replays the corpus (any variant) or is the fuzzer.
$(B)/fuzz/replay_%: $(B)/regress/fuzz/fuzz_%.o $(B)/regress/fuzz/replay.o \
    $$(addprefix $(B)/,$$(FUZZ_$$*)) $(COMMON_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(B)/fuzz/fuzz_%: $(B)/regress/fuzz/fuzz_%.o \
    $$(addprefix $(B)/,$$(FUZZ_$$*)) $(COMMON_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(TEST_LIBS)

$(B)/sim/sim: $(patsubst %.c,$(B)/%.o,$(wildcard regress/sim/*.c)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(BSD_LIBS)

unit: $(UNIT:%=$(B)/unit/test_%)
	@for t in $(UNIT); do \
	    regress/tap unit-$(VARIANT)-$$t $(B)/unit/test_$$t || exit 1; done

fuzz-corpus: $(FUZZ:%=$(B)/fuzz/replay_%)
	@for t in $(FUZZ); do \
	    regress/tap fuzz-$(VARIANT)-$$t \
	    $(B)/fuzz/replay_$$t $(CORPUS)/$$t || exit 1; done

sim: $(B)/sim/sim
	@regress/tap sim-$(VARIANT) $(B)/sim/sim -n $(SEEDS)

# The real thing, as root on each supported kernel: here if this is one, or
# else in a virtual machine.
KERNELS := 6.1 6.12

e2e: all
	@for k in $(KERNELS); do \
	    regress/e2e/run -b $(B) -k $$k || exit 1; done

demo:
	@regress/demo

check:
	@KERNELS='$(KERNELS)' regress/check

.PHONY: unit fuzz-corpus sim e2e demo check
