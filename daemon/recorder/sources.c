/*
 * sources.c - the attached log sockets.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/sources.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"

#define BUCKETS 1024u	/* a power of two */
#define FORMER_NS 1000000000

LIST_HEAD(bucket, source);
TAILQ_HEAD(session_bucket, source);
TAILQ_HEAD(reports, source);
SLIST_HEAD(ended, source);

struct sources {
	struct bucket numbers[BUCKETS];
	struct session_bucket sessions[BUCKETS];	/* oldest first */
	struct reports reports;		/* sorted, the next one first */
	struct ended ended;
	size_t count;
};

struct sources *
sources_new(void)
{
	struct sources *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < BUCKETS; i++)
		TAILQ_INIT(&s->sessions[i]);
	TAILQ_INIT(&s->reports);
	return s;
}

void
sources_free(struct sources *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (!LIST_EMPTY(&s->numbers[i]))
			sources_remove(s, LIST_FIRST(&s->numbers[i]));
	free(s);
}

static struct bucket *
bucket_of(struct sources *s, uint64_t number)
{
	return &s->numbers[number & (BUCKETS - 1)];
}

static struct session_bucket *
session_bucket_of(struct sources *s, uint64_t session)
{
	return &s->sessions[session & (BUCKETS - 1)];
}

struct source *
sources_find(struct sources *s, uint64_t number)
{
	struct source *source;

	LIST_FOREACH(source, bucket_of(s, number), by_number)
		if (source->identity.number == number)
			return source;
	return NULL;
}

struct source *
sources_of_session(struct sources *s, uint64_t session, struct source *source)
{
	source = source == NULL ?
		TAILQ_FIRST(session_bucket_of(s, session)) :
		TAILQ_NEXT(source, by_session);
	while (source != NULL && source->identity.session != session)
		source = TAILQ_NEXT(source, by_session);
	return source;
}

static struct source *
add(struct sources *s, const struct log_identity *identity, int fd)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->fd = fd;
	source->identity = *identity;
	source->report_at = CLOCK_NEVER;
	LIST_INSERT_HEAD(bucket_of(s, identity->number), source, by_number);
	TAILQ_INSERT_TAIL(session_bucket_of(s, identity->session), source,
		by_session);
	s->count++;
	return source;
}

static void
identify(struct sources *s, struct source *source,
	const struct log_identity *identity)
{
	TAILQ_REMOVE(session_bucket_of(s, source->identity.session), source,
		by_session);
	source->former = source->identity;
	source->identity = *identity;
	TAILQ_INSERT_TAIL(session_bucket_of(s, identity->session), source,
		by_session);
}

const struct log_identity *
sources_identity_at(const struct source *source, int64_t wall_ns,
	int64_t wall)
{
	int64_t since = source->identity.since_ns;
	bool before = source->former.since_ns != 0 && wall_ns < since &&
		wall_ns >= source->former.since_ns;

	return before && wall - since < FORMER_NS ? &source->former :
		&source->identity;
}

struct source *
sources_attach(struct sources *s, const struct log_identity *identity, int fd,
	int64_t max_rate, int64_t now)
{
	struct source *source = sources_find(s, identity->number);

	if (source != NULL) {
		identify(s, source, identity);
		close(fd);
		return NULL;
	}
	source = add(s, identity, fd);
	if (source == NULL) {
		log_error("cannot attach a log: out of memory");
		close(fd);
		return NULL;
	}
	flood_init(&source->flood, max_rate, FLOOD_BURST_SECONDS, now);
	return source;
}

static void
unschedule(struct sources *s, struct source *source)
{
	if (source->report_at == CLOCK_NEVER)
		return;
	TAILQ_REMOVE(&s->reports, source, in_reports);
	source->report_at = CLOCK_NEVER;
}

void
sources_remove(struct sources *s, struct source *source)
{
	unschedule(s, source);
	LIST_REMOVE(source, by_number);
	TAILQ_REMOVE(session_bucket_of(s, source->identity.session), source,
		by_session);
	io_close(&source->fd);
	free(source);
	s->count--;
}

size_t
sources_count(const struct sources *s)
{
	return s->count;
}

bool
sources_only(const struct sources *s, int32_t role)
{
	const struct source *source;

	for (size_t i = 0; i < BUCKETS; i++)
		LIST_FOREACH(source, &s->numbers[i], by_number)
			if (!source->ended && source->identity.role != role)
				return false;
	return true;
}

/* The list stays sorted because all wait equally long; sources that have ended
 * go first. */
static void
schedule(struct sources *s, struct source *source, int64_t now)
{
	if (source->ended) {
		unschedule(s, source);
		source->report_at = now;
		TAILQ_INSERT_HEAD(&s->reports, source, in_reports);
	} else if (source->report_at == CLOCK_NEVER) {
		source->report_at = now + SOURCES_REPORT_MS;
		TAILQ_INSERT_TAIL(&s->reports, source, in_reports);
	}
}

void
sources_count_dropped(struct sources *s, struct source *source, int64_t now)
{
	source->dropped++;
	schedule(s, source, now);
}

void
sources_count_lost(struct sources *s, struct source *source, uint32_t count,
	int64_t now)
{
	if (count == 0)
		return;
	source->lost += count;
	schedule(s, source, now);
}

void
sources_end(struct sources *s, struct source *source, int64_t now)
{
	source->ended = true;
	SLIST_INSERT_HEAD(&s->ended, source, in_ended);
	if (source->report_at != CLOCK_NEVER)
		schedule(s, source, now);
}

void
sources_remove_ended(struct sources *s)
{
	while (!SLIST_EMPTY(&s->ended)) {
		struct source *source = SLIST_FIRST(&s->ended);

		SLIST_REMOVE_HEAD(&s->ended, in_ended);
		sources_remove(s, source);
	}
}

struct source *
sources_next_report(struct sources *s, int64_t now, bool all)
{
	struct source *source = TAILQ_FIRST(&s->reports);

	if (source == NULL || (!all && source->report_at > now))
		return NULL;
	unschedule(s, source);
	return source;
}

int64_t
sources_due(const struct sources *s)
{
	const struct source *source = TAILQ_FIRST(&s->reports);

	/* A source that has ended is removed immediately. */
	if (!SLIST_EMPTY(&s->ended))
		return 0;
	return source == NULL ? CLOCK_NEVER : source->report_at;
}
