/* SPDX-License-Identifier: ISC */
/*
 * A world for what ctld does with L2TPv3: everything around it is that of
 * ctld_world.h, and the engine is played, too.  It writes down what it is
 * asked, and says what the test has it say.
 */
#ifndef REGRESS_PW_WORLD_H
#define REGRESS_PW_WORLD_H

#include "ctld_world.h"
#include "session.h"
#include "tunnel.h"

#define PW_SID		0x50000001	/* what the engine gives to calls */
#define PW_PEER_SID	0x60000001
#define PW_TID		0x10000001	/* of tunnels that come in */
#define PW_PEER_TID	0x20000001

extern struct pw {
	char			 asked[512];	/* of the engine */
	const char		*fails;		/* what it does not do */
	/* What it knows of any tunnel and call. */
	struct l2tp_tunnel_info	 tunnel;
	struct l2tp_call_info	 call;
	struct l2tp_call_params	 offer;		/* the latest */
	struct l2tp_path	 path;		/* of the latest tunnel */
	/* The configuration. */
	struct conf		 conf;
	struct conf_peer	 peer;
	struct conf_listen_peer	 allowed;	/* rules 21, and 40 on */
	struct conf_session	 lan, wan;	/* of the peer, by End ID */
	struct conf_session	 eth;		/* what world_call places */
	struct conf_endpoint	 endpoint;
} pw;

/* L2TPv3 over IP or UDP.  All sessions are Ethernet; call.up of 1 is set. */
void	pw_start(uint8_t encap);
/* Exactly this has been asked of the engine since the last look. */
void	pw_asked(const char *);
/* The engine says so, of this tunnel or session. */
void	pw_tunnel_says(enum l2tp_event_type, struct tunnel *);
void	pw_call_says(enum l2tp_event_type, struct session *);
/* A SCCRQ: its tunnel's id is PW_TID + n. */
void	pw_sccrq(uint32_t n, uint8_t last_octet);
/* An ICRQ in this tunnel with this end id: its id is PW_SID + n. */
void	pw_icrq(struct tunnel *, uint32_t n, const char *end_id);
/* A tunnel that has come in as pw_sccrq(), and all has been done for it. */
struct tunnel *pw_answered(uint32_t n, uint8_t last_octet);
/* A tunnel of this mode that is ours, and is up. */
struct tunnel *pw_ours(enum conf_mode);
/* The only session, after sess_dial() in the tunnel. */
struct session *pw_place(struct tunnel *);

#endif
