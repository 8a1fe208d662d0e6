/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * An engine that speaks L2TPv3 alone, and a peer whose messages a test makes
 * and reads as octets.  rig.h is the same for L2TPv2, by means of proto.
 */
#ifndef REGRESS_LONE_H
#define REGRESS_LONE_H

#include "l2tp.h"
#include "raw.h"

#define LONE_CCID	0xabcd1234U	/* ids of the peer */
#define LONE_SID	0x98765432U
#define LONE_END_ID	"port 7"
#define LONE_SECRET	"open sesame"

struct lone {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_path	 path;
	uint64_t		 now, seed;
	uint32_t		 tid, sid;	/* of the engine, the latest */
	uint16_t		 ns, nr;	/* of the peer */
	/* With digests: how the peer's are made, and the engine's. */
	int			 signs;
	struct raw_key		 key, engine_key;
	struct raw		 out;		/* the latest of each */
	struct l2tp_event	 ev;
};

/* Without digests, over UDP; what follows changes that. */
void	 lone_init(struct lone *);
void	 lone_free(struct lone *);
void	 lone_encap_ip(struct lone *);
/* Both sides know LONE_SECRET, and sign so. */
void	 lone_sign(struct lone *, int sha1);

/* With all that such a message has to have, to ids of the engine. */
struct raw lone_msg(const struct lone *, uint16_t type);
/* The next in order; what l2tp_input() said. */
int	 lone_say(struct lone *, struct raw);
/* Not counted. */
int	 lone_say_at(struct lone *, struct raw, uint16_t ns, uint16_t nr);
/* An acknowledgement of all there is. */
void	 lone_ack(struct lone *);

/* Pulls a packet; what is signed has to be signed right. */
int	 lone_out(struct lone *);
void	 lone_expect(struct lone *, uint16_t type);
/* But for an acknowledgement. */
void	 lone_expect_none(struct lone *);
void	 lone_wait(struct lone *, uint64_t ms);

int	 lone_event(struct lone *);
void	 lone_expect_event(struct lone *, enum l2tp_event_type);
void	 lone_expect_no_event(struct lone *);
const char *lone_state(struct lone *);
const char *lone_call_state(struct lone *);

/* Established, by the peer or by the engine. */
void	 lone_listen(struct lone *);
void	 lone_dial(struct lone *);
/* A call that the engine asks for, until its ICRQ or OCRQ. */
struct l2tp_call_params lone_params(void);
void	 lone_ask(struct lone *, const struct l2tp_call_params *);
/* A call that the peer asks for, up to the event. */
void	 lone_asked(struct lone *, uint16_t type);
/* The peer's call, up. */
void	 lone_call_up(struct lone *);

/* A StopCCN or CDN of the engine with these codes, and the end. */
void	 lone_stopped(struct lone *, uint16_t result, uint16_t error);
void	 lone_cleared(struct lone *, uint16_t result, uint16_t error);

#endif
