/*
 * top_list.c - the contents of sureftpctl top.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/top_list.h"

#include "daemon/control/ctl_table.h"
#include "daemon/control/ctl_who.h"

#define SMOOTH 0.5	/* weight of the newest rate */

static const char *
name_of(const struct scoreboard_session *s)
{
	return s->user[0] != '\0' ? s->user : s->account;
}

/* --- rates */

static double
per_second(int64_t before, int64_t now, int64_t ms)
{
	if (ms <= 0 || now <= before)
		return 0;
	return (double)(now - before) * 1000 / (double)ms;
}

/* The row of this number in a list that is sorted by it. */
static const struct top_row *
find_before(const struct top_row *rows, size_t count, uint64_t number)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (rows[middle].session->session < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && rows[low].session->session == number ?
		&rows[low] : NULL;
}

static void
measure(struct top_list *l, struct top_row *row, const struct top_row *before,
	int64_t ms)
{
	const struct scoreboard_session *s = row->session;
	double down, up;

	/* Counts of a compromised session may decrease. */
	if (before == NULL || !s->known || !before->session->known)
		return;
	down = per_second(before->session->down, s->down, ms);
	up = per_second(before->session->up, s->up, ms);
	row->rate = before->rate > 0 ?
		SMOOTH * (down + up) + (1 - SMOOTH) * before->rate : down + up;
	/* Less than a byte per second counts as 0. */
	if (down + up <= 0 && row->rate < 1)
		row->rate = 0;
	l->down += down;
	l->up += up;
}

static void
count(struct top_list *l, const struct scoreboard_session *s)
{
	if (!ctl_who_busy(s))
		return;
	l->downloads += s->doing == PAGE_DOWNLOAD;
	l->uploads += s->doing == PAGE_UPLOAD;
}

int
top_list_take(struct top_list *l, struct ctl_board *board, int64_t now)
{
	struct top_list old = *l;
	size_t n = board->head.sessions;

	l->board = *board;
	l->rows = calloc(n + 1, sizeof(*l->rows));
	l->shown = calloc(n + 1, sizeof(*l->shown));
	l->count = 0;
	l->down = l->up = 0;
	l->downloads = l->uploads = 0;
	l->taken = now;
	bool failed = l->rows == NULL || l->shown == NULL;
	for (size_t i = 0; i < n && !failed; i++) {
		l->rows[i].session = &l->board.sessions[i];
		count(l, l->rows[i].session);
		measure(l, &l->rows[i], find_before(old.rows,
			old.rows == NULL ? 0 : old.board.head.sessions,
			l->rows[i].session->session), now - old.taken);
	}
	ctl_board_clear(&old.board);
	free(old.rows);
	free(old.shown);
	if (failed)
		return -ENOMEM;
	top_list_arrange(l);
	return 0;
}

void
top_list_clear(struct top_list *l)
{
	ctl_board_clear(&l->board);
	free(l->rows);
	free(l->shown);
	*l = (struct top_list){ .sort = l->sort };
}

/* --- filter and order */

static bool
matches(const struct top_list *l, const struct scoreboard_session *s)
{
	char address[ADDRESS_TEXT_SIZE];

	return l->filter[0] == '\0' ||
	    strstr(name_of(s), l->filter) != NULL ||
	    strstr(address_text(&s->peer, address), l->filter) != NULL ||
	    (ctl_who_busy(s) && strstr(s->path, l->filter) != NULL);
}

static int
by_number(const void *a, const void *b)
{
	const struct top_row *const *x = a, *const *y = b;
	uint64_t m = (*x)->session->session, n = (*y)->session->session;

	return (m > n) - (m < n);
}

static int
by_rate(const void *a, const void *b)
{
	const struct top_row *const *x = a, *const *y = b;
	double m = (*x)->rate, n = (*y)->rate;

	return m > n ? -1 : m < n ? 1 : by_number(a, b);
}

static int
by_user(const void *a, const void *b)
{
	const struct top_row *const *x = a, *const *y = b;
	int order = strcmp(name_of((*x)->session), name_of((*y)->session));

	return order != 0 ? order : by_number(a, b);
}

static int
by_address(const void *a, const void *b)
{
	const struct top_row *const *x = a, *const *y = b;
	struct address_prefix m = address_prefix(&(*x)->session->peer);
	struct address_prefix n = address_prefix(&(*y)->session->peer);
	int order = memcmp(m.bytes, n.bytes, sizeof(m.bytes));

	return order != 0 ? order : by_number(a, b);
}

static int
by_time(const void *a, const void *b)
{
	const struct top_row *const *x = a, *const *y = b;
	int64_t m = (*x)->session->doing_ms, n = (*y)->session->doing_ms;

	return m > n ? -1 : m < n ? 1 : by_number(a, b);
}

static const struct {
	const char *name;
	int (*compare)(const void *a, const void *b);
} sorts[TOP_SORTS] = {
	[TOP_BY_RATE] = { "rate", by_rate },
	[TOP_BY_NUMBER] = { "session", by_number },
	[TOP_BY_USER] = { "account", by_user },
	[TOP_BY_ADDRESS] = { "client", by_address },
	[TOP_BY_TIME] = { "time", by_time },
};

const char *
top_list_sort_name(enum top_sort sort)
{
	return sorts[sort].name;
}

void
top_list_arrange(struct top_list *l)
{
	l->count = 0;
	for (size_t i = 0; i < l->board.head.sessions; i++)
		if (matches(l, l->rows[i].session))
			l->shown[l->count++] = &l->rows[i];
	qsort(l->shown, l->count, sizeof(*l->shown),
		sorts[l->sort].compare);
}

size_t
top_list_find(const struct top_list *l, uint64_t number)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->shown[i]->session->session == number)
			return i;
	return 0;
}

/* --- progress */

int64_t
top_list_left(const struct top_row *row)
{
	const struct scoreboard_session *s = row->session;
	double left = (double)s->size - (double)s->offset - (double)s->moved;

	if (ctl_who_percent(s) < 0 || row->rate <= 0)
		return -1;
	if (left <= 0)
		return 0;
	return left / row->rate > 1e9 ? -1 : (int64_t)(left / row->rate) + 1;
}

void
top_list_add_progress(struct buffer *b, const struct top_row *row, size_t width)
{
	const struct scoreboard_session *s = row->session;
	int percent = ctl_who_percent(s);
	size_t cells = width - 7;

	if (percent < 0) {
		if (ctl_who_busy(s) && s->doing != PAGE_COMMAND)
			ctl_table_bytes(b, s->moved);
		return;
	}
	buffer_add_char(b, '[');
	for (size_t i = 0; i < cells; i++)
		buffer_add_char(b, i * 100 < (size_t)percent * cells ?
			'#' : '.');
	buffer_addf(b, "] %3d%%", percent);
}
