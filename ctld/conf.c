/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Reading, parsing and freeing a configuration as a whole.  The text, the
 * keys and the records for dpd are the business of conf_yaml.c,
 * conf_schema.c and conf_policy.c.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_int.h"
#include "log.h"

char *
conf_read(int fd, size_t *len)
{
	struct stat	 st;
	char		*text;
	ssize_t		 n = 1;

	if (fstat(fd, &st) == -1)
		return (NULL);
	if (st.st_size > DP_MAX_CONFIG) {
		errno = EFBIG;
		return (NULL);
	}
	/* One more, so that an empty file is not an empty allocation. */
	if ((text = malloc((size_t)st.st_size + 1)) == NULL)
		return (NULL);
	for (*len = 0; *len < (size_t)st.st_size && n > 0; *len += (size_t)n)
		n = pread(fd, text + *len, (size_t)st.st_size - *len,
		    (off_t)*len);
	if (n == -1) {
		free(text);
		return (NULL);
	}
	return (text);
}

static struct conf *
conf_new(void)
{
	struct conf	*conf;

	if ((conf = calloc(1, sizeof(*conf))) == NULL)
		return (NULL);
	conf->log_level = LOG_LVL_INFO;
	conf->max_tunnels = DP_MAX_TUNNELS;
	conf->max_sessions = DP_MAX_SESSIONS;
	conf->max_half_open = 1024;
	conf->sccrq_per_second = 200;
	conf->ppp_starting = 64;
	TAILQ_INIT(&conf->listens);
	TAILQ_INIT(&conf->peers);
	TAILQ_INIT(&conf->pools);
	TAILQ_INIT(&conf->tunnels);
	SLIST_INIT(&conf->texts);
	return (conf);
}

struct conf *
conf_parse(const char *name, const char *text, size_t len,
    void (*report)(const char *))
{
	struct conf_ctx	 ctx = { 0 };
	size_t		 n_rules;

	SLIST_INIT(&ctx.nodes);
	TAILQ_INIT(&ctx.errors);
	if ((ctx.conf = conf_new()) == NULL)
		ctx.nomem = 1;
	else
		conf_yaml(&ctx, text, len);
	if (ctx.root != NULL) {
		conf_walk(&ctx, ctx.root, &conf_schema, ctx.conf);
		n_rules = conf_number(ctx.conf);
		if (n_rules > DP_MAX_RULES)
			conf_error(&ctx, ctx.root, "it takes %zu rules, "
			    "allowed are %u", n_rules, DP_MAX_RULES);
		else
			conf_unique(&ctx);
	}
	conf_errors_report(&ctx, name, report);
	if (ctx.n_errors > 0 || ctx.nomem) {
		conf_free(ctx.conf);
		ctx.conf = NULL;
	}
	conf_errors_free(&ctx);
	conf_yaml_free(&ctx);
	return (ctx.conf);
}

int
conf_mode_ok(const struct conf *conf, const char *name, uint32_t mode,
    void (*report)(const char *))
{
	char	 line[CONF_SHOW_LEN];

	if (!conf->has_secrets || (mode & S_IRWXO) == 0)
		return (1);
	snprintf(line, sizeof(line), "%s: others can read its secrets: the "
	    "mode is %04o, it must be 0640 or 0600", name, mode);
	report(line);
	return (0);
}

static void
conf_sessions_free(struct conf_sessions *sessions)
{
	struct conf_session	*session;

	while ((session = TAILQ_FIRST(sessions)) != NULL) {
		TAILQ_REMOVE(sessions, session, entry);
		freezero(session, sizeof(*session));
	}
}

void
conf_free(struct conf *conf)
{
	struct conf_listen	*listen;
	struct conf_peer	*peer;
	struct conf_pool	*pool;
	struct conf_text	*text;
	struct conf_tunnel	*tunnel;

	if (conf == NULL)
		return;
	while ((listen = TAILQ_FIRST(&conf->listens)) != NULL) {
		TAILQ_REMOVE(&conf->listens, listen, entry);
		free(listen->peers);
		free(listen);
	}
	while ((peer = TAILQ_FIRST(&conf->peers)) != NULL) {
		TAILQ_REMOVE(&conf->peers, peer, entry);
		conf_sessions_free(&peer->sessions);
		free(peer);
	}
	while ((pool = TAILQ_FIRST(&conf->pools)) != NULL) {
		TAILQ_REMOVE(&conf->pools, pool, entry);
		free(pool);
	}
	while ((tunnel = TAILQ_FIRST(&conf->tunnels)) != NULL) {
		TAILQ_REMOVE(&conf->tunnels, tunnel, entry);
		conf_sessions_free(&tunnel->sessions);
		free(tunnel->peers);
		free(tunnel);
	}
	while ((text = SLIST_FIRST(&conf->texts)) != NULL) {
		SLIST_REMOVE_HEAD(&conf->texts, entry);
		freezero(text, sizeof(*text) + text->size);
	}
	free(conf);
}
