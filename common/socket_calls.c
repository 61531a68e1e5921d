/*
 * socket_calls.c - the calls for sockets, on processors where the C library
 * makes them through socketcall(2).
 *
 * socketcall(2) has its arguments in memory, where a system call filter does
 * not see them: one that allows a call with certain arguments only would allow
 * it with any.  So the program and its libraries use these functions instead of
 * those of the C library, and no filter allows socketcall(2).  Linux has had
 * the direct calls on all processors since 4.3.
 *
 * Runs in: all.
 */
#include "common/base.h"

#if defined(__GLIBC__) && (defined(__i386__) || defined(__s390x__))

#include <sys/socket.h>
#include <sys/syscall.h>

int
socket(int family, int type, int protocol)
{
	return (int)syscall(SYS_socket, family, type, protocol);
}

int
socketpair(int family, int type, int protocol, int fds[2])
{
	return (int)syscall(SYS_socketpair, family, type, protocol, fds);
}

int
bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
	return (int)syscall(SYS_bind, fd, address.__sockaddr__, len);
}

int
connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
	return (int)syscall(SYS_connect, fd, address.__sockaddr__, len);
}

int
listen(int fd, int backlog)
{
	return (int)syscall(SYS_listen, fd, backlog);
}

int
accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict len, int flags)
{
	return (int)syscall(SYS_accept4, fd, address.__sockaddr__, len, flags);
}

int
shutdown(int fd, int how)
{
	return (int)syscall(SYS_shutdown, fd, how);
}

int
getsockname(int fd, __SOCKADDR_ARG address, socklen_t *restrict len)
{
	return (int)syscall(SYS_getsockname, fd, address.__sockaddr__, len);
}

int
getpeername(int fd, __SOCKADDR_ARG address, socklen_t *restrict len)
{
	return (int)syscall(SYS_getpeername, fd, address.__sockaddr__, len);
}

int
getsockopt(int fd, int level, int option, void *restrict value,
	socklen_t *restrict len)
{
	return (int)syscall(SYS_getsockopt, fd, level, option, value, len);
}

int
setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
	return (int)syscall(SYS_setsockopt, fd, level, option, value, len);
}

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	return syscall(SYS_sendto, fd, data, len, flags, NULL, 0);
}

ssize_t
sendto(int fd, const void *data, size_t len, int flags,
	__CONST_SOCKADDR_ARG address, socklen_t address_len)
{
	return syscall(SYS_sendto, fd, data, len, flags, address.__sockaddr__,
		address_len);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	return syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t
recv(int fd, void *data, size_t size, int flags)
{
	return syscall(SYS_recvfrom, fd, data, size, flags, NULL, NULL);
}

ssize_t
recvmsg(int fd, struct msghdr *message, int flags)
{
	return syscall(SYS_recvmsg, fd, message, flags);
}

#endif
