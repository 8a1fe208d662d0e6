/* SPDX-License-Identifier: ISC */
/*
 * The parts of septum-dpd, as they see each other: its state and its loop,
 * the fences behind that of the format (dispatch, policy, own), what they
 * ask of the kernel (kern), and the starter with pppd.
 */
#ifndef DPD_DPD_H
#define DPD_DPD_H

#include <sys/ioctl.h>
#include <sys/queue.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/l2tp.h>

#include "confine.h"
#include "dpmsg.h"
#include "log.h"

/*
 * ---- dpd.c: the loop and its end, supervision of ctld, signals and time ----
 * ---- start.c: septum-dpd's start ----
 *
 * In this order: as root read the configuration, lock the directory, fork
 * the starter, open netlink; have the parser say what the policy is; make the
 * control socket; give root up; start ctld.  So nobody reads an octet of the
 * network before everyone is confined.  What a message means is for dispatch
 * and own to say.
 */

/* dispatch says which message is allowed in which. */
enum dpd_state {
	DPD_PARSING = 1,	/* root still; the peer is the parser */
	DPD_RUNNING = 2,	/* confined; the peer is ctld */
	DPD_STOPPING = 4
};

/* A parameter that only the others of its kind have a use for. */
#define UNUSED		__attribute__((unused))

/* For lists of confine.h: a call with any arguments; one that has this. */
#define ANY(c)		{ .nr = SCMP_SYS(c) }
#define ARG(n, v)	CONFINE_ARG(n, UINT32_MAX, v)

enum { FD_SIGNAL, FD_STARTER, FD_PEER, NFDS };

struct dpd_user {
	uid_t	 uid;
	gid_t	 gid;
};

extern struct dpd {
	enum dpd_state	 state;
	struct pollfd	 pfd[NFDS];	/* the peer's is -1 if there is none */
	struct dpd_user	 self, ctld;	/* who we, and who ctld is to be */
	int		 debug;		/* ctld and pppd speak to stderr */
	int		 verbose;	/* ctld logs all */
	int		 configfd, controlfd, noticefd;	/* ctld's */
	int		 notifyfd;	/* pppd's end of noticefd */
	struct dp_config config;
	int		 alive;		/* the peer, as the starter says */
	int		 stuck;		/* the peer does not read */
	uint64_t	 started_ms, backoff_ms;
	uint64_t	 due_ms;	/* next start, or end of grace */
} dpd;

/* Monotonic clock. */
uint64_t	dpd_now(void);
/*
 * To ctld, if there is one.  The descriptor stays the caller's.  The channel
 * has room for an event of every session: full means stuck, and then ctld is
 * given up, but not before the caller is done.
 */
void		dpd_send(const struct dpmsg *);
/*
 * Has the starter do this.  Gives the descriptor away, unless it is -1.  A
 * starter that is lost, or behind with its work, is fatal.
 */
void		dpd_start(enum dp_type, const struct dp_run *, int);
/*
 * Runs the parser and, once the policy is sealed and root given up, ctld,
 * until SIGTERM.  No descriptor blocks, so each is simply tried.
 */
void		dpd_loop(void) __attribute__((noreturn));
/* Listens at "control" for this group.  Needs root; ends the process, or it. */
int		sock_control(gid_t);
/* From here on only what a running dpd needs. */
void		dpd_confine(void);

/*
 * ---- dispatch.c: what is done for each message of the peer ----
 *
 * The request table: one row per message, one column per fence behind that
 * of the format: the state of dpd, the object that it names and its state,
 * the rule that it was made by; without a policy column the states, or that
 * there is such a rule, say all.  Only then does the last column touch the
 * kernel.  Whatever is refused is logged: the audit log.
 */

/* 0, or -1 if the peer broke the contract and must not be heard again. */
int	dispatch(const struct dpmsg *);
/*
 * What the functions for each request, which get what it names, return if not
 * 0 or an errno: the answer is sent by whoever ends the work.
 */
#define DISPATCH_LATER	(-1)

/*
 * ---- policy.c: the third fence, what the sealed rules allow ----
 *
 * Rules come from the parser before the network is read; the running ctld
 * can only refer to them.  Answers are reasons to refuse; only NULL, reached
 * after every test, allows.  A rule that refers to what is not there allows
 * nothing.  What exists is for own to know.
 */

/*
 * Takes one policy record.  NULL, or why the parser must not be believed.
 * DP_POLICY_END seals the list: nothing can be added any more.
 */
const char	*policy_add(const struct dpmsg *);
/* The totals, or NULL while the list is not sealed. */
extern const struct dp_policy_end	*policy_limits;
/* The struct of the rule with this index; NULL if it is not of this type. */
const void	*rule_get(uint16_t rule, uint16_t type);

