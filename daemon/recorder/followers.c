/*
 * followers.c - sends live events to sureftpctl.
 *
 * Runs in: recorder.
 * Never: waits for a follower.
 */
#include "common/base.h"
#include "daemon/recorder/followers.h"

#include "common/io.h"
#include "common/text.h"
#include "daemon/recorder/log_json.h"
#include "daemon/recorder/log_text.h"

#include <sys/socket.h>

void
followers_init(struct followers *f, char *line)
{
	*f = (struct followers){ .line = line };
	for (size_t i = 0; i < FOLLOWERS; i++)
		f->list[i].fd = -1;
}

static void
drop(struct followers *f, struct follower *one)
{
	io_close_at_once(&one->fd);
	f->count--;
}

void
followers_close(struct followers *f)
{
	for (size_t i = 0; i < FOLLOWERS; i++)
		if (f->list[i].fd >= 0)
			drop(f, &f->list[i]);
}

static bool
is_request(const struct follow_request *r)
{
	return r->magic == FOLLOW_MAGIC && TEXT_ENDS(r->events) &&
		TEXT_ENDS(r->user) && TEXT_ENDS(r->peer);
}

bool
followers_add(struct followers *f, const void *request, size_t len, int fd)
{
	struct follow_request r;

	if (len != sizeof(r))
		return false;
	memcpy(&r, request, sizeof(r));
	if (!is_request(&r))
		return false;
	for (size_t i = 0; i < FOLLOWERS; i++)
		if (f->list[i].fd < 0) {
			f->list[i] = (struct follower){
				.fd = fd, .request = r };
			f->count++;
			return true;
		}
	/* No free place: the follower only sees the end of the stream. */
	io_close_at_once(&fd);
	return true;
}

static bool
is_wanted(const struct follow_request *r, const struct event *e)
{
	char peer[ADDRESS_TEXT_SIZE];

	if (r->session != 0 && r->session != e->session)
		return false;
	if (*r->user != '\0' && strcmp(r->user, e->user) != 0)
		return false;
	if (*r->peer != '\0' &&
	    strcmp(r->peer, address_text(&e->peer, peer)) != 0)
		return false;
	if (*r->events != '\0')
		return text_list_has(r->events, event_fields_label(e));
	return (int32_t)e->level <= r->level;
}

static void
make_line(struct buffer *line, const struct follow_request *r,
	const struct event *e, const struct event_fields *fields)
{
	if (r->json != 0)
		log_json_format(line, fields);
	else
		log_text_format_line(line, e);
}

static bool
send_line(struct follower *one, const struct buffer *line)
{
	return send(one->fd, line->data, line->len,
		MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

static bool
report_missed(struct followers *f, struct follower *one)
{
	struct buffer line;

	if (one->missed == 0)
		return true;
	buffer_init(&line, f->line, LOG_JSON_MAX);
	buffer_addf(&line, one->request.json != 0 ?
		"{\"event\":\"missed\",\"count\":%" PRIu64 "}" :
		"missed %" PRIu64 " events", one->missed);
	if (!send_line(one, &line))
		return false;
	one->missed = 0;
	return true;
}

void
followers_send(struct followers *f, const struct event *e,
	const struct event_fields *fields)
{
	struct buffer line;

	if (f->count == 0)
		return;
	for (size_t i = 0; i < FOLLOWERS; i++) {
		struct follower *one = &f->list[i];

		if (one->fd < 0 || !is_wanted(&one->request, e))
			continue;
		if (report_missed(f, one)) {
			buffer_init(&line, f->line, LOG_JSON_MAX);
			make_line(&line, &one->request, e, fields);
			one->missed += !send_line(one, &line);
		} else {
			one->missed++;
		}
	}
}

void
followers_watch(const struct followers *f, struct watchers *w)
{
	for (size_t i = 0; i < FOLLOWERS; i++)
		watchers_add(w, f->list[i].fd);
}

/* Followers send nothing, so a readable socket means that it was closed. */
void
followers_serve(struct followers *f, const struct watchers *w)
{
	for (size_t i = 0; i < FOLLOWERS; i++)
		if (f->list[i].fd >= 0 && watchers_ready(w, f->list[i].fd))
			drop(f, &f->list[i]);
}
