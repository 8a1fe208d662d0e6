/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Walks the tree of nodes along the tables of keys, and stores scalars.
 * Knows types and ranges, but none of the keys; those are in conf_schema.c.
 *
 * The keys of a mapping are taken in the order of its table, not of the
 * file, so that what is referred to is there before who refers to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_int.h"

/* Units of durations, largest first, for printing. */
static const struct conf_unit {
	const char	*name;
	uint32_t	 ms;
} conf_units[] = {
	{ "h", 60 * 60 * 1000 },
	{ "m", 60 * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

void *
conf_alloc(struct conf_ctx *ctx, size_t n, size_t size)
{
	void	*p = calloc(n, size);

	if (p == NULL)
		ctx->nomem = 1;
	return (p);
}

const char *
conf_text(struct conf_ctx *ctx, const char *text)
{
	struct conf_text	*t;
	size_t			 size = strlen(text) + 1;

	if ((t = conf_alloc(ctx, 1, sizeof(*t) + size)) == NULL)
		return (NULL);
	t->size = size;
	memcpy(t->text, text, size);
	SLIST_INSERT_HEAD(&ctx->conf->texts, t, entry);
	return (t->text);
}

/* The first value with this name, or NULL. */
const struct conf_node *
conf_child(const struct conf_node *map, const char *name)
{
	const struct conf_node	*child;

	if (map != NULL && map->kind == CONF_MAP)
		STAILQ_FOREACH(child, &map->children, next)
			if (strcmp(child->key->text, name) == 0)
				return (child);
	return (NULL);
}

/* YAML 1.2 section 10.2.1.1, without its rarer spellings. */
static int
conf_is_null(const struct conf_node *node)
{
	return (node->plain && (*node->text == '\0' ||
	    strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0));
}

static void
conf_expected(struct conf_ctx *ctx, const struct conf_node *node,
    const char *what)
{
	char	 buf[CONF_SHOW_LEN];

	if (node->kind != CONF_BAD)
		conf_error(ctx, node, "expected %s, got %s", what,
		    conf_show(node, buf));
}

int
conf_scalar(struct conf_ctx *ctx, const struct conf_node *node,
    const char *what)
{
	if (node->kind == CONF_SCALAR && !conf_is_null(node))
		return (1);
	conf_expected(ctx, node, what);
	return (0);
}

static int
conf_duplicate(struct conf_ctx *ctx, const struct conf_node *child)
{
	const struct conf_node	*first;
	char			 buf[CONF_SHOW_LEN];

	first = conf_child(child->parent, child->key->text);
	if (first == child)
		return (0);
	conf_error(ctx, child->key, "duplicate key %s (first at line %zu)",
	    conf_show(child->key, buf), first->key->line);
	return (1);
}

/* The key with this name, or NULL; the guess gets what else there is. */
static const struct conf_key *
conf_find_key(const struct conf_key *k, const char *name,
    struct conf_guess *guess)
{
	for (; k != NULL && k->name != NULL; k++) {
		if (strcmp(k->name, name) == 0)
			return (k);
		conf_guess_try(guess, k->name);
	}
	return (NULL);
}

static void
conf_check_key(struct conf_ctx *ctx, const struct conf_node *key,
    const struct conf_object *object)
{
	struct conf_guess	 guess;
	const struct conf_key	*k;

	conf_guess_init(&guess, key->text);
	k = conf_find_key(object->keys, key->text, &guess);
	if (k == NULL)
		k = conf_find_key(object->shared, key->text, &guess);
	if (k == NULL)
		conf_error_guess(ctx, key, "unknown key", &guess);
}

static void
conf_set_keys(struct conf_ctx *ctx, const struct conf_node *map,
    const struct conf_key *k, char *obj)
{
	const struct conf_node	*child;

	for (; k != NULL && k->name != NULL; k++) {
		child = conf_child(map, k->name);
		if (child != NULL)
			k->set(ctx, child, k, obj + k->offset);
		else if (child == NULL && k->takes == 0 &&
		    (k->flags & KEY_REQUIRED) != 0)
			conf_error(ctx, map, "missing key \"%s\"", k->name);
	}
}

void
conf_walk(struct conf_ctx *ctx, const struct conf_node *map,
    const struct conf_object *object, void *obj)
{
	const struct conf_node	*child;

	if (map->kind != CONF_MAP) {
		conf_expected(ctx, map, "a mapping");
		return;
	}
	STAILQ_FOREACH(child, &map->children, next)
		if (child->key->kind == CONF_SCALAR &&
		    !conf_duplicate(ctx, child))
			conf_check_key(ctx, child->key, object);
	conf_set_keys(ctx, map, object->keys, obj);
	conf_set_keys(ctx, map, object->shared,
	    (char *)obj + object->shared_offset);
	if (object->done != NULL)
		object->done(ctx, map, obj);
}

void
conf_set_map(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	conf_walk(ctx, node, k->object, field);
}

/* The names that operators give to things. */
static int
conf_check_name(struct conf_ctx *ctx, const struct conf_node *key)
{
	static const char	 chars[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	size_t			 len;

	if (key->kind != CONF_SCALAR)
		return (0);
	len = strlen(key->text);
	if (len > 0 && len < CONF_NAME_LEN && strspn(key->text, chars) == len)
		return (1);
	conf_expected(ctx, key, "a name of up to 31 letters, digits, and _.-");
	return (0);
}

void
conf_set_named(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *owner)
{
	const struct conf_node	*child;
	void			*obj;

	if (node->kind != CONF_MAP) {
		conf_expected(ctx, node, "a mapping");
		return;
	}
	STAILQ_FOREACH(child, &node->children, next) {
		if (!conf_check_name(ctx, child->key) ||
		    conf_duplicate(ctx, child))
			continue;
		obj = k->object->make(ctx, owner, child->key->text);
		if (obj == NULL)
			return;
		conf_walk(ctx, child, k->object, obj);
	}
	if (STAILQ_EMPTY(&node->children) && k->min > 0)
		conf_error(ctx, node, "at least one entry is needed");
}

/* 1 after the complaint if an earlier member is the same. */
static int
conf_repeated(struct conf_ctx *ctx, const struct conf_node *child,
    const struct conf_key *k)
{
	const struct conf_node	*first;
	char			 buf[CONF_SHOW_LEN];

	if (child->kind != CONF_SCALAR)
		return (0);
	STAILQ_FOREACH(first, &child->parent->children, next)
		if (first->kind == CONF_SCALAR &&
		    strcmp(first->text, child->text) == 0)
			break;
	if (first == child)
		return (0);
	conf_error(ctx, child, "%s is listed twice",
	    (k->flags & KEY_SECRET) != 0 ? "it" : conf_show(child, buf));
	return (1);
}

void
conf_set_list(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_node	*child;
	size_t			 n = 0;

	if (node->kind == CONF_SCALAR && (k->flags & KEY_ONE) != 0) {
		k->item(ctx, node, k, field);
		return;
	}
	if (node->kind != CONF_LIST) {
		conf_expected(ctx, node, "a list");
		return;
	}
	if (node->n_children < k->min || node->n_children > k->max)
		conf_error(ctx, node, "%zu members, allowed are %u to %u",
		    node->n_children, k->min, k->max);
	STAILQ_FOREACH(child, &node->children, next) {
		if (n++ == k->max)
			break;
		if (!conf_repeated(ctx, child, k))
			k->item(ctx, child, k, field);
	}
}

/*
 * Leading decimal digits.  Saturates, so that a number which does not fit
 * is out of every range.  Returns what follows; NULL if there are none.
 */
static const char *
conf_digits(const char *p, uint64_t *value)
{
	const char	*start = p;

	for (*value = 0; *p >= '0' && *p <= '9'; p++)
		if (*value <= UINT32_MAX)
			*value = *value * 10 + (uint64_t)(*p - '0');
	return (p > start ? p : NULL);
}

static int
conf_in_range(const struct conf_key *k, uint64_t value)
{
	return ((value >= k->min && value <= k->max) ||
	    (value == 0 && (k->flags & KEY_ZERO) != 0));
}

/* 0 and the value, or -1 after the complaint. */
static int
conf_number_get(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, uint64_t *value)
{
	const char	*rest;
	int		 negative;

	if (!conf_scalar(ctx, node, "an integer"))
		return (-1);
	negative = *node->text == '-';
	rest = conf_digits(node->text + negative, value);
	if (rest == NULL || *rest != '\0' || !node->plain) {
		conf_expected(ctx, node, node->plain ? "an integer" :
		    "an integer without quotes");
		return (-1);
	}
	if (!negative && conf_in_range(k, *value))
		return (0);
	conf_error(ctx, node, "%.20s is out of range (%s%u..%u)", node->text,
	    (k->flags & KEY_ZERO) != 0 ? "0 or " : "", k->min, k->max);
	return (-1);
}

void
conf_set_u16(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	uint64_t	 value;

	if (conf_number_get(ctx, node, k, &value) == 0)
		*(uint16_t *)field = (uint16_t)value;
}

void
conf_set_u32(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	uint64_t	 value;

	if (conf_number_get(ctx, node, k, &value) == 0)
		*(uint32_t *)field = (uint32_t)value;
}

/* In the largest unit that divides it. */
static const char *
conf_show_ms(uint32_t ms, char buf[16])
{
	const struct conf_unit	*unit = conf_units;

	while (ms % unit->ms != 0)
		unit++;
	snprintf(buf, 16, "%u%s", ms / unit->ms, unit->name);
	return (buf);
}

/* A bare integer is milliseconds. */
static int
conf_ms(const char *text, uint64_t *ms)
{
	const char	*unit;
	size_t		 i;

	if ((unit = conf_digits(text, ms)) == NULL)
		return (-1);
	if (*unit == '\0')
		return (0);
	for (i = 0; i < sizeof(conf_units) / sizeof(conf_units[0]); i++)
		if (strcmp(unit, conf_units[i].name) == 0) {
			*ms *= conf_units[i].ms;
			return (0);
		}
	return (-1);
}

void
conf_set_ms(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	static const char	 what[] = "a duration such as 60s or 500ms";
	uint64_t		 value;
	char			 max[16], min[16];

	if (!conf_scalar(ctx, node, what))
		return;
	if (conf_ms(node->text, &value) == -1)
		conf_expected(ctx, node, what);
	else if (conf_in_range(k, value))
		*(uint32_t *)field = (uint32_t)value;
	else
		conf_error(ctx, node, "%.20s is out of range (%s%s..%s)",
		    node->text, (k->flags & KEY_ZERO) != 0 ? "0 or " : "",
		    conf_show_ms(k->min, min), conf_show_ms(k->max, max));
}

/* "a, b or c" of what is built. */
static void
conf_show_words(const struct conf_word *words, char *buf, size_t size)
{
	const struct conf_word	*w;
	size_t			 left = 0;

	for (w = words; w->name != NULL; w++)
		left += !w->later;
	*buf = '\0';
	for (w = words; w->name != NULL; w++) {
		if (w->later)
			continue;
		strlcat(buf, w->name, size);
		left--;
		strlcat(buf, left > 1 ? ", " : left == 1 ? " or " : "", size);
	}
}

/* NULL after the complaint. */
static const struct conf_word *
conf_word(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_word *words)
{
	const struct conf_word	*w;
	char			 all[128], buf[CONF_SHOW_LEN];

	conf_show_words(words, all, sizeof(all));
	if (!conf_scalar(ctx, node, all))
		return (NULL);
	for (w = words; w->name != NULL; w++)
		if (strcmp(w->name, node->text) == 0)
			break;
	if (w->name != NULL && !w->later)
		return (w);
	if (w->name != NULL)
		conf_error(ctx, node, "%s is not supported yet",
		    conf_show(node, buf));
	else
		conf_expected(ctx, node, all);
	return (NULL);
}

void
conf_set_word(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_word	*w = conf_word(ctx, node, k->words);

	if (w != NULL)
		*(uint8_t *)field = w->value;
}

void
conf_check_word(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	(void)field;
	conf_word(ctx, node, k->words);
}

void
conf_set_flag(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_word	*w = conf_word(ctx, node, k->words);

	if (w != NULL)
		*(uint32_t *)field |= w->value;
}

void
conf_set_flag8(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	uint32_t	 flags = *(uint8_t *)field;

	conf_set_flag(ctx, node, k, &flags);
	*(uint8_t *)field = (uint8_t)flags;
}

void
conf_set_bool(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	static const struct conf_word	 words[] = {
		{ "true", 1, 0 },
		{ "false", 0, 0 },
		{ NULL, 0, 0 }
	};
	struct conf_key			 as_word = *k;

	as_word.words = words;
	if (node->kind == CONF_SCALAR && !node->plain)
		conf_expected(ctx, node, "true or false without quotes");
	else
		conf_set_word(ctx, node, &as_word, field);
}

/* 1..max printable ASCII characters, for what goes into an AVP. */
static int
conf_check_text(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k)
{
	const char	*p;
	size_t		 len;

	if (!conf_scalar(ctx, node, "a string"))
		return (0);
	len = strlen(node->text);
	if (len == 0 || len > k->max) {
		conf_error(ctx, node,
		    "%zu characters, allowed are 1 to %u", len, k->max);
		return (0);
	}
	for (p = node->text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~') {
			conf_expected(ctx, node, "printable ASCII");
			return (0);
		}
	return (1);
}

void
conf_set_text(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	if (conf_check_text(ctx, node, k))
		strlcpy(field, node->text, k->max + 1);
}

void
conf_set_string(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	if (conf_check_text(ctx, node, k))
		*(const char **)field = conf_text(ctx, node->text);
}

void
conf_set_octets(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct l2tp_octets	*octets = field;
	const char		*text = NULL;

	conf_set_string(ctx, node, k, &text);
	if (text != NULL)
		*octets = (struct l2tp_octets){ .p = (const uint8_t *)text,
		    .len = strlen(text) };
}

/* It becomes a file name: dpd takes no other. */
void
conf_set_profile(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	static const char	 chars[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789_-";
	static const char	 what[] =
	    "a profile of up to 31 characters of a-z, 0-9, _ and -";
	size_t			 len;

	(void)k;
	if (!conf_scalar(ctx, node, what))
		return;
	len = strlen(node->text);
	if (len == 0 || len >= DP_NAME_LEN ||
	    strspn(node->text, chars) != len)
		conf_expected(ctx, node, what);
	else
		memcpy(field, node->text, len + 1);
}
