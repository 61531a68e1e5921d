/*
 * procs.h - the server's processes as /proc shows them.
 */
#ifndef TESTS_FUNCTIONAL_PROCS_H
#define TESTS_FUNCTIONAL_PROCS_H

#include "common/base.h"

#define PROCS_MAX 1024
#define PROCS_GROUPS 32

/* The names of processes (common/process/role.c). */
#define PROCS_MASTER   "sureftpd"
#define PROCS_MONITOR  "sureftpd-mon"
#define PROCS_GREETER  "sureftpd-greet"
#define PROCS_SESSION  "sureftpd-sess"
#define PROCS_RECORDER "sureftpd-log"
#define PROCS_KEEPER   "sureftpd-key"

struct proc {
	pid_t pid, ppid;
	char name[32];
	char state;
	uid_t uid[4];		/* real, effective, saved, file system */
	gid_t gid[4];
	gid_t groups[PROCS_GROUPS];
	size_t ngroups;
	uint64_t inheritable, permitted, effective, bounding, ambient;
	int no_new_privs;
	int seccomp;
};

/* The processes of this name, which may be another program's (NULL: all of the
 * server's), zombies left out.
 * The number found; at most max are filled in. */
size_t procs_list(const char *name, struct proc *list, size_t max);

bool procs_read(pid_t pid, struct proc *p);

/* The only session, greeter or monitor that has a client: the process of this
 * name with a TCP connection; for monitors the parent of such a process.  0
 * when there is none. */
pid_t procs_serving(const char *name);

/* Wait until exactly `count` processes have this name. */
bool procs_wait_for_count(const char *name, size_t count, int64_t ms);

/* Wait until every process that was forked has become what it is to be: the
 * only "sureftpd" is the master; greeters, recorder, bookkeeper and radius are
 * in their filters. */
bool procs_settle(void);

/* The target of a descriptor's link in /proc ("socket:[123]"), or "". */
const char *procs_descriptor(pid_t pid, int fd, char *text, size_t size);

/* Of the descriptors a process has open: listening sockets (TCP, and local
 * ones with a path), connected TCP sockets, and all. */
size_t procs_listening(pid_t pid);
size_t procs_connected(pid_t pid);
size_t procs_open(pid_t pid);

/* Those that are local sockets of this path: listening, or accepted there. */
size_t procs_local(pid_t pid, const char *path);

/* The number of entries of its root directory, "." and ".." included. */
size_t procs_root_entries(pid_t pid);

/* Clock ticks of processor time that the process has used, or -1. */
int64_t procs_ticks(pid_t pid);

/* How often it has gone to sleep (voluntary context switches), or -1. */
int64_t procs_sleeps(pid_t pid);

/* Memory in KiB, proportional for shared pages (PSS); or -1. */
long procs_pss(pid_t pid);

/* Does the process's readable memory contain these bytes?  -1 if it could not
 * be read. */
int procs_memory_has(pid_t pid, const char *bytes, size_t len);

/* Check that no process holds this text; one that ends meanwhile does not. */
void procs_check_lack(const char *secret);

/* As procs_memory_has(), for several, which are searched for in one pass: the
 * number of one of them, from 1 on, 0 or -1. */
struct procs_secret {
	const char *bytes;
	size_t len;
};
int procs_memory_find(pid_t pid, const struct procs_secret *secrets, int n);

#endif
