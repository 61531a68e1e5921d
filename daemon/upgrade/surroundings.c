/*
 * surroundings.c - what the server inherits, for the next program.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/upgrade/surroundings.h"

#include "common/log/log.h"

static size_t
count_sockets(const struct surroundings *s, const struct listeners *l)
{
	size_t count = s->passed.count;

	for (size_t i = 0; i < l->count; i++)
		count += !l->list[i].passed;
	return count;
}

static void
put_socket(struct state_writer *w, int fd, const char *name)
{
	state_put_fd(w, fd);
	state_put_text(w, name);
}

void
surroundings_save(const struct surroundings *s,
	const struct listeners *listeners, struct state_writer *w)
{
	uint64_t count = count_sockets(s, listeners);

	state_begin(w, STATE_SURROUNDINGS);
	STATE_PUT(w, s->notify);
	STATE_PUT(w, s->watchdog.interval);
	STATE_PUT(w, count);
	for (size_t i = 0; i < s->passed.count; i++)
		put_socket(w, s->passed.list[i].fd, s->passed.list[i].name);
	for (size_t i = 0; i < listeners->count; i++)
		if (!listeners->list[i].passed)
			put_socket(w, listeners->list[i].fd, PASSED_STORED);
	state_end(w);
}

void
surroundings_restore(struct surroundings *s, struct state_reader *r)
{
	char name[sizeof(s->passed.list[0].name)];

	state_enter(r, STATE_SURROUNDINGS);
	STATE_GET(r, s->notify);
	STATE_GET(r, s->watchdog.interval);
	size_t count = state_get_count(r, 2 * PASSED_MAX);
	while (count-- > 0) {
		int fd = state_get_fd(r);

		state_get_text(r, name, sizeof(name));
		if (fd >= 0)
			passed_add(&s->passed, fd, name, LOG_DESCRIPTOR);
	}
	state_leave(r);
	if (s->notify.size > sizeof(s->notify.to) ||
	    (s->notify.size > 0 && s->notify.to.sun_family != AF_UNIX) ||
	    s->watchdog.interval < 0)
		state_fail(r);
}
