/*
 * hooks.c - queues events that have a command.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/hooks.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/service_socket.h"

#define REPORT_SECONDS 10

void
hooks_init(struct hooks *h, const struct server_settings *settings, int queue,
	struct metrics *metrics)
{
	h->settings = settings;
	h->queue = queue;
	h->metrics = metrics;
	h->dropped = 0;
	h->report_at = CLOCK_NEVER;
}

void
hooks_close(struct hooks *h)
{
	io_close(&h->queue);
}

static void
count_dropped(struct hooks *h)
{
	if (h->dropped++ == 0)
		h->report_at = clock_after(REPORT_SECONDS);
	if (h->metrics != NULL)
		h->metrics->commands_dropped++;
}

static size_t
make_request(struct hooks *h, int hook, const struct event *e,
	const struct event_fields *f)
{
	struct runner_request head = {
		.hook = (uint32_t)hook,
		.uid = e->uid,
		.session = e->session,
		.pass = e->run_pass,
	};
	struct buffer b;

	buffer_init(&b, h->data, sizeof(h->data));
	buffer_add(&b, &head, sizeof(head));
	buffer_add(&b, e->path, strlen(e->path) + 1);
	head.env = (uint32_t)b.len;
	for (size_t i = 0; i < f->count; i++)
		runner_request_add(&b, f->list[i].name, f->list[i].value);
	head.json = (uint32_t)b.len;
	log_json_format(&b, f);
	buffer_add_char(&b, '\n');
	memcpy(h->data, &head, sizeof(head));
	return b.overflow ? 0 : b.len;
}

void
hooks_event(struct hooks *h, const struct event *e,
	const struct event_fields *f)
{
	const char *label = event_fields_label(e);
	int hook = h->queue < 0 ? -1 :
		runner_request_hook(h->settings, label, strlen(label));

	if (hook < 0)
		return;
	size_t len = make_request(h, hook, e, f);
	if (len == 0 || service_socket_send(h->queue, h->data, len, -1, 0) < 0)
		count_dropped(h);
}

void
hooks_watch(const struct hooks *h, struct watchers *w)
{
	watchers_wake_at(w, h->report_at);
}

void
hooks_serve(struct hooks *h)
{
	if (!clock_passed(h->report_at))
		return;
	log_warning("queue of event commands full, dropped %" PRIu64
		" events", h->dropped);
	h->dropped = 0;
	h->report_at = CLOCK_NEVER;
}
