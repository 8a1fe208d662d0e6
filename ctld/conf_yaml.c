/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * YAML text to a tree of nodes that know their line and column.  Bounded in
 * depth and in entries; anchors, aliases and tags are refused, so that the
 * tree is never larger than the text.  What the nodes mean is conf_walk.c's
 * business.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "conf_int.h"

/* Where in the tree the next event belongs. */
struct conf_builder {
	struct conf_ctx		*ctx;
	struct conf_node	*open;		/* mapping or list, or NULL */
	struct conf_node	*key;		/* waits for its value */
	size_t			 depth;
	int			 ended;		/* the first document has */
};

static void
conf_yaml_error(struct conf_ctx *ctx, const yaml_event_t *ev,
    const char *what)
{
	conf_error_at(ctx, ev->start_mark.line + 1, ev->start_mark.column + 1,
	    "%s", what);
}

/*
 * Octets that are not UTF-8, or control characters: libyaml gives their
 * offset only.
 */
static void
conf_yaml_reader_error(struct conf_ctx *ctx, const yaml_parser_t *parser,
    const char *text, size_t len)
{
	size_t	 col = 1, i, line = 1;

	for (i = 0; i < len && i < parser->problem_offset; i++) {
		col++;
		if (text[i] == '\n') {
			line++;
			col = 1;
		}
	}
	conf_error_at(ctx, line, col, "not valid YAML: %s", parser->problem);
}

static void
conf_yaml_syntax_error(struct conf_ctx *ctx, const yaml_parser_t *parser,
    const char *text, size_t len)
{
	if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL)
		ctx->nomem = 1;
	else if (parser->error == YAML_READER_ERROR)
		conf_yaml_reader_error(ctx, parser, text, len);
	else if (parser->context == NULL)
		conf_error_at(ctx, parser->problem_mark.line + 1,
		    parser->problem_mark.column + 1, "not valid YAML: %s",
		    parser->problem);
	else
		conf_error_at(ctx, parser->problem_mark.line + 1,
		    parser->problem_mark.column + 1,
		    "not valid YAML: %s, %s that begins at %zu:%zu",
		    parser->problem, parser->context,
		    parser->context_mark.line + 1,
		    parser->context_mark.column + 1);
}

/* The node in its place in the tree; NULL ends the parsing. */
static struct conf_node *
conf_yaml_add(struct conf_builder *b, const yaml_event_t *ev,
    enum conf_kind kind)
{
	struct conf_node	*node;

	if ((node = conf_alloc(b->ctx, 1, sizeof(*node))) == NULL)
		return (NULL);
	SLIST_INSERT_HEAD(&b->ctx->nodes, node, all);
	STAILQ_INIT(&node->children);
	node->kind = kind;
	node->line = ev->start_mark.line + 1;
	node->col = ev->start_mark.column + 1;
	node->parent = b->open;
	node->key = b->key;
	if (b->open == NULL) {
		b->ctx->root = node;
		return (node);
	}
	if (b->open->kind == CONF_MAP && b->key == NULL) {
		b->key = node;
		return (node);
	}
	b->key = NULL;
	STAILQ_INSERT_TAIL(&b->open->children, node, next);
	if (b->open->n_children++ < CONF_MAX_ENTRIES)
		return (node);
	conf_yaml_error(b->ctx, ev, "too many entries");
	return (NULL);
}

static int
conf_yaml_open(struct conf_builder *b, const yaml_event_t *ev,
    enum conf_kind kind)
{
	struct conf_node	*node;

	if (b->depth == CONF_MAX_DEPTH) {
		conf_yaml_error(b->ctx, ev, "nested too deeply");
		return (-1);
	}
	if (b->open != NULL && b->open->kind == CONF_MAP && b->key == NULL) {
		conf_yaml_error(b->ctx, ev, "a key must be a string");
		return (-1);
	}
	if ((node = conf_yaml_add(b, ev, kind)) == NULL)
		return (-1);
	b->open = node;
	b->depth++;
	return (0);
}

static int
conf_yaml_close(struct conf_builder *b)
{
	b->open = b->open->parent;
	b->depth--;
	return (0);
}

