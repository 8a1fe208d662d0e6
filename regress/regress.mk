# Tests.  Every program writes TAP below $(RESULTS); regress/summary counts
# what is there, so that nothing can pass without having run.

comma := ,
RESULTS := build/results
CORPUS := regress/fuzz/corpus
FUZZ_SECONDS ?= 60
SEEDS ?= 10000
LESS ?= 0
FUZZ_JOBS ?= 2
COVERAGE_MIN := 95

# One suite per module: regress/unit/test_NAME.c, linked with the whole of
# proto and common and with the objects named here.
UNIT := $(patsubst regress/unit/test_%.c,%,$(wildcard regress/unit/test_*.c))
UNIT_conf := $(patsubst %.c,%.o,$(wildcard ctld/conf*.c))
UNIT_conf_call := $(UNIT_conf)
UNIT_conf_examples := $(UNIT_conf)
UNIT_conf_range := $(UNIT_conf)
UNIT_conf_params := $(UNIT_conf)
UNIT_conf_v3 := $(UNIT_conf)
UNIT_parser := $(UNIT_conf) ctld/parser.o ctld/dp_event.o
UNIT_pool := ctld/pool.o
UNIT_sandbox := ctld/sandbox.o
UNIT_net := ctld/net.o ctld/addr.o
UNIT_peer := ctld/peer.o ctld/pool.o ctld/addr.o
UNIT_cause := ctld/cause.o
UNIT_dial := regress/unit/dial_world.o ctld/dial.o ctld/addr.o
UNIT_dial_turn := $(UNIT_dial)
UNIT_loop := ctld/loop.o ctld/idmap.o
UNIT_dp := $(patsubst %,ctld/%.o,dp dp_event loop)
UNIT_resolver := ctld/resolver.o ctld/addr.o ctld/loop.o
# ctld with everything around it played, and the real engine or not.
CTLD_RUN := regress/unit/ctld_fake.o $(patsubst %,ctld/%.o, \
	tunnel tunnel_open session session_call pseudowire pump cause peer \
	pool addr idmap)
UNIT_tunnel := regress/unit/ctld_world.o $(CTLD_RUN)
UNIT_tunnel_fixed := regress/unit/pw_world.o $(CTLD_RUN)
UNIT_pw_engine := $(UNIT_tunnel)
UNIT_over_ip := $(UNIT_tunnel_fixed)
UNIT_pseudowire := $(UNIT_tunnel_fixed)
UNIT_pw_call := $(UNIT_tunnel_fixed)
UNIT_ctl_pw := $(UNIT_tunnel_fixed) ctld/ctl.o ctld/ctl_fill.o
UNIT_session := $(UNIT_tunnel)
UNIT_session_call := $(UNIT_tunnel)
UNIT_ctl := $(UNIT_tunnel) ctld/ctl.o ctld/ctl_fill.o
UNIT_ctl_call := $(UNIT_ctl)
UNIT_ctl_json := ctld/ctl_json.o ctld/ctl_format.o
UNIT_ctl_explain := $(UNIT_ctl_json) ctld/ctl_explain.o
UNIT_tunnel_out := $(UNIT_tunnel)
# A scripted peer for suites of the engine.
RIG := regress/unit/rig.o
RIG_CALL3 := $(RIG) regress/unit/rig_call3.o
# Two engines and a wire.
PAIR := regress/unit/pair.o
UNIT_cc3 := $(PAIR) $(RIG)
UNIT_proof := $(PAIR)
UNIT_stranger := $(PAIR)
UNIT_tie3 := $(PAIR)
UNIT_fixed := $(PAIR)
UNIT_auth := $(RIG)
UNIT_call := $(RIG)
UNIT_call_lns := $(RIG)
UNIT_call3 := $(RIG_CALL3)
UNIT_call_pw := $(RIG_CALL3)
UNIT_call_tie := $(RIG_CALL3)
UNIT_call_pair := $(PAIR)
UNIT_cc := $(RIG)
UNIT_cc_end := $(RIG)
UNIT_call_out := $(RIG)
UNIT_call_info := $(RIG)
UNIT_notices := $(RIG)
UNIT_engine := $(RIG)
UNIT_flood := $(RIG)
UNIT_ids := $(RIG)
UNIT_input := $(RIG)
UNIT_ports := $(RIG)
UNIT_quirk := $(RIG)
UNIT_result := $(RIG)
UNIT_scope := $(RIG)
UNIT_tie := $(RIG)
UNIT_vector := $(RIG)
# The same for L2TPv3, in octets.
LONE := $(patsubst %,regress/%.o,rfc2104 unit/lone unit/raw)
UNIT_v3_auth := $(LONE)
UNIT_v3_avp := $(LONE)
UNIT_v3_call := $(LONE)
UNIT_v3_cc := $(LONE)
UNIT_v3_head := $(LONE)
UNIT_v3_session := $(LONE)
UNIT_mutate := $(patsubst %,regress/fuzz/%.o,mutate draft script seal)
UNIT_dpmsg := ctld/dp_event.o
UNIT_policy := dpd/policy.o
UNIT_own := dpd/policy.o
UNIT_dispatch := regress/unit/dpd_fake.o ctld/dp_event.o \
	$(patsubst %,dpd/%.o,dispatch policy own)
UNIT_dispatch_life := $(UNIT_dispatch)
UNIT_dispatch_v3 := $(UNIT_dispatch)
UNIT_dpd := $(patsubst %,dpd/%.o,dpd dispatch policy own) ctld/dp_event.o

