/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * An engine and a scripted peer that is its other end: messages are made
 * and read one by one, so that a test can say exactly what is on the wire.
 */
#ifndef REGRESS_RIG_H
#define REGRESS_RIG_H

#include "engine.h"

#define RIG_PEER_TID	7
#define RIG_PEER_SID	321
#define RIG_START	1000000

struct rig {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_path	 path;		/* as the engine sees it */
	uint64_t		 now;
	uint64_t		 seed;
	uint8_t			 version;	/* 2, or as rig_init3() */
	uint32_t		 tid;		/* of the engine's tunnel */
	uint32_t		 peer_bearer;	/* capabilities; 0: not sent */
	uint16_t		 ns, nr;	/* of the scripted peer */
	struct bytes		 secret;	/* what it uncovers with */
	int			 hides;		/* and hides with */
	uint8_t			 room[4096];
	/* The latest of each. */
	struct l2tp_packet	 pkt;
	struct hdr		 h;
	struct msg		 m;
	struct l2tp_event	 ev;
};

/* Fails the test if the engine cannot be made. */
void	 rig_init(struct rig *);
/* The same for L2TPv3, with Ethernet and PPP on both sides. */
void	 rig_init3(struct rig *);
/* What that does to a rig after rig_init_config(). */
void	 rig_init_params3(struct rig *);
void	 rig_init_config(struct rig *, const struct l2tp_config *);
void	 rig_free(struct rig *);
struct l2tp_config rig_config(struct rig *);

/* One message or ZLB of the peer, to ids of the engine. */
int	 rig_send(struct rig *, uint32_t tid, uint32_t sid, struct msg *);
int	 rig_zlb(struct rig *);
/* With Ns and Nr as told, and not counted. */
int	 rig_send_at(struct rig *, uint32_t tid, uint32_t sid, struct msg *,
	    uint16_t ns, uint16_t nr);
int	 rig_datagram(struct rig *, const void *, size_t);

/* Messages with all that they must have. */
struct msg rig_msg(uint16_t type);
struct msg rig_msg_sid(uint16_t type, uint16_t assigned_sid);
/* Of L2TPv3, Remote Session ID as rig_send() has it. */
struct msg rig_msg3(uint16_t type, uint32_t local_sid);

/* Pulls packets: the next one must be this, or there must be none. */
int	 rig_out(struct rig *);
void	 rig_expect(struct rig *, uint16_t type);
void	 rig_expect_none(struct rig *);
/* Until the next deadline at most ms away; 1 if there was one. */
int	 rig_tick(struct rig *, uint64_t ms);
void	 rig_wait(struct rig *, uint64_t ms);

/* Pulls events, those for the log apart: the next must be this, or none. */
int	 rig_event(struct rig *);
void	 rig_expect_event(struct rig *, enum l2tp_event_type);
void	 rig_expect_no_event(struct rig *);

/* A tunnel that is established, by us or by the peer. */
void	 rig_dial(struct rig *);
void	 rig_listen(struct rig *);
/* A call in a state of enum call_state; the peer's id is peer_sid. */
uint32_t rig_call(struct rig *, unsigned int state, uint16_t peer_sid);
/* The tunnel in a state of enum cc_state. */
void	 rig_tunnel(struct rig *, unsigned int state);

/* Our StopCCN with its result, and the event; then acknowledged and kept. */
void	 rig_stopped(struct rig *, uint16_t result, enum l2tp_by);
void	 rig_gone(struct rig *);
/* The same, if it was refused before we had any proof of the peer. */
void	 rig_forgotten(struct rig *);

/* A message to a session of ours, with RIG_PEER_SID where it has an id. */
int	 rig_say(struct rig *, uint16_t type, uint32_t sid);
/* Our CDN, and the event; or the event alone, and only a ZLB. */
void	 rig_cleared(struct rig *, uint32_t sid, uint32_t peer_sid,
	    uint16_t result, uint16_t error);
void	 rig_silent(struct rig *, uint32_t sid, enum l2tp_by);

/* What all that was allocated takes. */
size_t	 rig_heap_bytes(void);

/* To which session the latest message of ours is. */
uint32_t rig_sid(const struct rig *);
uint32_t rig_tid(const struct rig *);
int	 rig_is(struct rig *, const char *tunnel_state);
const char *rig_tunnel_state(struct rig *);
const char *rig_call_state(struct rig *, uint32_t sid);

#endif
