/*
 * sandbox_rules.c - what the system call filters allow.
 *
 * Runs in: master.
 * Never: allows a call that no code needs.
 */
#include "common/base.h"
#include "common/process/sandbox_rules.h"

#include "common/process/sandbox_program.h"

#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
	FOR_GREETER = 1 << SANDBOX_GREETER,
	FOR_SESSION = 1 << SANDBOX_SESSION,
	FOR_RECORDER = 1 << SANDBOX_RECORDER,
	FOR_KEEPER = 1 << SANDBOX_KEEPER,
	FOR_SCANNER = 1 << SANDBOX_SCANNER,
	FOR_BOOKKEEPER = 1 << SANDBOX_BOOKKEEPER,
	FOR_RADIUS = 1 << SANDBOX_RADIUS,
	FOR_CONNECTOR = 1 << SANDBOX_CONNECTOR,
	FOR_ALL_BUT_RADIUS = FOR_GREETER | FOR_SESSION | FOR_RECORDER |
		FOR_KEEPER | FOR_SCANNER | FOR_BOOKKEEPER | FOR_CONNECTOR,
	FOR_ALL = FOR_ALL_BUT_RADIUS | FOR_RADIUS,
};

#define CALLS_MAX 25

/* OpenSSL's options for kernel TLS: SOL_TLS, TLS_TX and TLS_RX */
#define KERNEL_TLS	   282
#define KERNEL_TLS_SEND	   1
#define KERNEL_TLS_RECEIVE 2

static const struct {
	unsigned filters;
	const char *names[CALLS_MAX];	/* unused ones are NULL */
} calls[] = {
#define CALLS(filters, ...) { filters, { __VA_ARGS__ } },
#include "common/process/sandbox_rules.def"
#undef CALLS
};

static const struct {
	unsigned filters;
	int command;
} fcntl_commands[] = {
	{ FOR_ALL, F_GETFL },
	{ FOR_ALL, F_SETFL },
	{ FOR_SESSION, F_OFD_SETLK },	/* upload_locking */
	{ FOR_SESSION, F_OFD_GETLK },	/* atomic_uploads */
};

static const struct {
	unsigned filters;
	unsigned long request;
} ioctl_requests[] = {
	{ FOR_ALL, SIOCOUTQ },
	{ FOR_SESSION, FICLONE },	/* SITE COPY */
	{ FOR_SESSION, FS_IOC_FSGETXATTR },	/* project quotas */
};

/* Not SO_LINGER: closing such a socket waits, in the process that closes it
 * last, and a descriptor can be sent to another one. */
static const struct {
	unsigned filters;
	int level, option;
} socket_options[] = {
	{ FOR_GREETER, SOL_SOCKET, SO_OOBINLINE },
	{ FOR_GREETER | FOR_SESSION | FOR_CONNECTOR,
		IPPROTO_TCP, TCP_NODELAY },
	{ FOR_GREETER | FOR_SESSION, IPPROTO_TCP, TCP_ULP },
	{ FOR_GREETER | FOR_SESSION, KERNEL_TLS, KERNEL_TLS_SEND },
	{ FOR_GREETER | FOR_SESSION, KERNEL_TLS, KERNEL_TLS_RECEIVE },
	{ FOR_SESSION, SOL_SOCKET, SO_RCVTIMEO },
	{ FOR_SESSION, SOL_SOCKET, SO_REUSEADDR },
	{ FOR_SESSION, SOL_SOCKET, SO_SNDBUF },
	{ FOR_SESSION, SOL_SOCKET, SO_RCVBUF },
	{ FOR_SESSION, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT },
	{ FOR_SESSION, IPPROTO_TCP, TCP_CORK },
	{ FOR_SESSION | FOR_CONNECTOR, SOL_SOCKET, SO_KEEPALIVE },
	{ FOR_SESSION | FOR_CONNECTOR, IPPROTO_TCP, TCP_KEEPIDLE },
	{ FOR_SESSION | FOR_CONNECTOR, IPPROTO_TCP, TCP_KEEPINTVL },
	{ FOR_SESSION | FOR_CONNECTOR, IPPROTO_TCP, TCP_KEEPCNT },
	{ FOR_RECORDER, SOL_SOCKET, SO_SNDTIMEO },	/* syslog */
};

