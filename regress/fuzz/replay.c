/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Runs stored inputs through a fuzz target, without a fuzzer:
 *	replay FILE-OR-DIRECTORY ...
 * Each input is replayed whole and cut off at every length, from memory of
 * exactly that size.  One line of TAP per file; no file is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX_LEN	65536

int		LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void	replay_path(const char *);
static void	replay_dir(const char *, struct dirent **, int);
static void	replay_file(const char *, FILE *);
static int	replay(const uint8_t *, size_t);
static int	is_visible(const struct dirent *);
static void	result(int, const char *, const char *);

static int	n_tests, n_failed;

int
main(int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc; i++)
		replay_path(argv[i]);
	if (n_tests == 0)
		result(0, "no input", "");
	printf("1..%d\n", n_tests);
	return (n_failed != 0);
}

static void
replay_path(const char *path)
{
	struct dirent **names;
	FILE *f;
	int n;

	if ((n = scandir(path, &names, is_visible, alphasort)) >= 0)
		replay_dir(path, names, n);
	else if ((f = fopen(path, "rb")) != NULL) {
		replay_file(path, f);
		fclose(f);
	} else
		result(0, "cannot open ", path);
}

static void
replay_dir(const char *path, struct dirent **names, int n)
{
	char name[4096];
	int i;

	for (i = 0; i < n; i++) {
		if ((size_t)snprintf(name, sizeof(name), "%s/%s", path,
		    names[i]->d_name) < sizeof(name))
			replay_path(name);
		else
			result(0, "path too long: ", names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void
replay_file(const char *path, FILE *f)
{
	static uint8_t data[INPUT_MAX_LEN + 1];
	size_t cut, len;
	int ok;

	len = fread(data, 1, sizeof(data), f);
	ok = !ferror(f) && len <= INPUT_MAX_LEN;
	for (cut = 0; ok && cut <= len; cut++)
		ok = replay(data, cut) == 0;
	result(ok, "", path);
}

static int
replay(const uint8_t *data, size_t len)
{
	uint8_t *copy;

	if ((copy = malloc(len)) == NULL && len > 0)
		return (-1);
	if (len > 0)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	return (0);
}

static int
is_visible(const struct dirent *d)
{
	return (d->d_name[0] != '.');
}

static void
result(int ok, const char *what, const char *path)
{
	n_tests++;
	if (!ok)
		n_failed++;
	printf("%sok %d - %s%s\n", ok ? "" : "not ", n_tests, what, path);
	fflush(stdout);
}
