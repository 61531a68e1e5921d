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
	size_t len, int verdict)
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
	return q;
}

void
queued_free(struct queued *request)
{
	if (request == NULL)
		return;
	io_close(&request->verdict);
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

static size_t
count_running(const uint64_t *running, size_t n, uint64_t session)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += running[i] == session;
	return count;
}

bool
queue_is_full(const struct queue *q, size_t max, uint64_t session)
{
	return q->count >= max || queue_count_of(q, session) >= max - q->count;
}

struct queued *
queue_take(struct queue *q, const uint64_t *running, size_t n)
{
	struct queued *request, *found = NULL, *before = NULL;
	size_t fewest = SIZE_MAX;

	STAILQ_FOREACH(request, &q->list, next) {
		bool same = before != NULL &&
			before->head.session == request->head.session;
		size_t count = same ? SIZE_MAX : count_running(running, n,
			request->head.session);

		before = request;
		if (count >= fewest)
			continue;
		found = request;
		fewest = count;
		if (count == 0)
			break;
	}
	if (found == NULL)
		return NULL;
	STAILQ_REMOVE(&q->list, found, queued, next);
	q->count--;
	return found;
}
