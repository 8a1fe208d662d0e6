/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The parser process as dpd sees it: what it answers to CONFIG, that it says
 * nothing at all when something is wrong, and its exit status.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>

#include "conf_common.h"
#include "parser.h"

static const char good[] =
    "daemon: {control_group: root}\n"
    "tunnels: {t: {peer: 192.0.2.1, sessions: "
    "{s: {pseudowire: ppp, profile: isp}}}}\n";
static const char secret[] =
    "daemon: {control_group: root}\n"
    "tunnels: {t: {peer: 192.0.2.1, secret: hush, sessions: "
    "{s: {pseudowire: ppp, profile: isp}}}}\n";
static const char bad[] = "daemon: {control_group: root, colour: red}\n";

static int
file_of(const char *text)
{
	int fd = memfd_create("conf", MFD_CLOEXEC);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return (fd);
}

/* Runs in a child with fd as PARSER_FD; what it prints goes to out. */
static int
run(int (*function)(void), int fd, int out)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ne(pid, -1);
	if (pid == 0) {
		dup2(fd, PARSER_FD);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		exit(function());
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return (WEXITSTATUS(status));
}

static int
check_here(void)
{
	return (check_main("some.yaml"));
}

/* As -n does; 2 if a descriptor or root is left. */
static const char *check_path;

static int
check_opened(void)
{
	dup2(STDERR_FILENO, 9);
	check_open(check_path);
	if (fcntl(PARSER_FD + 1, F_GETFD) != -1 || fcntl(9, F_GETFD) != -1 ||
	    getuid() == 0 || setuid(0) == 0)
		return (2);
	return (check_main("opened.yaml"));
}

/* dpd's end of the channel after the parser has run on one message. */
static int
run_parser(const struct dpmsg *m, int want)
{
	int out = memfd_create("out", 0), pair[2], status;

	ck_assert_int_eq(imsg_pair(pair), 0);
	if (m != NULL)
		ck_assert_int_eq(dpmsg_send(pair[0], m), IMSG_OK);
	else
		shutdown(pair[0], SHUT_WR);
	status = run(parser_main, pair[1], out);
	ck_assert_int_eq(status, want);
	close(pair[1]);
	close(out);
	return (pair[0]);
}

static int
run_config_mode(const char *text, size_t size, uint32_t mode, int want)
{
	struct dpmsg m = { .type = DP_CONFIG, .fd = file_of(text) };
	int sock;

	m.u.config.size = (uint32_t)size;
	m.u.config.mode = mode;
	sock = run_parser(&m, want);
	close(m.fd);
	return (sock);
}

static int
run_config(const char *text, size_t size, int want)
{
	return (run_config_mode(text, size, 0640, want));
}

static void
silent(int sock)
{
	struct dpmsg m;

	ck_assert_int_eq(dpmsg_recv(sock, dpmsg_to_dpd, &m), IMSG_EOF);
	close(sock);
}

START_TEST(policy_arrives)
{
	static const uint16_t types[] = {
		DP_RULE_TUNNEL, DP_RULE_SESSION, DP_POLICY_END
	};
	int sock = run_config(good, strlen(good), 0);
	struct dpmsg m;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		ck_assert_int_eq(dpmsg_recv(sock, dpmsg_to_dpd, &m), IMSG_OK);
		ck_assert_uint_eq(m.type, types[i]);
	}
	silent(sock);
}
END_TEST

START_TEST(bad_config_is_silent)
{
	silent(run_config(bad, strlen(bad), 1));
}
END_TEST

