/*
 * rates.c - the limits that sessions share.
 *
 * Runs in: master.  Never: trusts a report page beyond what its session may
 * have transferred.
 */
#include "common/base.h"
#include "daemon/rates/rates.h"

#include "common/clock.h"
#include "common/text.h"
#include "daemon/master_memory.h"
#include "daemon/rates/rate_pool.h"

#define BUSY_MS	100	/* between rounds while a session transfers data */
#define IDLE_MS 200	/* while none does */

struct rates {
	struct board *board;
	const struct settings *settings;
	struct rate_pools pools;
	uint64_t round;
	int64_t last, next;		/* rounds */
	LIST_HEAD(, rate_member) members;	/* of this round */
	struct share *shares;		/* room for so many: */
	size_t room;
};

struct rates *
rates_new(struct board *board)
{
	struct rates *r = master_memory_new(sizeof(*r));

	if (r == NULL)
		return NULL;
	r->board = board;
	r->next = CLOCK_NEVER;
	return r;
}

void
rates_free(struct rates *r)
{
	if (r == NULL)
		return;
	rate_pools_clear(&r->pools);
	free(r->shares);
	master_memory_free(r);
}

/* Rounds are needed only while at least two sessions share a limit. */
static void
plan(struct rates *r, int64_t now)
{
	if (!rate_pools_shared(&r->pools))
		r->next = CLOCK_NEVER;
	else if (r->next == CLOCK_NEVER)
		r->last = r->next = now;
}

/* --- orders */