/* Allow a call under a condition on its arguments; n = 0: always. */
static int
allow_if(scmp_filter_ctx filter, const char *name,
	const struct scmp_arg_cmp *conditions, unsigned n)
{
	int number = sandbox_program_call(name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	int error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, n,
		conditions);
	/* -EEXIST: already allowed by another list. */
	return error == -EEXIST ? 0 : error;
}

static int
allow_names(scmp_filter_ctx filter, const char *const *names)
{
	int error = 0;

	for (size_t i = 0; i < CALLS_MAX && names[i] != NULL && error == 0; i++)
		error = allow_if(filter, names[i], NULL, 0);
	return error;
}

static int
allow_calls(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(calls) && error == 0; i++)
		if ((calls[i].filters & (1u << which)) != 0)
			error = allow_names(filter, calls[i].names);
	return error;
}

/* The kernel uses only the lower half of an int argument. */
static struct scmp_arg_cmp
int_is(unsigned argument, uint64_t mask, uint64_t value)
{
	return (struct scmp_arg_cmp){
		argument, SCMP_CMP_MASKED_EQ, mask, value };
}

static bool
is_for(scmp_filter_ctx filter, uint32_t processor)
{
	return seccomp_arch_exist(filter, processor) == 0;
}

/* The arguments of mmap are in memory, where a filter does not see them, on
 * 32-bit x86, whose C library uses mmap2, and on s390x, which has no other
 * call: there it is not refused. */
static int
allow_no_exec_memory(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp no_exec = int_is(2, PROT_EXEC, 0);
	unsigned checked = is_for(filter, SCMP_ARCH_S390X) ? 0 : 1;
	int error = allow_if(filter, "mmap2", &no_exec, 1);

	if (error == 0 && !is_for(filter, SCMP_ARCH_X86))
		error = allow_if(filter, "mmap", &no_exec, checked);
	return error != 0 ? error : allow_if(filter, "mprotect", &no_exec, 1);
}

/* A shared mapping can grow over all of its file, of which the process has only
 * a page (common/process/page.h).  The C library then copies. */
static int
refuse_growing_mappings(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOMEM),
		sandbox_program_call("mremap"), 0);
}

/* Not F_SETOWN, F_SETSIG, F_NOTIFY: they make the kernel send signals. */
static int
allow_fcntl(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fcntl_commands) && error == 0; i++) {
		struct scmp_arg_cmp is = int_is(1, UINT32_MAX,
			(uint64_t)fcntl_commands[i].command);
		if ((fcntl_commands[i].filters & (1u << which)) == 0)
			continue;
		error = allow_if(filter, "fcntl", &is, 1);
		if (error == 0)
			error = allow_if(filter, "fcntl64", &is, 1);
	}
	return error;
}

static int
allow_ioctl(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ioctl_requests) && error == 0; i++) {
		struct scmp_arg_cmp is = int_is(1, UINT32_MAX,
			ioctl_requests[i].request);
		if ((ioctl_requests[i].filters & (1u << which)) != 0)
			error = allow_if(filter, "ioctl", &is, 1);
	}
	return error;
}

static int
allow_socket_options(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(socket_options) && error == 0; i++) {
		struct scmp_arg_cmp is[] = {
			int_is(1, UINT32_MAX,
				(uint64_t)socket_options[i].level),
			int_is(2, UINT32_MAX,
				(uint64_t)socket_options[i].option),
		};
		if ((socket_options[i].filters & (1u << which)) != 0)
			error = allow_if(filter, "setsockopt", is,
				ARRAY_SIZE(is));
	}
	return error;
}

/* The type's upper bits are SOCK_CLOEXEC and SOCK_NONBLOCK.  Another protocol
 * could make the kernel load a module. */
static int
allow_socket(scmp_filter_ctx filter, int family, int type)
{
	struct scmp_arg_cmp is[] = {
		int_is(0, UINT32_MAX, (uint64_t)family),
		int_is(1, 0xf, (uint64_t)type),
		int_is(2, UINT32_MAX, 0),
	};

	return allow_if(filter, "socket", is, ARRAY_SIZE(is));
}

/* Reading the process's own limits (sysconf), not setting them. */
static int
allow_own_limits(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp own[] = {
		int_is(0, UINT32_MAX, 0),
		{ 2, SCMP_CMP_EQ, 0, 0 },
	};

	return allow_if(filter, "prlimit64", own, ARRAY_SIZE(own));
}