static int
conf_yaml_scalar(struct conf_builder *b, const yaml_event_t *ev)
{
	const char		*value = (const char *)ev->data.scalar.value;
	struct conf_node	*node;

	if ((node = conf_yaml_add(b, ev, CONF_SCALAR)) == NULL)
		return (-1);
	node->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if ((node->text = strdup(value)) == NULL) {
		b->ctx->nomem = 1;
		return (-1);
	}
	if (strlen(value) != ev->data.scalar.length) {
		conf_yaml_error(b->ctx, ev, "a string must not contain NUL");
		node->kind = CONF_BAD;
	}
	return (0);
}

static int
conf_yaml_alias(struct conf_builder *b, const yaml_event_t *ev)
{
	struct conf_node	*node;

	conf_yaml_error(b->ctx, ev, "aliases are not allowed");
	if ((node = conf_yaml_add(b, ev, CONF_BAD)) == NULL)
		return (-1);
	if ((node->text = strdup("")) == NULL) {
		b->ctx->nomem = 1;
		return (-1);
	}
	return (0);
}

/* Both would be lost on us: better to say so. */
static void
conf_yaml_properties(struct conf_builder *b, const yaml_event_t *ev)
{
	const yaml_char_t	*anchor = NULL, *tag = NULL;

	if (ev->type == YAML_SCALAR_EVENT) {
		anchor = ev->data.scalar.anchor;
		tag = ev->data.scalar.tag;
	} else if (ev->type == YAML_SEQUENCE_START_EVENT) {
		anchor = ev->data.sequence_start.anchor;
		tag = ev->data.sequence_start.tag;
	} else if (ev->type == YAML_MAPPING_START_EVENT) {
		anchor = ev->data.mapping_start.anchor;
		tag = ev->data.mapping_start.tag;
	}
	if (anchor != NULL)
		conf_yaml_error(b->ctx, ev, "anchors are not allowed");
	if (tag != NULL)
		conf_yaml_error(b->ctx, ev, "tags are not allowed");
}

static int
conf_yaml_event(struct conf_builder *b, const yaml_event_t *ev)
{
	conf_yaml_properties(b, ev);
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (!b->ended)
			return (0);
		conf_yaml_error(b->ctx, ev, "more than one document");
		return (-1);
	case YAML_DOCUMENT_END_EVENT:
		b->ended = 1;
		return (0);
	case YAML_ALIAS_EVENT:
		return (conf_yaml_alias(b, ev));
	case YAML_SCALAR_EVENT:
		return (conf_yaml_scalar(b, ev));
	case YAML_SEQUENCE_START_EVENT:
		return (conf_yaml_open(b, ev, CONF_LIST));
	case YAML_MAPPING_START_EVENT:
		return (conf_yaml_open(b, ev, CONF_MAP));
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return (conf_yaml_close(b));
	default:
		return (0);
	}
}

/* 0 if the text was read to its end. */
static int
conf_yaml_events(struct conf_builder *b, yaml_parser_t *parser,
    const char *text, size_t len)
{
	yaml_event_t	 ev;
	int		 end = 0, res = 0;

	while (res == 0 && !end) {
		if (!yaml_parser_parse(parser, &ev)) {
			conf_yaml_syntax_error(b->ctx, parser, text, len);
			return (-1);
		}
		end = ev.type == YAML_STREAM_END_EVENT;
		res = conf_yaml_event(b, &ev);
		yaml_event_delete(&ev);
	}
	return (res);
}

void
conf_yaml(struct conf_ctx *ctx, const char *text, size_t len)
{
	struct conf_builder	 b = { .ctx = ctx };
	yaml_parser_t		 parser;

	/* libyaml takes a byte order mark for a column of the first line. */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (!yaml_parser_initialize(&parser)) {
		ctx->nomem = 1;
		return;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text,
	    len);
	if (conf_yaml_events(&b, &parser, text, len) == -1)
		ctx->root = NULL;
	else if (ctx->root == NULL)
		conf_error_at(ctx, 1, 1, "the file is empty");
	yaml_parser_delete(&parser);
}

void
conf_yaml_free(struct conf_ctx *ctx)
{
	struct conf_node	*node;

	while ((node = SLIST_FIRST(&ctx->nodes)) != NULL) {
		SLIST_REMOVE_HEAD(&ctx->nodes, all);
		if (node->text != NULL)
			freezero(node->text, strlen(node->text));
		free(node);
	}
	ctx->root = NULL;
}
