/*
 * role_caps.h - the capabilities that monitors keep, with the reasons.
 *
 * Used by role.c and role_prepare.c only.
 */
#ifndef COMMON_PROCESS_ROLE_CAPS_H
#define COMMON_PROCESS_ROLE_CAPS_H

/*
 * What PAM's modules may need to check a password and open a session.  Uid 0
 * with DAC_OVERRIDE is practically full root, so the monitor reads nothing but
 * typed messages.  The master keeps the same set because its children inherit
 * it.
 */
#define LOGIN_CAPS                                                       \
	/* to become the greeter, the recorder, the keeper, the user */ \
	CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SYS_CHROOT,               \
	/* to end a session process, which runs as another user */         \
	CAP_KILL,                                                          \
	/* ports 21 and 20; resvports of pam_rhosts and NIS */             \
	CAP_NET_BIND_SERVICE,                                              \
	/* shadow files, sockets of directory services with other owners */ \
	CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH,                             \
	/* pam_mkhomedir; pam_faillock gives its tally to the account */   \
	CAP_CHOWN, CAP_FOWNER, CAP_FSETID,                                 \
	/* audit records of a login; pam_loginuid */                       \
	CAP_AUDIT_WRITE, CAP_AUDIT_CONTROL,                                \
	/* pam_limits may raise limits that the service manager lowered */ \
	CAP_SYS_RESOURCE, CAP_SYS_NICE,                                    \
	/* to lock the password's page if RLIMIT_MEMLOCK is 0 */           \
	CAP_IPC_LOCK

/*
 * Kept while the session runs: to end its process; for active_source_port; for
 * the audit record of its end; for sockets and ticket files that PAM's modules
 * need to close the session.  Not SETUID: no more processes are forked.  Not
 * SYS_ADMIN: pam_namespace's mounts end with the processes.
 */
#define SESSION_CAPS                                                \
	CAP_KILL, CAP_NET_BIND_SERVICE, CAP_AUDIT_WRITE, CAP_DAC_OVERRIDE

#endif
