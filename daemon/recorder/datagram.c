/*
 * datagram.c - reads events from a socket.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/datagram.h"

#include "common/process/service_socket.h"

#include <sys/socket.h>

/* No buffer for descriptors: the kernel discards any that were sent. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct ucred))];
};

struct batch {
	struct mmsghdr messages[DATAGRAM_BATCH];
	struct iovec parts[DATAGRAM_BATCH];
	union control controls[DATAGRAM_BATCH];
};

struct datagram *
datagram_new(size_t count)
{
	struct datagram *list = calloc(count, sizeof(*list) + DATAGRAM_SIZE);
	char *data = (char *)(list + count);

	for (size_t i = 0; list != NULL && i < count; i++)
		list[i].data = data + i * DATAGRAM_SIZE;
	return list;
}

struct datagram *
datagram_copy(const struct datagram *d)
{
	struct datagram *copy = malloc(sizeof(*copy) + d->len);

	if (copy == NULL)
		return NULL;
	*copy = *d;
	copy->data = (char *)(copy + 1);
	memcpy(copy->data, d->data, d->len);
	return copy;
}

static void
prepare(struct batch *b, struct datagram *list)
{
	for (size_t i = 0; i < DATAGRAM_BATCH; i++) {
		b->parts[i] = (struct iovec){ list[i].data, DATAGRAM_SIZE };
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_iov = &b->parts[i],
			.msg_iovlen = 1,
			.msg_control = &b->controls[i],
			.msg_controllen = sizeof(b->controls[i]),
		};
	}
}

size_t
datagram_read(int fd, struct datagram *list, bool *ended)
{
	struct batch b UNINITIALIZED;
	int got;

	*ended = false;
	prepare(&b, list);
	do {
		got = recvmmsg(fd, b.messages, DATAGRAM_BATCH,
			MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		*ended = errno != EAGAIN;
		return 0;
	}
	for (int i = 0; i < got; i++) {
		list[i].len = b.messages[i].msg_len;
		if (!service_socket_sender(&b.messages[i].msg_hdr, &list[i].pid,
		    &list[i].uid)) {
			*ended = true;
			return (size_t)i;
		}
	}
	return (size_t)got;
}

void
datagram_order(struct datagram *d, int64_t *newest)
{
	if (*newest < d->event.wall_ns)
		*newest = d->event.wall_ns;
	d->order = *newest;
}

/* Insertion sort, because the input is nearly sorted, and because qsort() needs
 * a system call that the sandbox does not allow. */
void
datagram_sort(struct datagram **list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct datagram *d = list[i];
		size_t at = i;

		while (at > 0 && list[at - 1]->order > d->order) {
			list[at] = list[at - 1];
			at--;
		}
		list[at] = d;
	}
}
