/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The errors of a configuration file.  They are collected, so that all of
 * them are reported and in the order of the file, whatever the order in
 * which they were found.  Text from the file is made printable first.
 */
#define LIBBSD_OPENBSD_VIS	/* which strnvis(); we use neither */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "conf_int.h"

#define CONF_SHOW_MAX	60	/* octets of the file that are shown */
#define CONF_WORD_MAX	63	/* longer words are not guessed at */

static void
conf_error_add(struct conf_ctx *ctx, size_t line, size_t col,
    const char *path, const char *fmt, va_list ap)
{
	struct conf_error	*e, *before;
	char			 text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	if ((e = conf_alloc(ctx, 1, sizeof(*e))) == NULL)
		return;
	if (asprintf(&e->text, "%s%s%s", path, *path != '\0' ? ": " : "",
	    text) == -1) {
		ctx->nomem = 1;
		free(e);
		return;
	}
	e->line = line;
	e->col = col;
	TAILQ_FOREACH_REVERSE(before, &ctx->errors, conf_errors, entry)
		if (before->line < line ||
		    (before->line == line && before->col <= col))
			break;
	if (before == NULL)
		TAILQ_INSERT_HEAD(&ctx->errors, e, entry);
	else
		TAILQ_INSERT_AFTER(&ctx->errors, before, e, entry);
}

void
conf_error_at(struct conf_ctx *ctx, size_t line, size_t col, const char *fmt,
    ...)
{
	va_list	 ap;

	if (ctx->n_errors++ >= CONF_MAX_ERRORS)
		return;
	va_start(ap, fmt);
	conf_error_add(ctx, line, col, "", fmt, ap);
	va_end(ap);
}

/* At most CONF_SHOW_MAX octets of text in a visible form. */
static void
conf_vis(const char *text, char buf[CONF_SHOW_LEN])
{
	strvisx(buf, text, strnlen(text, CONF_SHOW_MAX),
	    VIS_OCTAL | VIS_CSTYLE | VIS_NL | VIS_TAB);
	if (strlen(text) > CONF_SHOW_MAX)
		strlcat(buf, "...", CONF_SHOW_LEN);
}

/* The names on the way from the root; list members have none. */
static void
conf_path(const struct conf_node *node, char *path, size_t size)
{
	const struct conf_node	*names[CONF_MAX_DEPTH + 1];
	char			 name[CONF_SHOW_LEN];
	size_t			 n;

	for (n = 0; node != NULL && n < CONF_MAX_DEPTH + 1;
	    node = node->parent)
		if (node->key != NULL)
			names[n++] = node->key;
	*path = '\0';
	while (n-- > 0) {
		conf_vis(names[n]->text, name);
		strlcat(path, name, size);
		if (n > 0)
			strlcat(path, ".", size);
	}
}

static void
conf_error_node(struct conf_ctx *ctx, const struct conf_node *node,
    const char *kind, const char *fmt, va_list ap)
{
	const struct conf_node	*at = node;
	char			 path[512];
	size_t			 len;

	/* The name of a mapping says more than its first line. */
	if (node->kind == CONF_MAP && node->key != NULL)
		at = node->key;
	len = strlcpy(path, kind, sizeof(path));
	conf_path(node, path + len, sizeof(path) - len);
	conf_error_add(ctx, at->line, at->col, path, fmt, ap);
}

void
conf_error(struct conf_ctx *ctx, const struct conf_node *node,
    const char *fmt, ...)
{
	va_list	 ap;

	if (ctx->n_errors++ >= CONF_MAX_ERRORS)
		return;
	va_start(ap, fmt);
	conf_error_node(ctx, node, "", fmt, ap);
	va_end(ap);
}

void
conf_warn(struct conf_ctx *ctx, const struct conf_node *node,
    const char *fmt, ...)
{
	va_list	 ap;

	if (ctx->n_warnings++ >= CONF_MAX_ERRORS)
		return;
	va_start(ap, fmt);
	conf_error_node(ctx, node, "warning: ", fmt, ap);
	va_end(ap);
}

void
conf_error_guess(struct conf_ctx *ctx, const struct conf_node *node,
    const char *what, const struct conf_guess *guess)
{
	char	 buf[CONF_SHOW_LEN];

	if (guess->best == NULL)
		conf_error(ctx, node, "%s %s", what, conf_show(node, buf));
	else
		conf_error(ctx, node, "%s %s (did you mean \"%s\"?)", what,
		    conf_show(node, buf), guess->best);
}

void
conf_guess_init(struct conf_guess *guess, const char *word)
{
	guess->word = word;
	guess->best = NULL;
	/* A third of the letters may be wrong, and one always. */
	guess->distance = strlen(word) / 3 + 2;
}

/* How many letters are to be changed, left out or put in. */
static size_t
conf_distance(const char *a, const char *b)
{
	size_t	 row[CONF_WORD_MAX + 1];
	size_t	 best, diagonal, i, j, n_b = strlen(b);

	for (j = 0; j <= n_b; j++)
		row[j] = j;
	for (i = 1; a[i - 1] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= n_b; j++) {
			best = diagonal + (a[i - 1] != b[j - 1]);
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return (row[n_b]);
}

void
conf_guess_try(struct conf_guess *guess, const char *candidate)
{
	size_t	 distance;

	if (strlen(guess->word) > CONF_WORD_MAX ||
	    strlen(candidate) > CONF_WORD_MAX)
		return;
	distance = conf_distance(guess->word, candidate);
	if (distance < guess->distance) {
		guess->distance = distance;
		guess->best = candidate;
	}
}

const char *
conf_show(const struct conf_node *node, char buf[CONF_SHOW_LEN])
{
	static const char *const	 kinds[] = {
		[CONF_SCALAR] = "no value",
		[CONF_LIST] = "a list",
		[CONF_MAP] = "a mapping",
		[CONF_BAD] = "nothing"
	};
	char				 text[CONF_SHOW_LEN];

	if (node->kind != CONF_SCALAR || (node->plain && *node->text == '\0'))
		return (kinds[node->kind]);
	conf_vis(node->text, text);
	strlcpy(buf, "\"", CONF_SHOW_LEN);
	strlcat(buf, text, CONF_SHOW_LEN);
	strlcat(buf, "\"", CONF_SHOW_LEN);
	return (buf);
}

void
conf_errors_report(struct conf_ctx *ctx, const char *name,
    void (*report)(const char *))
{
	const struct conf_error	*e;
	char			 line[2048];

	TAILQ_FOREACH(e, &ctx->errors, entry) {
		snprintf(line, sizeof(line), "%s:%zu:%zu: %s", name, e->line,
		    e->col, e->text);
		report(line);
	}
	if (ctx->n_errors > CONF_MAX_ERRORS) {
		snprintf(line, sizeof(line), "%s: %zu more errors", name,
		    ctx->n_errors - CONF_MAX_ERRORS);
		report(line);
	}
	if (ctx->nomem) {
		snprintf(line, sizeof(line), "%s: out of memory", name);
		report(line);
	}
}

void
conf_errors_free(struct conf_ctx *ctx)
{
	struct conf_error	*e;

	while ((e = TAILQ_FIRST(&ctx->errors)) != NULL) {
		TAILQ_REMOVE(&ctx->errors, e, entry);
		free(e->text);
		free(e);
	}
}