/* A secret is one only if others cannot read it. */
START_TEST(secret_and_mode)
{
	static const struct {
		uint32_t	mode;
		int		good;
	} modes[] = {
		{ 0600, 1 }, { 0640, 1 }, { 0400, 1 }, { 0644, 0 },
		{ 0604, 0 }, { 0601, 0 }, { 0602, 0 }
	};
	struct dpmsg m;
	size_t i;
	int sock;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		sock = run_config_mode(secret, strlen(secret), modes[i].mode,
		    !modes[i].good);
		if (!modes[i].good) {
			silent(sock);
			continue;
		}
		ck_assert_int_eq(dpmsg_recv(sock, dpmsg_to_dpd, &m), IMSG_OK);
		close(sock);
	}
	sock = run_config_mode(good, strlen(good), 0644, 0);
	ck_assert_int_eq(dpmsg_recv(sock, dpmsg_to_dpd, &m), IMSG_OK);
	close(sock);
}
END_TEST

START_TEST(empty_config_is_silent)
{
	silent(run_config("", 0, 1));
}
END_TEST

START_TEST(wrong_size_is_silent)
{
	silent(run_config(good, strlen(good) - 1, 1));
	silent(run_config(good, strlen(good) + 1, 1));
}
END_TEST

START_TEST(other_message_is_silent)
{
	struct dpmsg m = { .type = DP_SHUTDOWN, .fd = -1 };

	silent(run_parser(&m, 1));
}
END_TEST

START_TEST(no_message_is_silent)
{
	silent(run_parser(NULL, 1));
}
END_TEST

/* What it prints, to be freed. */
static char *
run_said(int (*function)(void), int fd, int status)
{
	int out = memfd_create("out", 0);
	size_t len;
	char *said;

	ck_assert_int_eq(run(function, fd, out), status);
	said = conf_read(out, &len);
	ck_assert_ptr_nonnull(said);
	said[len] = '\0';
	close(out);
	return (said);
}

static void
check_says(const char *text, mode_t mode, int status, const char *want)
{
	int fd = file_of(text);
	char *said;

	ck_assert_int_eq(fchmod(fd, mode), 0);
	said = run_said(check_here, fd, status);
	ck_assert_str_eq(said, want);
	free(said);
	close(fd);
}

START_TEST(check)
{
	check_says(good, 0644, 0, "some.yaml: ok\n");
	check_says(secret, 0640, 0, "some.yaml: ok\n");
	check_says(secret, 0644, 1, "some.yaml: others can read its secrets: "
	    "the mode is 0644, it must be 0640 or 0600\n");
	check_says(bad, 0644, 1,
	    "some.yaml:1:1: neither \"listen\" nor \"tunnels\": there is "
	    "nothing to do\n"
	    "some.yaml:1:31: daemon: unknown key \"colour\"\n");
}
END_TEST

START_TEST(check_too_large)
{
	int fd = file_of(good), out = memfd_create("out", 0);

	ck_assert_int_eq(ftruncate(fd, DP_MAX_CONFIG + 1), 0);
	ck_assert_int_eq(run(check_here, fd, out), 1);
	close(out);
	close(fd);
}
END_TEST

/* What root alone can read is opened, and then there is no root. */
START_TEST(check_as_root)
{
	char path[] = "/tmp/parser.XXXXXX", *said;
	int fd = mkstemp(path);

	ck_assert_int_eq(geteuid(), 0);
	ck_assert_int_eq(write(fd, good, strlen(good)), (int)strlen(good));
	check_path = path;
	said = run_said(check_opened, STDERR_FILENO, 0);
	ck_assert_str_eq(said, "opened.yaml: ok\n");
	free(said);
	ck_assert_int_eq(unlink(path), 0);
	said = run_said(check_opened, STDERR_FILENO, 1);
	ck_assert_ptr_nonnull(strstr(said, "No such file or directory"));
	free(said);
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("parser");
	TCase *t = tcase_create("parser");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(t, policy_arrives);
	tcase_add_test(t, bad_config_is_silent);
	tcase_add_test(t, secret_and_mode);
	tcase_add_test(t, empty_config_is_silent);
	tcase_add_test(t, wrong_size_is_silent);
	tcase_add_test(t, other_message_is_silent);
	tcase_add_test(t, no_message_is_silent);
	tcase_add_test(t, check);
	tcase_add_test(t, check_too_large);
	tcase_add_test(t, check_as_root);
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
