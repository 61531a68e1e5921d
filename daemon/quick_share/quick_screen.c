/*
 * quick_screen.c - the running transfers, on a terminal.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_screen.h"

#include "common/clock.h"
#include "common/text.h"
#include "daemon/control/ctl_table.h"
#include "daemon/control/ctl_who.h"

#include <sys/ioctl.h>

#define ROWS_MAX  10
#define BAR_WIDTH 28
#define COLUMNS	  80

void
quick_screen_open(struct quick_screen *s, const char *shared)
{
	const char *type = getenv("TERM");

	*s = (struct quick_screen){ .list.sort = TOP_BY_NUMBER };
	s->on = isatty(STDOUT_FILENO) && type != NULL && *type != '\0' &&
		strcmp(type, "dumb") != 0;
	(void)!text_copy(s->shared, sizeof(s->shared), shared);
}

int
quick_screen_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
		? size.ws_col : COLUMNS;
}

int
quick_screen_update(struct quick_screen *s, struct ctl_board *board)
{
	quick_screen_hide(s);
	int error = top_list_take(&s->list, board, clock_ms());
	if (error == 0)
		quick_screen_show(s);
	return error;
}

void
quick_screen_hide(struct quick_screen *s)
{
	if (s->lines > 0)
		printf("\033[%dA\033[J", s->lines);
	s->lines = 0;
}

/* The path of a transfer, below the shared directory. */
static const char *
below(const struct quick_screen *s, const char *path)
{
	size_t len = strlen(s->shared);

	if (strncmp(path, s->shared, len) != 0 || path[len] != '/')
		return path;
	return path + len + 1;
}

/* A line that is longer than the terminal would move all others. */
static void
print_line(struct quick_screen *s, const struct buffer *line)
{
	size_t width = (size_t)quick_screen_columns() - 1;
	size_t len = line->len < width ? line->len : width;

	/* Not within a character. */
	while (len > 0 && len < line->len &&
	    ((unsigned char)line->data[len] & 0xc0) == 0x80)
		len--;
	fwrite(line->data, 1, len, stdout);
	putchar('\n');
	s->lines++;
}

static void
add_rate(struct buffer *b, const struct top_row *row)
{
	BUFFER(rate, 32);
	BUFFER(left, 32);
	int64_t seconds = top_list_left(row);

	ctl_table_bytes(&rate, (int64_t)row->rate);
	if (seconds >= 0)
		ctl_table_duration(&left, seconds * 1000);
	buffer_addf(b, " %6s/s %6s", buffer_text(&rate), buffer_text(&left));
}

static void
show_transfer(struct quick_screen *s, const struct top_row *row)
{
	const struct scoreboard_session *session = row->session;
	const char *path = below(s, session->path);
	char address[ADDRESS_TEXT_SIZE];
	BUFFER(progress, 64);
	BUFFER(line, 8192);

	top_list_add_progress(&progress, row, BAR_WIDTH);
	buffer_addf(&line, "%-15s %s %-28s",
		address_text(&session->peer, address),
		session->doing == PAGE_UPLOAD ? "<-" : "->",
		buffer_text(&progress));
	add_rate(&line, row);
	buffer_add_text(&line, "  ");
	text_escape(&line, path, strlen(path));
	print_line(s, &line);
}

static void
add_count(struct buffer *b, uint32_t count, const char *what)
{
	buffer_addf(b, "%s%" PRIu32 " %s%s", b->len > 0 ? ", " : "", count,
		what, count == 1 ? "" : "s");
}

static void
show_summary(struct quick_screen *s, size_t more)
{
	const struct top_list *l = &s->list;
	BUFFER(line, 256);

	add_count(&line, l->board.head.sessions, "client");
	add_count(&line, l->downloads, "download");
	add_count(&line, l->uploads, "upload");
	if (more > 0)
		buffer_addf(&line, ", %zu not shown", more);
	print_line(s, &line);
}

void
quick_screen_show(struct quick_screen *s)
{
	size_t shown = 0, more = 0;

	if (!s->on)
		return;
	for (size_t i = 0; i < s->list.count; i++) {
		const struct top_row *row = s->list.shown[i];
		bool transfer = row->session->doing == PAGE_DOWNLOAD ||
			row->session->doing == PAGE_UPLOAD;
		if (!transfer || !row->session->known)
			continue;
		if (shown < ROWS_MAX)
			show_transfer(s, row);
		more += shown++ >= ROWS_MAX;
	}
	show_summary(s, more);
	(void)!fflush(stdout);
}

void
quick_screen_close(struct quick_screen *s)
{
	quick_screen_hide(s);
	top_list_clear(&s->list);
}