static int64_t
stricter(int64_t a, int64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* Changes of less than a hundredth are not sent. */
static bool
is_news(int64_t old, int64_t new)
{
	return (old == 0) != (new == 0) || new > old + old / 100 ||
	    new < old - old / 100;
}

static void
order(const struct rates *r, struct rate_member *m)
{
	struct page_order o = board_order(r->board, m->place);
	int64_t rate[RATE_DIRECTIONS];

	for (int d = 0; d < RATE_DIRECTIONS; d++) {
		int64_t shared = m->rate[d] == SHARE_UNLIMITED ? 0 :
			m->rate[d];
		rate[d] = stricter(m->own[d], shared);
		m->share[d].rate = rate[d] == 0 ? SHARE_UNLIMITED : rate[d];
	}
	if (!is_news(o.download_rate, rate[RATE_DOWN]) &&
	    !is_news(o.upload_rate, rate[RATE_UP]))
		return;
	o.download_rate = rate[RATE_DOWN];
	o.upload_rate = rate[RATE_UP];
	board_set_order(r->board, m->place, &o);
}

/* --- rounds */

static void
note(struct rate_member *m, int direction, bool active, int64_t moved)
{
	struct share *s = &m->share[direction];

	s->used = moved > m->moved[direction] ? moved - m->moved[direction] :
		0;
	m->moved[direction] = moved;
	s->fresh = active && !s->active;
	s->active = active || s->used > 0;
}

static void
read_page(struct rates *r, struct rate_member *m, int64_t now)
{
	struct page_report p;

	if (m->round == r->round)
		return;
	m->round = r->round;
	m->rate[RATE_DOWN] = m->rate[RATE_UP] = SHARE_UNLIMITED;
	LIST_INSERT_HEAD(&r->members, m, in_round);
	if (!board_report(r->board, m->place, &p, now))
		return;
	note(m, RATE_DOWN, p.state == PAGE_DOWNLOAD || p.state == PAGE_LISTING,
		p.limited_down);
	note(m, RATE_UP, p.state == PAGE_UPLOAD, p.limited_up);
}

static bool
make_room(struct rates *r, size_t n)
{
	if (n <= r->room)
		return true;
	struct share *more = reallocarray(r->shares, n, 2 * sizeof(*more));
	if (more == NULL)
		return false;
	r->shares = more;
	r->room = 2 * n;
	return true;
}

static void
share_pool(struct rates *r, struct rate_pool *p, int direction, int64_t ms)
{
	struct rate_membership *at;
	size_t n = 0;

	if (p->part[direction].limit == 0 || !make_room(r, p->count))
		return;
	LIST_FOREACH(at, &p->members, in_pool)
		r->shares[n++] = at->member->share[direction];
	share_out(&p->part[direction], r->shares, n, ms);
	n = 0;
	LIST_FOREACH(at, &p->members, in_pool) {
		int64_t *rate = &at->member->rate[direction];
		int64_t share = r->shares[n++].rate;
		if (share < *rate)
			*rate = share;
	}
}

static bool
is_busy(const struct rate_member *m)
{
	return m->share[RATE_DOWN].active || m->share[RATE_UP].active;
}

void
rates_step(struct rates *r, int64_t now)
{
	struct rate_pool *p;
	struct rate_membership *at;
	struct rate_member *m;
	bool busy = false;
	int64_t ms = now - r->last;

	if (now < r->next)
		return;
	r->round++;
	LIST_INIT(&r->members);
	LIST_FOREACH(p, &r->pools.limited, in_limited)
		LIST_FOREACH(at, &p->members, in_pool)
			read_page(r, at->member, now);
	LIST_FOREACH(p, &r->pools.limited, in_limited)
		for (int d = 0; d < RATE_DIRECTIONS; d++)
			share_pool(r, p, d, ms > 0 ? ms : 1);
	LIST_FOREACH(m, &r->members, in_round) {
		order(r, m);
		busy = busy || is_busy(m);
	}
	r->last = now;
	r->next = now + (busy ? BUSY_MS : IDLE_MS);
}

int64_t
rates_due(const struct rates *r)
{
	return r->next;
}

/* --- members */

/* The rate until the next round: an equal share among all members of its
 * pools. */
static void
first_order(const struct rates *r, struct rate_member *m)
{
	m->rate[RATE_DOWN] = m->rate[RATE_UP] = SHARE_UNLIMITED;
	for (enum rate_scope scope = 0; scope < RATE_SCOPES; scope++) {
		const struct rate_pool *p = m->of[scope].pool;

		for (int d = 0; p != NULL && d < RATE_DIRECTIONS; d++) {
			int64_t limit = p->part[d].limit;
			int64_t share = limit / (int64_t)p->count;
			if (limit > 0 && share < m->rate[d])
				m->rate[d] = share > 0 ? share : 1;
		}
	}
	order(r, m);
}

void
rates_leave(struct rates *r, struct rate_member *m)
{
	if (m == NULL)
		return;
	for (enum rate_scope scope = 0; scope < RATE_SCOPES; scope++) {
		const struct rate_pool *p = rate_pool_leave(m, scope);

		/* The last session gets the whole limit, without rounds. */
		if (p != NULL && p->limited && p->count == 1)
			first_order(r, LIST_FIRST(&p->members)->member);
	}
	master_memory_free(m);
	plan(r, clock_ms());
}

/* The limits in the settings of listener and server.  An administrator's change
 * lasts as long as its pool has sessions, or until a reload. */
static struct rate_limits
limits_of(const struct rates *r, enum rate_scope scope, const char *name)
{
	const struct server_settings *s = &r->settings->server;
	const struct listener_settings *l = scope == RATE_LISTENER ?
		settings_listener(r->settings, name) : NULL;

	if (scope == RATE_SERVER)
		return (struct rate_limits){ s->max_server_download_rate,
			s->max_server_upload_rate };
	if (l == NULL)
		return (struct rate_limits){ 0, 0 };
	return (struct rate_limits){ l->max_download_rate,
		l->max_upload_rate };
}

static int
enter_by_settings(struct rates *r, struct rate_member *m,
	enum rate_scope scope, const char *name)
{
	const struct rate_pool *p = rate_pool_find(&r->pools, scope, name);
	struct rate_limits limits = limits_of(r, scope, name);

	if (p != NULL)
		limits = (struct rate_limits){ p->part[RATE_DOWN].limit,
			p->part[RATE_UP].limit };
	return rate_pool_enter(&r->pools, m, scope, name, &limits);
}

struct rate_member *
rates_join(struct rates *r, size_t place, const struct message_login *login,
	const char *listener)
{
	const struct session_limits *l = &login->limits;
	struct rate_member *m = master_memory_new(sizeof(*m));

	if (m == NULL)
		return NULL;
	m->place = place;
	m->own[RATE_DOWN] = l->download;
	m->own[RATE_UP] = l->upload;
	int error = rate_pool_enter(&r->pools, m, RATE_USER, login->account,
		&(struct rate_limits){ l->user_download, l->user_upload });
	if (error == 0 && l->group[0] != '\0')
		error = rate_pool_enter(&r->pools, m, RATE_GROUP, l->group,
			&(struct rate_limits){ l->group_download,
			l->group_upload });
	if (error == 0)
		error = enter_by_settings(r, m, RATE_LISTENER, listener);
	if (error == 0)
		error = enter_by_settings(r, m, RATE_SERVER, "");
	if (error < 0) {
		rates_leave(r, m);
		return NULL;
	}
	first_order(r, m);
	plan(r, clock_ms());
	return m;
}

/* --- changes */

static void
change_pool(struct rates *r, struct rate_pool *p, struct rate_limits limits)
{
	struct rate_membership *at;

	rate_pool_limit(&r->pools, p, limits);
	LIST_FOREACH(at, &p->members, in_pool)
		first_order(r, at->member);
	plan(r, clock_ms());
}

void
rates_change(struct rates *r, const struct settings *settings)
{
	r->settings = settings;
	for (size_t i = 0; i < RATE_BUCKETS; i++) {
		struct rate_pool *p;

		LIST_FOREACH(p, &r->pools.buckets[i], in_bucket)
			if (p->scope >= RATE_LISTENER)
				change_pool(r, p, limits_of(r, p->scope,
					p->name));
	}
}

struct rate_limits
rates_of_session(const struct rate_member *m)
{
	return (struct rate_limits){ m->own[RATE_DOWN], m->own[RATE_UP] };
}

struct rate_limits
rates_of_pool(const struct rate_member *m, enum rate_scope scope)
{
	const struct rate_pool *p = m->of[scope].pool;

	if (p == NULL)
		return (struct rate_limits){ 0, 0 };
	return (struct rate_limits){ p->part[RATE_DOWN].limit,
		p->part[RATE_UP].limit };
}

void
rates_set_session(struct rates *r, struct rate_member *m,
	struct rate_limits limits)
{
	m->own[RATE_DOWN] = limits.download;
	m->own[RATE_UP] = limits.upload;
	order(r, m);
}

int
rates_set(struct rates *r, enum rate_scope scope, const char *name,
	struct rate_limits limits)
{
	struct rate_pool *p = rate_pool_find(&r->pools, scope, name);

	if (p == NULL)
		return -ENOENT;
	change_pool(r, p, limits);
	return 0;
}

void
rates_save(const struct rate_member *m, struct session_limits *limits)
{
	struct rate_limits own = rates_of_session(m);
	struct rate_limits user = rates_of_pool(m, RATE_USER);
	struct rate_limits group = rates_of_pool(m, RATE_GROUP);

	limits->download = own.download;
	limits->upload = own.upload;
	limits->user_download = user.download;
	limits->user_upload = user.upload;
	limits->group_download = group.download;
	limits->group_upload = group.upload;
	if (m->of[RATE_GROUP].pool != NULL)
		(void)!text_copy(limits->group, sizeof(limits->group),
			m->of[RATE_GROUP].pool->name);
}

void
rates_continue(const struct rates *r, struct rate_member *m)
{
	struct page_report p;

	if (!board_report(r->board, m->place, &p, clock_ms()))
		return;
	m->moved[RATE_DOWN] = p.limited_down;
	m->moved[RATE_UP] = p.limited_up;
}