struct own;

/*
 * NULL if the rule allows the request, else why not.  The rule is the one
 * that the request names, or that its tunnel or session was made by.
 */
const char	*policy_may_open(const struct dpmsg *, const struct own *);
/* The kernel would cut the ids of L2TPv2 off, and take it over IP. */
const char	*policy_may_up(const struct dpmsg *, const struct own *);
/* Over IP only a cookie keeps forgeries out; a pppd needs its ctld. */
const char	*policy_may_session(const struct dpmsg *, const struct own *);
/* Without a sublayer no packet has a number, and all would be dropped. */
const char	*policy_may_start(const struct dpmsg *, const struct own *);

/*
 * ---- own.c: the fourth fence, what exists because ctld asked for it ----
 *
 * Remembers what was made for ctld, so that ctld can only touch its own, and
 * ends it in the right order, waiting for nothing: a session ends when the
 * starter says that the child with its socket has; one without a child costs
 * an RCU grace period, unless its tunnel, and so the kernel, takes it along.
 */

#define OWN_QUARANTINE_MS	30000	/* of a tunnel's id */

/* States are bits: dispatch says which request is allowed in which. */
enum own_state {
	OWN_FREE = 0,
	TUN_OPEN = 1,		/* has a socket */
	TUN_UP = 2,		/* and a kernel tunnel */
	TUN_CLOSING = 4,	/* waits for the pppds' ends */
	SESS_UP = 8,		/* kernel session, frames queue in fd */
	SESS_RUNNING = 16,	/* pppd has the fd */
	SESS_ENDING = 32,	/* the child that has the fd is to exit */
	SESS_ENDED = 64,	/* it did; SESSION_DOWN is to come */
	SESS_ETH = 128,		/* kernel session that needs no child to end */
	SESS_ANY = SESS_UP | SESS_RUNNING | SESS_ENDING | SESS_ENDED | SESS_ETH
};

LIST_HEAD(own_list, own);

/* A tunnel, or a session in one.  Slots are numbered and stay in place. */
struct own {
	LIST_ENTRY(own)		 entry;		/* of own_tunnels, or of it */
	struct own_list		 sessions;
	struct own		*tunnel;	/* NULL: it is one */
	uint32_t		 slot;
	uint32_t		 handle;	/* never the same again */
	enum own_state		 state;
	uint32_t		 end_id;	/* request to answer; 0: none */
	union {			/* what was asked for; TUNNEL_UP adds a port */
		struct dp_tunnel_open	 open;
		struct dp_session_up	 up;
	};
	uint32_t		 local_tid, peer_tid;	/* 0: none made yet */
	uint32_t		 local_sid;	/* 0: a tunnel */
	uint64_t		 freed_ms;	/* the end of local_tid */
	uint16_t		 rule;
	uint8_t			 version;	/* a tunnel's; 0: none made */
	uint8_t			 keeps;		/* it outlives ctld */
	uint32_t		 unit;		/* of pppN, or of the name */
	int			 ifindex;	/* Ethernet */
	int			 fd;		/* PPPoX: unless given */
};

/* All tunnels that are not free. */
extern struct own_list	 own_tunnels;

/*
 * A new tunnel, or a session with this id in one, without an fd; NULL if the
 * rule's quota or the total is used up.
 */
struct own	*own_new(struct own *tunnel, uint16_t rule, uint32_t local_sid);
/*
 * What outlives ctld and was made by this rule, which is for one: a tunnel or,
 * in a tunnel, a session.  NULL if there is none, or it is closing; or if it
 * was not asked for with the same octets: it is ended then.
 */
struct own	*own_kept(struct own *tunnel, uint16_t rule, const void *asked,
		    size_t len);
/* NULL if dpd did not issue this handle or what had it has ended. */
struct own	*own_find(uint32_t handle);
/* 1 if a tunnel has this id, or had it less than a quarantine ago. */
int		 own_tid_taken(uint32_t);
/* Without sessions, and the fd closed. */
void		 own_free(struct own *);
/* The next step to the end; with the last one end_id is answered. */
void		 own_end(struct own *);
/* For TUNNEL_CLOSE and SESSION_DOWN, and for STATS: see dispatch.c. */
int		 own_end_asked(const struct dpmsg *, struct own *,
		    struct dpmsg *);
int		 own_stats(const struct dpmsg *, struct own *, struct dpmsg *);
/*
 * ctld is gone: ends all that it has made but what is kept, which ends with
 * dpd.  1 if there was nothing to end.
 */
