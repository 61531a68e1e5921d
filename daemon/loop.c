/*
 * loop.c - the master's event loop.
 *
 * Runs in: master.
 * Never: waits for anything but epoll.
 */
#include "common/base.h"
#include "daemon/loop.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/master_memory.h"

#include <sys/epoll.h>

#define BATCH 64	/* events per epoll_wait() */

struct loop {
	int epoll;
	int count;		/* events of the current batch, */
	struct epoll_event batch[BATCH];	/* those not handled yet */
};

struct loop *
loop_new(void)
{
	struct loop *l = master_memory_new(sizeof(*l));

	if (l == NULL)
		return NULL;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll >= 0)
		return l;
	master_memory_free(l);
	return NULL;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	io_close(&l->epoll);
	master_memory_free(l);
}

int
loop_watch(struct loop *l, struct watch *w, int fd,
	void (*ready)(void *context), void *context)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = w };

	*w = (struct watch){ .fd = -1, .ready = ready, .context = context };
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		return -errno;
	w->fd = fd;
	return 0;
}

void
loop_unwatch(struct loop *l, struct watch *w)
{
	if (w->fd < 0)
		return;
	(void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	w->fd = -1;
	for (int i = 0; i < l->count; i++)
		if (l->batch[i].data.ptr == w)
			l->batch[i].data.ptr = NULL;
}

void
loop_wait(struct loop *l, int64_t deadline)
{
	int n = epoll_wait(l->epoll, l->batch, BATCH, clock_poll(deadline));

	if (n < 0 && errno != EINTR)
		bug("epoll_wait");
	l->count = n < 0 ? 0 : n;
	for (int i = 0; i < l->count; i++) {
		const struct watch *w = l->batch[i].data.ptr;

		if (w != NULL)
			w->ready(w->context);
	}
	l->count = 0;
}