# regress/fuzz/fuzz_NAME.c, likewise; the fuzzer's own objects are MUTATE_NAME.
FUZZ := $(patsubst regress/fuzz/fuzz_%.c,%,$(wildcard regress/fuzz/fuzz_*.c))
FUZZ_conf := $(UNIT_conf)
FUZZ_avp := regress/fuzz/seal.o
FUZZ_input := $(patsubst %,regress/fuzz/%.o,input_check input_peer params \
	script seal)
MUTATE_avp := $(patsubst %,regress/fuzz/%.o,mutate_avp mutate draft)
MUTATE_input := $(patsubst %,regress/fuzz/%.o,mutate_input mutate draft)
FUZZ_dpmsg := ctld/dp_event.o

TEST_LIBS := $(YAML_LIBS) $(JSON_LIBS) $(NL_LIBS) $(SECCOMP_LIBS) \
	$(CHECK_LIBS) $(MD_LIBS) $(BSD_LIBS)

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
    $$(addprefix $(B)/,$$(FUZZ_$$*) $$(MUTATE_$$*)) $(COMMON_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(TEST_LIBS)

# The simulator counts the memory that the engine has.
SIM := $(patsubst %,$(B)/regress/sim/%.o,blocks book caller check odd sent \
	side style world)
SIM_sim := $(patsubst %,$(B)/regress/sim/%.o,collision reboot scenario sim \
	v3)
SIM_explore := $(patsubst %,$(B)/regress/sim/%.o,digest explore pairs steps)
SIM_LDFLAGS := $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc free)

$(B)/sim/%: $(SIM) $$(SIM_$$*) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(SIM_LDFLAGS) -o $@ $^ $(MD_LIBS) $(BSD_LIBS)

unit: $(UNIT:%=$(B)/unit/test_%)
	@for t in $(UNIT); do \
	    regress/tap unit-$(VARIANT)-$$t $(B)/unit/test_$$t || exit 1; done

fuzz-corpus: $(FUZZ:%=$(B)/fuzz/replay_%)
	@for t in $(FUZZ); do \
	    regress/tap fuzz-$(VARIANT)-$$t \
	    $(B)/fuzz/replay_$$t $(CORPUS)/$$t || exit 1; done

sim: $(B)/sim/sim
	@regress/tap sim-$(VARIANT) $(B)/sim/sim -n $(SEEDS)

# By so many steps less deep than the plans are; a few make it a lot faster.
explore: $(B)/sim/explore
	@regress/tap explore-$(VARIANT) $(B)/sim/explore -d $(LESS)

# Programs that a daemon has to deal with in the end-to-end tests.
BENCH := flood circuit
$(BENCH:%=$(B)/bench/%): $(B)/bench/%: $(B)/regress/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(MD_LIBS) $(BSD_LIBS)

bench: $(BENCH:%=$(B)/bench/%)

# What septum sends, read by somebody else's program.
INTEROP := dump
$(INTEROP:%=$(B)/interop/%): $(B)/interop/%: $(B)/regress/interop/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(MD_LIBS) $(BSD_LIBS)

interop: $(INTEROP:%=$(B)/interop/%)
	@regress/tap interop-bytes regress/interop/bytes $(B)/interop/dump

# What the privileged code may weigh, and what each part may use.
audit: $(BINS)
	@regress/audit/audit $(B)

layers: $(LIB) $(BINS)
	@regress/audit/layers $(B)

# Which rows of the RFC are proven, by the results of the latest runs.
conformance:
	@regress/conformance/check

# How much of the parser the stored inputs run: COVERAGE_MIN percent of the
# lines of each of its files, or else it fails.
coverage:
	@regress/deps
	@$(MAKE) -s -j2 VARIANT=coverage coverage-run

coverage-run: $(FUZZ:%=$(B)/fuzz/replay_%)
	@regress/coverage $(B) $(CORPUS) $(COVERAGE_MIN)

# Looks for new inputs with FUZZ_JOBS fuzzers at a time, each target for its
# share of the time; fails if there is a finding.
fuzz:
	@$(MAKE) -s -j2 VARIANT=fuzz fuzz-run

fuzz-run: $(FUZZ:%=$(B)/fuzz/fuzz_%)
	@printf '%s\n' $(FUZZ) | xargs -n 1 -P $(FUZZ_JOBS) \
	    regress/fuzz/run $(B) $(CORPUS) \
	    $$(($(FUZZ_SECONDS) * $(FUZZ_JOBS) / $(words $(FUZZ))))

# Takes into the corpus those of the new inputs that run other code.
fuzz-merge:
	@$(MAKE) -s -j2 VARIANT=fuzz fuzz-merge-run

fuzz-merge-run: $(FUZZ:%=$(B)/fuzz/fuzz_%)
	@for t in $(FUZZ); do \
	    regress/fuzz/merge $(B) $(CORPUS) $$t || exit 1; done

# The real thing, as root on each supported kernel: here if this is one, or
# else in a virtual machine.
KERNELS := 6.1 6.12

e2e: all bench
	@for k in $(KERNELS); do \
	    regress/e2e/run -b $(B) -k $$k || exit 1; done

demo:
	@regress/demo

check:
	@KERNELS='$(KERNELS)' regress/check

.PHONY: unit fuzz-corpus fuzz fuzz-run fuzz-merge fuzz-merge-run coverage \
	coverage-run sim explore bench interop audit layers conformance e2e demo check
