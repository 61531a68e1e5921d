/*
 * service_socket.h - the socket of a service, such as the recorder.
 *
 * For each service the master makes one SOCK_SEQPACKET pair, the service
 * socket.  Master and service hold the receiving end: when a service dies, the
 * next one continues with what is in the queue.  Only root's processes, master
 * and monitors, hold the sending end.  For a greeter or a session its monitor
 * makes a socket pair of its own and attaches one end of it to the service, in
 * a datagram on the service socket.
 */
#ifndef COMMON_PROCESS_SERVICE_SOCKET_H
#define COMMON_PROCESS_SERVICE_SOCKET_H

#include "common/base.h"

/* fds[0] receives, with the sender's credentials from the kernel; fds[1] sends.
 * `queue`: size of the queue in bytes, if the kernel allows it; 0 for its
 * default.  0 or -errno. */
int service_socket_pair(int fds[2], int queue) MUST_CHECK;

/*
 * Send a datagram, with a copy of the descriptor `attached` unless that is -1.
 * While the queue is full, wait at most patience_ms (the master never waits).
 * 0, -EAGAIN when the queue stayed full, or another -errno.
 */
int service_socket_send(int fd, const void *data, size_t len, int attached,
	int64_t patience_ms) MUST_CHECK;

struct service_datagram {
	size_t len;	/* of the whole datagram, even if `size` was less */
	int attached;	/* the descriptor, the caller's to close; or -1 */
	pid_t pid;	/* of the sender, from the kernel */
	uid_t uid;
};

/*
 * Receive one without waiting.  1; 0 when all senders have closed the socket;
 * -EAGAIN when there is none; -EMFILE when it is dropped because its descriptor
 * exceeds this process's limit; or another -errno.
 */
int service_socket_receive(int fd, void *data, size_t size,
	struct service_datagram *d) MUST_CHECK;

/* The sender of a message that recvmsg() or recvmmsg() has read from a
 * receiving end.  False at the end of the stream, which unlike an empty
 * datagram has no sender. */
struct msghdr;
bool service_socket_sender(struct msghdr *msg, pid_t *pid, uid_t *uid);

#endif
