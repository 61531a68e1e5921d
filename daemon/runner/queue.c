/*
 * queue.c - queued requests.
 *
 * Runs in: runner.
 */
#include "common/base.h"
#include "daemon/runner/queue.h"

#include "common/io.h"

void
queue_init(struct queue *q)
{
	STAILQ_INIT(&q->list);
	q->count = 0;
}

/* The string at `at`; NULL if it is not terminated before `end`. */
static const char *
text_at(const char *data, size_t at, size_t end)
{
	if (at >= end || memchr(data + at, '\0', end - at) == NULL)
		return NULL;
	return data + at;
}

/* Only variables that runner_request_add() makes: others could change what the
 * program does, such as LD_PRELOAD. */
static bool
are_variables(const char *at, const char *end)
{
	for (; at < end; at += strlen(at) + 1)
		if (!runner_request_is_variable(at))
			return false;
	return true;
}

static bool
find_texts(struct queued *q, const struct server_settings *settings)
{
	const struct runner_request *head = &q->head;
	size_t at = sizeof(*head);

	if (head->env < at || head->json < head->env || head->json > q->len ||
	    (head->json > head->env && q->data[head->json - 1] != '\0') ||
	    !are_variables(q->data + head->env, q->data + head->json))
		return false;
	if (head->hook == RUNNER_CHECK) {
		q->command = text_at(q->data, at, head->env);
		if (q->command == NULL)
			return false;
		at += strlen(q->command) + 1;
	} else {
		q->command = runner_request_command(settings, head->hook);
	}
	q->path = text_at(q->data, at, head->env);
	return q->command != NULL && *q->command == '/' && q->path != NULL;
}

struct queued *
queued_new(const struct server_settings *settings, const void *data,
	size_t len, int verdict, int file)
{
	struct queued *q;

	if (len < sizeof(q->head))
		return NULL;
	q = calloc(1, sizeof(*q) + len + 1);
	if (q == NULL)
		return NULL;
	memcpy(q->data, data, len);
	memcpy(&q->head, data, sizeof(q->head));
	q->len = len;
	if (!find_texts(q, settings)) {
		free(q);
		return NULL;
	}
	q->verdict = verdict;
	q->file = file;
	return q;
}

void
queued_free(struct queued *request)
{
	if (request == NULL)
		return;
	io_close(&request->verdict);
	io_close(&request->file);
	free(request);
}

void
queue_add(struct queue *q, struct queued *request)
{
	STAILQ_INSERT_TAIL(&q->list, request, next);
	q->count++;
}

size_t
queue_count_of(const struct queue *q, uint64_t session)
{
	const struct queued *request;
	size_t count = 0;

	STAILQ_FOREACH(request, &q->list, next)
		count += request->head.session == session;
	return count;
}

struct queued *
queue_take(struct queue *q)
{
	struct queued *first = STAILQ_FIRST(&q->list);

	if (first == NULL)
		return NULL;
	STAILQ_REMOVE_HEAD(&q->list, next);
	q->count--;
	return first;
}
