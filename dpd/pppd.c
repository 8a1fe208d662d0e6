/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sched.h>

#include "dpd.h"

#define FLAG(c, v)	{ SCMP_SYS(c), 1, { ARG(1, v) } }
#define LOCAL(t)	{ SCMP_SYS(socket), 2, \
			{ ARG(0, AF_UNIX), CONFINE_ARG(1, 0xf, t) } }

static const struct confine_path pppd_paths[] = {
	{ "/", CONFINE_FS_READ },
	{ "/run", CONFINE_FS_CHANGE | CONFINE_FS_MAKE },	/* files */
	{ "/dev/ppp", CONFINE_FS_CHANGE },
	{ "/dev/null", CONFINE_FS_CHANGE },
	{ "/etc/ppp/resolv.conf", CONFINE_FS_CHANGE }	/* usepeerdns */
};

static const struct confine_call pppd_denied[] = {
	ANY(mount), ANY(umount2), ANY(pivot_root), ANY(chroot), ANY(fsopen),
	ANY(unshare), ANY(setns), ANY(mknod), ANY(mknodat),
	ANY(open_by_handle_at), ANY(chmod), ANY(fchmod), ANY(fchmodat),
	ANY(ptrace), ANY(process_vm_readv), ANY(process_vm_writev),
	ANY(init_module), ANY(finit_module), ANY(delete_module),
	ANY(kexec_load), ANY(kexec_file_load), ANY(reboot), ANY(bpf),
	ANY(perf_event_open), ANY(userfaultfd), ANY(io_uring_setup),
	ANY(keyctl), ANY(add_key), ANY(request_key), ANY(iopl), ANY(ioperm),
	ANY(acct), ANY(swapon), ANY(swapoff), ANY(quotactl), ANY(syslog),
	ANY(settimeofday), ANY(clock_settime), ANY(adjtimex), ANY(sethostname),
	ANY(setdomainname), ANY(shutdown), ANY(tkill), ANY(tgkill),
	ANY(pidfd_send_signal), ANY(rt_sigqueueinfo), ANY(rt_tgsigqueueinfo),
	ANY(chown), ANY(lchown), ANY(fchown), ANY(fchownat), ANY(setxattr),
	ANY(lsetxattr), ANY(fsetxattr),
	{ .nr = 452 }, { .nr = 463 },	/* fchmodat2, setxattrat */
	ANY(clone3), { SCMP_SYS(kill), 1, { { 0, SCMP_CMP_NE, 0, 0 } } },
	{ SCMP_SYS(prlimit64), 1, { { 0, SCMP_CMP_NE, 0, 0 } } },
	{ SCMP_SYS(clone), 1,
	    { CONFINE_ARG(0, CLONE_NEWUSER, CLONE_NEWUSER) } },
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
