/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * septumctl: asks the running daemon over its control socket.  One request,
 * the answer, and the exit status: 0 done, 1 not done, 2 wrong usage.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_format.h"
#include "ctl_show.h"
#include "ctlmsg.h"
#include "imsg.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

/* The words of a command, and what has to follow them. */
struct command {
	const char	 *verb, *object;	/* object NULL: none */
	uint16_t	  type;
	int		  min_args, max_args;
	void		(*arguments)(char **, struct ctl_request *);
};

__attribute__((noreturn))
static void	usage(void);
static const struct command *command_find(int, char **);
static size_t	command_words(const struct command *);
static void	arg_tunnel(char **, struct ctl_request *);
static void	arg_session(char **, struct ctl_request *);
static void	arg_call(char **, struct ctl_request *);
static void	arg_names(char **, struct ctl_request *);
static void	arg_text(const char *, char *, size_t, const char *);
static int	arg_id(const char *, size_t, uint32_t *);
static int	ctl_connect(const char *);
static int	ctl_ask(int, uint16_t, const struct ctl_request *);

static const struct command commands[] = {
	{ "show", "status", CTL_SHOW_STATUS, 0, 0, NULL },
	{ "show", "tunnels", CTL_SHOW_TUNNELS, 0, 0, NULL },
	{ "show", "sessions", CTL_SHOW_SESSIONS, 0, 0, NULL },
	{ "show", "session", CTL_SHOW_SESSION, 1, 1, arg_session },
	{ "close", "tunnel", CTL_CLOSE_TUNNEL, 1, 1, arg_tunnel },
	{ "close", "session", CTL_CLOSE_SESSION, 1, 1, arg_session },
	{ "call", NULL, CTL_CALL, 2, 3, arg_call },
	{ "explain", NULL, CTL_EXPLAIN, 0, 2, arg_names }
};

int
main(int argc, char *argv[])
{
	struct ctl_request	 req = { .version = CTL_VERSION };
	const struct command	*cmd;
	const char		*path = CTL_PATH;
	int			 ch, json = 0;

	while ((ch = getopt(argc, argv, "js:")) != -1) {
		switch (ch) {
		case 'j':
			json = 1;
			break;
		case 's':
			path = optarg;
			break;
		default:
			usage();
		}
	}
	argc -= optind;
	argv += optind;
	if ((cmd = command_find(argc, argv)) == NULL)
		usage();
	if (cmd->arguments != NULL)
		cmd->arguments(argv + command_words(cmd), &req);
	req.details = json || cmd->type == CTL_SHOW_SESSION;
	show_begin(cmd->type, json);
	if (ctl_ask(ctl_connect(path), cmd->type, &req) == -1)
		return (1);
	show_end();
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	return (0);
}

static void
usage(void)
{
	fprintf(stderr,
	    "usage: septumctl [-j] [-s socket] show status|tunnels|sessions\n"
	    "       septumctl [-j] [-s socket] show session tunnel-id/id\n"
	    "       septumctl [-j] [-s socket] call tunnel-id|name number "
	    "[sub-address]\n"
	    "       septumctl [-j] [-s socket] explain [tunnel [session]]\n"
	    "       septumctl [-s socket] close tunnel id|name\n"
	    "       septumctl [-s socket] close session tunnel-id/id\n");
	exit(2);
}

static const struct command *
command_find(int argc, char **argv)
{
	const struct command	*cmd;
	int			 args;
	size_t			 i;

	for (i = 0; argc > 0 && i < nitems(commands); i++) {
		cmd = &commands[i];
		args = argc - (int)command_words(cmd);
		if (args >= cmd->min_args && args <= cmd->max_args &&
		    strcmp(cmd->verb, argv[0]) == 0 &&
		    (cmd->object == NULL || strcmp(cmd->object, argv[1]) == 0))
			return (cmd);
	}
	return (NULL);
}

static size_t
command_words(const struct command *cmd)
{
	return (cmd->object != NULL ? 2 : 1);
}

/* An id as "show tunnels" prints it first, or a name. */
static void
arg_tunnel(char **args, struct ctl_request *req)
{
	if (arg_id(*args, strcspn(*args, "/"), &req->local_tid) == -1)
		arg_text(*args, req->name, sizeof(req->name), "tunnel");
}

static void
arg_session(char **args, struct ctl_request *req)
{
	const char	*arg = *args;
	size_t		 len = strcspn(arg, "/");

	if (arg[len] != '/' || arg_id(arg, len, &req->local_tid) == -1 ||
	    arg_id(arg + len + 1, strlen(arg + len + 1),
	    &req->local_sid) == -1)
		errx(2, "\"%s\" is not a session", arg);
}

static void
arg_call(char **args, struct ctl_request *req)
{
	arg_tunnel(args, req);
	arg_text(args[1], req->number, sizeof(req->number), "number");
	if (args[2] != NULL)
		arg_text(args[2], req->sub_address, sizeof(req->sub_address),
		    "sub-address");
}

static void
arg_names(char **args, struct ctl_request *req)
{
	if (args[0] == NULL)
		return;
	arg_text(args[0], req->name, sizeof(req->name), "tunnel");
	if (args[1] != NULL)
		arg_text(args[1], req->session, sizeof(req->session),
		    "session");
}

static void
arg_text(const char *arg, char *out, size_t size, const char *what)
{
	if (*arg == '\0' || strlcpy(out, arg, size) >= size)
		errx(2, "\"%s\" is not a %s", arg, what);
}

static int
arg_id(const char *arg, size_t len, uint32_t *id)
{
	char		 digits[12];
	const char	*wrong = NULL;

	if (len >= sizeof(digits))
		return (-1);
	memcpy(digits, arg, len);
	digits[len] = '\0';
	if (strspn(digits, "0123456789") != len)
		return (-1);
	*id = (uint32_t)strtonum(digits, 1, UINT32_MAX, &wrong);
	return (wrong == NULL ? 0 : -1);
}

static int
ctl_connect(const char *path)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	int			 fd;

	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		errx(1, "%s: the name is too long", path);
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) == -1)
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return (fd);
	if (errno == EACCES || errno == EPERM)
		err(1, "cannot connect to %s", path);
	err(1, "cannot connect to %s (is septum-dpd running?)", path);
}

/* 0, or -1 if the daemon says that it cannot be done. */
static int
ctl_ask(int fd, uint16_t type, const struct ctl_request *req)
{
	struct ctl_done	 done;
	struct imsg	 m;

	if (imsg_send(fd, type, 0, -1, req, sizeof(*req)) != IMSG_OK)
		errx(1, "cannot send: the daemon closed the connection");
	for (;;) {
		if (imsg_recv(fd, &m) != IMSG_OK)
			errx(1, "the daemon closed the connection; it may "
			    "have too many clients");
		if (m.hdr.type == CTL_DONE && m.hdr.len == sizeof(done))
			break;
		if (show_record(&m) == -1)
			errx(1, "septumctl and septum-ctld are of different "
			    "versions");
	}
	memcpy(&done, m.data, sizeof(done));
	done.text[sizeof(done.text) - 1] = '\0';
	if (done.err == 0)
		return (0);
	warnx("%s", fmt_text(done.text, sizeof(done.text)));
	return (-1);
}