static int
allow_sockets(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = 0;

	/* The relay's stream to its session, and their channel; channels to
	 * scanners. */
	if (which == SANDBOX_GREETER || which == SANDBOX_BOOKKEEPER) {
		struct scmp_arg_cmp local = int_is(0, UINT32_MAX, AF_UNIX);
		error = allow_if(filter, "socketpair", &local, 1);
	}
	/* Data connections; RADIUS over TLS. */
	if (which == SANDBOX_SESSION || which == SANDBOX_CONNECTOR) {
		error = allow_socket(filter, AF_INET, SOCK_STREAM);
		if (error == 0)
			error = allow_socket(filter, AF_INET6, SOCK_STREAM);
	}
	if (which == SANDBOX_CONNECTOR && error == 0) {
		error = allow_socket(filter, AF_INET, SOCK_DGRAM);
		if (error == 0)
			error = allow_socket(filter, AF_INET6, SOCK_DGRAM);
	}
	if (which == SANDBOX_RECORDER) {
		error = allow_socket(filter, AF_UNIX, SOCK_DGRAM);
		if (error == 0)
			error = allow_socket(filter, AF_UNIX, SOCK_STREAM);
	}
	return error;
}

/* On some processors it makes all calls for sockets, with arguments in memory,
 * where a filter does not see them; the library allows it together with these
 * calls.  The program makes them directly (common/socket_calls.c). */
static int
refuse_hidden_calls(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
		sandbox_program_call("socketcall"), 0);
}

/* No address: the socket knows where to send.  sendmsg(2) is not allowed at
 * all, because a filter does not see the address in its struct. */
static int
allow_sending_to_peer(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp none = { 4, SCMP_CMP_EQ, 0, 0 };

	return allow_if(filter, "sendto", &none, 1);
}

/* atomic_uploads, MFF and SITE CHGRP.  The server gives a name to an open file;
 * a filter does not see whether there is a name as well, which would be an
 * ordinary hard link.  Only a file's group may change, not its owner. */
static int
allow_replacing(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp opened = int_is(4, UINT32_MAX, AT_EMPTY_PATH);
	struct scmp_arg_cmp same_owner = int_is(1, UINT32_MAX, UINT32_MAX);
	struct scmp_arg_cmp same_owner_at = int_is(2, UINT32_MAX, UINT32_MAX);
	int error = allow_if(filter, "linkat", &opened, 1);

	if (error == 0)
		error = allow_if(filter, "fchown", &same_owner, 1);
	if (error == 0)
		error = allow_if(filter, "fchown32", &same_owner, 1);
	if (error == 0)
		error = allow_if(filter, "fchownat", &same_owner_at, 1);
	return error;
}

/* Reading disk quotas. */
static int
allow_quotas(scmp_filter_ctx filter)
{
	static const unsigned commands[] = { QCMD(Q_XGETQSTATV, USRQUOTA),
		QCMD(Q_GETQUOTA, USRQUOTA), QCMD(Q_GETQUOTA, GRPQUOTA) };
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(commands) && error == 0; i++) {
		struct scmp_arg_cmp is = int_is(1, UINT32_MAX, commands[i]);
		error = allow_if(filter, "quotactl_fd", &is, 1);
	}
	return error;
}

/* The scanner opens directories, and never to write. */
static int
allow_opening_to_read(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp reads = int_is(2, O_ACCMODE | O_CREAT | O_TRUNC, 0);

	return allow_if(filter, "openat", &reads, 1);
}

int
sandbox_rules_add(scmp_filter_ctx filter, enum sandbox_filter which)
{
	int error = allow_calls(filter, which);

	if (error == 0)
		error = allow_no_exec_memory(filter);
	if (error == 0)
		error = refuse_growing_mappings(filter);
	if (error == 0)
		error = allow_fcntl(filter, which);
	if (error == 0)
		error = allow_ioctl(filter, which);
	if (error == 0)
		error = allow_socket_options(filter, which);
	if (error == 0)
		error = allow_own_limits(filter);
	if (error == 0)
		error = allow_sockets(filter, which);
	if (error == 0 && which == SANDBOX_RADIUS)
		error = allow_sending_to_peer(filter);
	if (error == 0 && which == SANDBOX_SESSION)
		error = allow_replacing(filter);
	if (error == 0 && which == SANDBOX_SESSION)
		error = allow_quotas(filter);
	if (error == 0 && which == SANDBOX_SCANNER)
		error = allow_opening_to_read(filter);
	/* After all others, which it replaces. */
	return error != 0 ? error : refuse_hidden_calls(filter);
}
