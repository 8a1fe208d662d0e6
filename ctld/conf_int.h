/* SPDX-License-Identifier: ISC */
/*
 * Shared by conf*.c alone: the tree that the YAML text becomes, the tables
 * that say which keys a mapping may have, and the list of errors.
 */
#ifndef CTLD_CONF_INT_H
#define CTLD_CONF_INT_H

#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "conf.h"

#define CONF_PORT		1701	/* RFC 2661 section 8.1 */
#define CONF_MAX_DEPTH		16	/* of nested mappings and lists */
#define CONF_MAX_ENTRIES	2048	/* of one mapping or list */
#define CONF_MAX_ERRORS		256	/* and warnings, that are shown */
#define CONF_SHOW_LEN		256

/* CONF_BAD was complained of already; nothing else is said about it. */
enum conf_kind { CONF_SCALAR, CONF_LIST, CONF_MAP, CONF_BAD };

struct conf_node {
	SLIST_ENTRY(conf_node)	 all;
	STAILQ_ENTRY(conf_node)	 next;
	STAILQ_HEAD(, conf_node) children;
	size_t			 n_children;
	struct conf_node	*parent;	/* NULL: the root */
	struct conf_node	*key;		/* in a mapping: its name */
	enum conf_kind		 kind;
	int			 plain;		/* scalar without quotes */
	size_t			 line, col;	/* from 1 */
	char			*text;		/* scalar */
};

struct conf_error {
	TAILQ_ENTRY(conf_error)	 entry;
	size_t			 line, col;
	char			*text;		/* path and what is wrong */
};

struct conf_ctx {
	struct conf		*conf;
	struct conf_node	*root;
	SLIST_HEAD(, conf_node)	 nodes;		/* owns them */
	TAILQ_HEAD(conf_errors, conf_error) errors;	/* by position */
	size_t			 n_errors, n_warnings;
	const char		*host_name;	/* ours; NULL: not asked yet */
	int			 nomem;
};

/* One word of a key that takes words. */
struct conf_word {
	const char	*name;		/* NULL ends a table */
	uint8_t		 value;
	uint8_t		 later;		/* known, but not built yet */
};

#define KEY_REQUIRED	0x1		/* if what it takes is there */
#define KEY_ZERO	0x2		/* 0 is allowed besides the range */
#define KEY_ONE		0x4		/* a list of one needs no brackets */
#define KEY_SECRET	0x8		/* values are not shown */

/* What a mapping is about; several, if that is open or not known. */
#define FACT_PPP	0x01		/* pseudowire */
#define FACT_ETH	0x02
#define FACT_CALLS	0x04		/* mode: dial */
#define FACT_FIXED	0x08		/* static or quiescent */
#define FACT_CONTROL	0x10		/* dial or quiescent */
#define FACT_V2		0x20		/* version */
#define FACT_V3		0x40
#define FACT_UDP	0x80		/* encap */

/* One key of a mapping. */
struct conf_key {
	const char	*name;		/* NULL ends a table */
	/* Stores a value in its field. */
	void		(*set)(struct conf_ctx *, const struct conf_node *,
			    const struct conf_key *, void *);
	/* conf_set_list(): likewise, for each member. */
	void		(*item)(struct conf_ctx *, const struct conf_node *,
			    const struct conf_key *, void *);
	size_t		 offset;	/* of the field in the object */
	uint32_t	 min, max;	/* value, or length */
	const struct conf_word	 *words;
	const struct conf_object *object;
	int		 flags;
	int		 takes;		/* all of these facts; conf_facts() */
};

/* What a mapping becomes. */
struct conf_object {
	const struct conf_key	*keys;
	/* Further keys, of what is at this offset of the object; or NULL. */
	const struct conf_key	*shared;
	size_t			 shared_offset;
	/* With its defaults, in the list of its owner; NULL if no memory. */
	void	*(*make)(struct conf_ctx *, void *, const char *);
	/* Checks that need more than one key. */
	void	(*done)(struct conf_ctx *, const struct conf_node *, void *);
};

/* The closest of some words, for "did you mean". */
struct conf_guess {
	const char	*word;		/* what was written */
	const char	*best;
	size_t		 distance;
};

/* conf_err.c */

/* At the position of the node, with the path of the keys to it. */
__attribute__((format(printf, 3, 4)))
void	 conf_error(struct conf_ctx *, const struct conf_node *,
	    const char *, ...);
/* Likewise, of what is better not done, but works. */
__attribute__((format(printf, 3, 4)))
void	 conf_warn(struct conf_ctx *, const struct conf_node *,
	    const char *, ...);
/* Of the text itself, before there are nodes. */
__attribute__((format(printf, 4, 5)))
void	 conf_error_at(struct conf_ctx *, size_t, size_t, const char *, ...);
/* conf_error() with the guess, if there is one. */
void	 conf_error_guess(struct conf_ctx *, const struct conf_node *,
	    const char *, const struct conf_guess *);
void	 conf_guess_init(struct conf_guess *, const char *);
void	 conf_guess_try(struct conf_guess *, const char *);
/* Safe to print: a scalar in quotes and cut, "a list" or "a mapping". */
const char *conf_show(const struct conf_node *, char [CONF_SHOW_LEN]);
void	 conf_errors_report(struct conf_ctx *, const char *,
	    void (*)(const char *));
void	 conf_errors_free(struct conf_ctx *);

/* conf_yaml.c: sets ctx->root, or reports why there is none. */
void	 conf_yaml(struct conf_ctx *, const char *, size_t);
void	 conf_yaml_free(struct conf_ctx *);

/* conf_walk.c */
void	 conf_walk(struct conf_ctx *, const struct conf_node *,
	    const struct conf_object *, void *);
