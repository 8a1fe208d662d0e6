/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sched.h>

#include "dpd.h"

#define DENY(c)		{ .nr = SCMP_SYS(c) }
#define FLAG(c, v)	{ SCMP_SYS(c), 1, { CONFINE_ARG(1, UINT32_MAX, v) } }
#define LOCAL(t)	{ SCMP_SYS(socket), 2, { CONFINE_ARG(0, UINT32_MAX, \
			AF_UNIX), CONFINE_ARG(1, 0xf, t) } }

static const struct confine_path pppd_paths[] = {
	{ "/", CONFINE_FS_READ },
	{ "/run", CONFINE_FS_CHANGE | CONFINE_FS_MAKE },	/* files */
	{ "/dev/ppp", CONFINE_FS_CHANGE },
	{ "/dev/null", CONFINE_FS_CHANGE },
	{ "/etc/ppp/resolv.conf", CONFINE_FS_CHANGE }	/* usepeerdns */
};

static const struct confine_call pppd_denied[] = {
	DENY(mount), DENY(umount2), DENY(pivot_root), DENY(chroot),
	DENY(fsopen), DENY(unshare), DENY(setns), DENY(mknod), DENY(mknodat),
	DENY(open_by_handle_at), DENY(chmod), DENY(fchmod), DENY(fchmodat),
	DENY(ptrace), DENY(process_vm_readv), DENY(process_vm_writev),
	DENY(init_module), DENY(finit_module), DENY(delete_module),
	DENY(kexec_load), DENY(kexec_file_load), DENY(reboot), DENY(bpf),
	DENY(perf_event_open), DENY(userfaultfd), DENY(io_uring_setup),
	DENY(keyctl), DENY(add_key), DENY(request_key), DENY(iopl),
	DENY(ioperm), DENY(acct), DENY(swapon), DENY(swapoff), DENY(quotactl),
	DENY(syslog), DENY(settimeofday), DENY(clock_settime), DENY(adjtimex),
	DENY(sethostname), DENY(setdomainname), DENY(shutdown), DENY(tkill),
	DENY(tgkill), DENY(pidfd_send_signal), DENY(rt_sigqueueinfo),
	DENY(rt_tgsigqueueinfo), DENY(chown), DENY(lchown), DENY(fchown),
	DENY(fchownat), DENY(setxattr), DENY(lsetxattr), DENY(fsetxattr),
	{ .nr = 452 }, { .nr = 463 },	/* fchmodat2, setxattrat */
	DENY(clone3), { SCMP_SYS(kill), 1, { { 0, SCMP_CMP_NE, 0, 0 } } },
	{ SCMP_SYS(prlimit64), 1, { { 0, SCMP_CMP_NE, 0, 0 } } },
	{ SCMP_SYS(clone), 1, { CONFINE_ARG(0, CLONE_NEWUSER, CLONE_NEWUSER) } },
	FLAG(fcntl, F_SETOWN), FLAG(fcntl, F_SETOWN_EX),	/* signals */
	FLAG(ioctl, FIOSETOWN), FLAG(ioctl, SIOCSPGRP),
	/* systemd, D-Bus and udev listen in /run; syslog takes datagrams. */
	LOCAL(SOCK_STREAM), LOCAL(SOCK_SEQPACKET)
};

void
pppd_argv(struct pppd_args *a, const struct dp_run *m)
{
	uint32_t	 l = m->local_ip, p = m->peer_ip;
	size_t		 argc = 0;
	char		*rest = a->text;
	FILE		*f = fmemopen(a->text, sizeof(a->text), "w");

	memset(a, 0, sizeof(*a));
	if (f == NULL)
		fatal("fmemopen");
	fprintf(f, SEPTUM_PPPD " plugin pppol2tp.so pppol2tp 3 nodetach "
	    "ip-up-script " SEPTUM_NOTIFY " unit %u file " SEPTUM_PROFILES
	    "/%s", m->unit, m->profile);
	if (m->mtu != 0)
		fprintf(f, " mtu %u mru %u", m->mtu, m->mtu);
	if (m->number[0] != '\0')
		fprintf(f, " remotenumber %s", m->number);
	if (p != 0)
		fprintf(f, " %u.%u.%u.%u:%u.%u.%u.%u", l >> 24,
		    l >> 16 & 255, l >> 8 & 255, l & 255, p >> 24,
		    p >> 16 & 255, p >> 8 & 255, p & 255);
	fclose(f);
	while (argc < PPPD_MAX_ARGS - 1 && rest != NULL)
		a->argv[argc++] = strsep(&rest, " ");
}

void
pppd_cage(void)
{
	confine_caps(PPPD_CAPS);
	confine_landlock(pppd_paths, nitems(pppd_paths));
	confine_calls(SCMP_ACT_ERRNO(ENOSYS), SCMP_ACT_ALLOW, pppd_denied,
	    nitems(pppd_denied));
}