int		 own_end_all(void);
/*
 * The child in a session's slot is gone.  Each exits once, and its session's
 * slot is not free before that.
 */
void		 own_exited(const struct dp_exited *);

/*
 * ---- kern.c: all that the kernel is asked for ----
 *
 * Sockets, and by netlink its tunnels and sessions and their interfaces.  It
 * works inside of our send, so that the answer is there at once: nothing here
 * waits for anything else.  What it is for was decided before; objects are
 * named by what own knows.
 */

#define DPD_PROTO_L2TP	115		/* glibc has no name for it */

/* Opens netlink as root; ends the process if the kernel has no L2TP. */
void	kern_open(void);

/* An attribute of a request, in host order. */
struct kern_attr {
	int		 type;		/* L2TP_ATTR_*; 0 ends the list */
	int		 size;		/* 0: not sent */
	const void	*value;
};

/*
 * L2TP_CMD_*, about this tunnel or session.  Returns 0 or an errno and does
 * not wait.  The list may be NULL; so may be what the answer's counters go
 * to.  What is deleted keeps its id until the kernel is done with it.
 */
int	kern_call(uint8_t cmd, const struct own *, const struct kern_attr *,
	    struct dp_stats_reply *);
/* The index of the interface with this name; 0 with errno if there is none. */
int	kern_ifindex(const char *ifname);
/*
 * A session's interface comes up with all that its rule says, or goes down,
 * as SESSION_START's "down" has it; 0 or an errno.
 */
int	kern_link(const struct own *, const struct dp_rule_session *, int down);

/*
 * Sockets, or -1 with errno.  L2TP: bound to local, or any address if it has
 * no family, and over IP to the id; connected to peer unless over UDP that
 * has no port; a listener if that is NULL.
 *
 * SO_REUSEPORT shares the listener's port with our user alone, SO_REUSEADDR
 * would with all; a port that the kernel picks is not shared.  Over IP the
 * kernel tells control from data, and has no sockets for both families.
 */
int	sock_l2tp(const struct dp_addr *local, uint32_t local_tid,
	    const struct dp_addr *peer);
/* Has bind() or connect() do that for an L2TP socket: 0, or -1 with errno. */
int	sock_name(int fd, const struct dp_addr *, uint32_t local_tid,
	    int (*)(int, const struct sockaddr *, socklen_t));
/*
 * PPPoL2TP, of a session that the kernel has: frames queue in it.  The address
 * with 32-bit ids serves tunnels of both versions.
 */
int	sock_pppox(const struct own *);

/*
 * ---- starter.c: the process that stays root, for pppd needs that ----
 *
 * All code of ours that is root once the network is read.  It knows few words
 * and takes them from dpd alone, runs two programs whose paths are constants,
 * signals only children that it has not reaped, and ends with all of them
 * when dpd does or breaks the contract.
 */

/* Where a child finds its descriptor; where pppd and its scripts notify. */
#define STARTER_FD	3
#define NOTIFY_FD	4

/*
 * All that it does, with its end of the channel to dpd; needs root, and
 * FD_SIGNAL: a signalfd reads the signals of the process that reads it.
 */
void	starter_main(int) __attribute__((noreturn));

/*
 * ---- pppd.c: how pppd is run ----
 *
 * pppd reads its peer's octets as root: it gets arguments composed here, from
 * numbers and two words that dpmsg has checked, and a cage: few capabilities,
 * no files to change but its own, no reach into the kernel or others.
 */

#define PPPD_CAPS	(UINT64_C(1) << CAP_NET_ADMIN | \
			UINT64_C(1) << CAP_NET_RAW | \
			UINT64_C(1) << CAP_NET_BIND_SERVICE | \
			UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID)
#define PPPD_MAX_ARGS	32
#define PPPD_TEXT	1024

struct pppd_args {
	char	*argv[PPPD_MAX_ARGS];
	char	 text[PPPD_TEXT];	/* what argv points to */
};

/* What is not constant takes less than half of it. */
_Static_assert(sizeof(SEPTUM_PPPD SEPTUM_NOTIFY SEPTUM_PROFILES) <
    PPPD_TEXT / 2, "PPPD_TEXT");

/*
 * Composes pppd's arguments, its descriptor being STARTER_FD, from a message
 * that has passed dpmsg_recv(): words have no blanks, so that a line of them
 * can be cut up again.
 */
void	pppd_argv(struct pppd_args *, const struct dp_run *);
/*
 * Gives up what pppd does not need, no_new_privs being set.  Ends the process
 * if that fails.
 */
void	pppd_cage(void);

#endif