const struct conf_node *conf_child(const struct conf_node *, const char *);
/* 1 if it is a scalar with a value; else complains of what is there. */
int	 conf_scalar(struct conf_ctx *, const struct conf_node *,
	    const char *);
/* As calloc(), and remembers failure. */
void	*conf_alloc(struct conf_ctx *, size_t, size_t);
/* A copy that conf_free() frees; NULL if no memory. */
const char *conf_text(struct conf_ctx *, const char *);

/* Setters.  The field is ... */
void	 conf_set_u16(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint16_t */
void	 conf_set_u32(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint32_t */
void	 conf_set_ms(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint32_t */
void	 conf_set_bool(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint8_t */
void	 conf_set_word(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint8_t */
void	 conf_check_word(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* not used */
void	 conf_set_flag(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint32_t; sets a bit */
void	 conf_set_flag8(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* uint8_t; likewise */
void	 conf_set_text(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* char[max + 1] */
void	 conf_set_string(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* const char * */
void	 conf_set_octets(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* struct l2tp_octets */
void	 conf_set_profile(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* char[CONF_NAME_LEN] */
void	 conf_set_list(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* item's business */
void	 conf_set_map(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* the object */
void	 conf_set_named(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* make's owner */

/* conf_facts.c: complains of keys that do not go with the facts, or lack. */
void	 conf_facts(struct conf_ctx *, const struct conf_node *,
	    const struct conf_object *, int);

/*
 * conf_addr.c: text to addresses.  NULL, or a phrase that says what is
 * wrong.
 */
const char *conf_addr(const char *, struct dp_addr *);
/*
 * ADDRESS[:PORT]; the port stays as it is if there is none.  May it be 0?
 * The encapsulation stays in any case, and over IP there are no ports.
 */
const char *conf_addr_port(const char *, struct dp_addr *, int zero);
const char *conf_prefix(const char *, struct dp_prefix *);
/* Of an interface: an address, and how long its prefix is. */
const char *conf_host_prefix(const char *, struct dp_prefix *);
/* ADDRESS or FIRST-LAST. */
const char *conf_range(const char *, struct dp_range *);
const char *conf_ip4(const char *, uint32_t *);
/* HOST[:PORT]; likewise. */
const char *conf_endpoint(const char *, struct conf_endpoint *);
int	 conf_addr_wildcard(const struct dp_addr *);
/* 1 if a datagram could be meant for both. */
int	 conf_addr_overlap(const struct dp_addr *, const struct dp_addr *);

/* conf_schema.c: the whole file, and what several of its parts share. */
extern const struct conf_object	conf_schema;
extern const struct conf_word	conf_encap_words[];
extern const struct conf_word	conf_version_words[];
extern const struct conf_word	conf_ipsec_words[];

/* conf_shared.c: what both peers and tunnels have. */
extern const struct conf_key	conf_params_keys[];	/* l2tp_params */
void	 conf_params_init(struct conf_ctx *, struct l2tp_params *);
void	 conf_params_done(struct conf_ctx *, const struct conf_node *,
	    struct l2tp_params *);
/* What "digest" is by default, with this encapsulation. */
void	 conf_digest_default(struct l2tp_params *, uint8_t);
/* A pseudowire of this type may be asked for. */
void	 conf_params_add_pw(struct l2tp_params *, uint16_t);

/* conf_session.c: the sessions of both. */
extern const struct conf_key	conf_session_keys[];	/* conf_session */
void	 conf_session_init(struct conf_session *);
/* The owner is a struct conf_sessions. */
void	*conf_session_make(struct conf_ctx *, void *, const char *);
/* The facts are those of its owner; NULL or no mapping is left as it is. */
void	 conf_session_done(struct conf_ctx *, const struct conf_node *,
	    const struct conf_object *, struct conf_session *,
	    struct l2tp_params *, int);
/* Of calls: Remote End IDs, which have to differ. */
void	 conf_end_ids_done(struct conf_ctx *, const struct conf_node *,
	    struct conf_sessions *);

/* conf_eth.c: interfaces. */
void	 conf_set_ifname(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* char[DP_IFNAME_LEN] */
void	 conf_add_address(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* conf_session */
/* By default "l2tp-" and the name; at most so many characters. */
void	 conf_eth_done(struct conf_ctx *, const struct conf_node *,
	    struct conf_session *, const char *, size_t);

/* conf_fixed.c: static and quiescent tunnels. */
void	 conf_set_cookie(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* conf_session */
void	 conf_set_peer_cookie(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* conf_session */
void	 conf_fixed_done(struct conf_ctx *, const struct conf_node *,
	    struct conf_tunnel *);

/* conf_unique.c: names and ids of which there is only one on a system. */
void	 conf_unique(struct conf_ctx *);

/* conf_call.c: what takes more than one key, of a peer or of a tunnel. */
void	 conf_outgoing_done(struct conf_ctx *, const struct conf_node *,
	    struct l2tp_params *, const struct conf_session *);
void	 conf_on_demand_done(struct conf_ctx *, const struct conf_node *,
	    struct conf_tunnel *);
void	 conf_set_pool(struct conf_ctx *, const struct conf_node *,
	    const struct conf_key *, void *);	/* const struct conf_pool * */

/* conf_pool.c, conf_peer.c, conf_listen.c, conf_tunnel.c */
extern const struct conf_object	conf_pool_object;
extern const struct conf_object	conf_peer_object;
extern const struct conf_object	conf_listen_object;
extern const struct conf_object	conf_tunnel_object;

/* conf_policy.c: how many rules there are, after numbering them. */
size_t	 conf_number(struct conf *);

#endif
