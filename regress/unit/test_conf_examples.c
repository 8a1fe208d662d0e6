/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What operators are shown of the configuration: the examples are without
 * errors, and no key is left out of the manual page and of the example that
 * is to have them all.
 */
#include <glob.h>

#include "conf_common.h"
#include "conf_int.h"

#define DAEMON		"daemon: {control_group: root}\n"

static glob_t	 examples;
static char	*book;

/* With a group that every system has; the rest is as it is. */
START_TEST(example)
{
	struct conf *conf;
	struct records r = { .n = 0 };
	size_t len;
	char *text = load(examples.gl_pathv[_i], &len), *group, *whole;

	text[len] = '\0';
	if ((group = strstr(text, "control_group: septum")) != NULL)
		memcpy(group, "control_group: root  ", 21);
	ck_assert_int_ne(asprintf(&whole, "%s%s",
	    group == NULL ? DAEMON : "", text), -1);
	conf = parse_text(whole);
	ck_assert_msg(conf != NULL, "%s", reported);
	conf_policy(conf, record, &r);
	conf_free(conf);
	free(whole);
	free(text);
}
END_TEST

/* Each key of a table, and of those below it, once for each table. */
static void
each_key(const struct conf_key *k, void (*check)(const char *))
{
	for (; k != NULL && k->name != NULL; k++) {
		check(k->name);
		if (k->object != NULL) {
			each_key(k->object->keys, check);
			each_key(k->object->shared, check);
		}
	}
}

static void
is_in_book(const char *key)
{
	const char	*p = book;
	size_t		 len = strlen(key);

	while ((p = strstr(p, key)) != NULL) {
		if (strchr(" ,{\n", p[-1]) != NULL &&
		    strchr(" :\n", p[len]) != NULL)
			return;
		p += len;
	}
	ck_abort_msg("\"%s\" is not there", key);
}

/* In the manual page, and in the example that has them all. */
START_TEST(every_key_is_there)
{
	static const char *const books[] = {
		"ctld/septum.yaml.5", "etc/septum.yaml"
	};
	size_t		 len;

	book = load(books[_i], &len);
	book[len] = '\0';
	each_key(conf_schema.keys, is_in_book);
	free(book);
}
END_TEST

START_TEST(examples_are_there)
{
	ck_assert_uint_ge(examples.gl_pathc, 10);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf_examples");
	TCase *t = tcase_create("conf_examples");
	SRunner *sr = srunner_create(s);
	int failed;

	glob("etc/*.yaml", 0, NULL, &examples);
	tcase_add_test(t, examples_are_there);
	tcase_add_loop_test(t, example, 0, (int)examples.gl_pathc);
	tcase_add_loop_test(t, every_key_is_there, 0, 2);
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	globfree(&examples);
	return (failed != 0);
}
