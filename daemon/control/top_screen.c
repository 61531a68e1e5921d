/*
 * top_screen.c - shows sureftpctl top on the terminal.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/top_screen.h"

#include "common/clock.h"
#include "common/text.h"
#include "daemon/control/ctl_table.h"
#include "daemon/control/ctl_who.h"

#include <curses.h>
#include <locale.h>
#include <wchar.h>

#define HEAD_LINES  4	/* above the sessions */
#define LINE_MAX_   1024
#define BAR_MIN     17
#define BAR_MAX     27
#define ESCAPE	    27
#define DELETE	    127

enum { COLOUR_DOWN = 1, COLOUR_UP, COLOUR_HEAD };

static SCREEN *screen;
static bool coloured;

/* NO_COLOR counts with any value except an empty one. */
static bool
wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return no == NULL || *no == '\0';
}

bool
top_screen_open(void)
{
	(void)setlocale(LC_CTYPE, "");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return false;
	screen = newterm(NULL, stdout, stdin);
	if (screen == NULL)
		return false;
	set_term(screen);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	set_escdelay(50);
	(void)curs_set(0);
	coloured = wants_colours() && has_colors() && start_color() == OK;
	if (coloured) {
		(void)use_default_colors();
		init_pair(COLOUR_DOWN, COLOR_GREEN, -1);
		init_pair(COLOUR_UP, COLOR_CYAN, -1);
		init_pair(COLOUR_HEAD, COLOR_YELLOW, -1);
	}
	return true;
}

void
top_screen_close(void)
{
	if (screen == NULL)
		return;
	(void)curs_set(1);
	endwin();
	delscreen(screen);
	screen = NULL;
}

size_t
top_screen_rows(void)
{
	return LINES > HEAD_LINES ? (size_t)(LINES - HEAD_LINES) : 0;
}

/* --- lines */

/* Print text at the start of a line, at most as wide as the screen; what the
 * terminal's locale has no characters for becomes '?'. */
static void
put_line(int y, const char *text)
{
	wchar_t out[LINE_MAX_];
	mbstate_t state = { 0 };
	size_t n = 0;
	int width = 0;

	while (*text != '\0' && n + 1 < LINE_MAX_) {
		wchar_t c;
		size_t len = mbrtowc(&c, text, strlen(text), &state);
		if (len == 0 || len > strlen(text) || wcwidth(c) < 0) {
			state = (mbstate_t){ 0 };
			c = L'?';
			len = 1;
		}
		width += wcwidth(c);
		if (width > COLS)
			break;
		out[n++] = c;
		text += len;
	}
	out[n] = L'\0';
	mvaddwstr(y, 0, out);
}

/* Append the text, escaped and filled up to so many columns, and a blank; what
 * is longer is cut off. */
static void
add_cell(struct buffer *b, const char *text, size_t width)
{
	BUFFER(escaped, CTL_TABLE_CELL);
	size_t columns = 0;
	const char *at;

	text_escape(&escaped, text, strlen(text));
	for (at = buffer_text(&escaped); *at != '\0' && columns < width;
	     columns++) {
		size_t len = text_utf8(at, strlen(at));
		buffer_add(b, at, len == 0 ? 1 : len);
		at += len == 0 ? 1 : len;
	}
	for (; columns <= width; columns++)
		buffer_add_char(b, ' ');
}

static size_t
bar_width(void)
{
	int spare = COLS - 100;

	return spare <= 0 ? BAR_MIN : spare > BAR_MAX - BAR_MIN ? BAR_MAX :
	    (size_t)(BAR_MIN + spare);
}

/* A compromised session may report any rate. */
static int64_t
whole(double rate)
{
	return rate > 9e18 ? INT64_MAX : (int64_t)rate;
}

static void
add_rate(struct buffer *b, double rate)
{
	BUFFER(text, 32);

	if (rate > 0) {
		ctl_table_bytes(&text, whole(rate));
		buffer_add_text(&text, "/s");
	}
	add_cell(b, buffer_text(&text), 8);
}

static void
add_command(struct buffer *b, const struct scoreboard_session *s)
{
	BUFFER(text, CTL_TABLE_CELL);

	if (!s->logged_in)
		buffer_add_text(&text, "login");
	else if (ctl_who_busy(s))
		buffer_addf(&text, "%s %s", s->verb, s->path);
	else
		buffer_add_text(&text, s->known ? "idle" : "unknown");
	add_cell(b, buffer_text(&text), (size_t)COLS);
}

static void
add_left(struct buffer *b, const struct top_row *row)
{
	BUFFER(text, 32);
	int64_t left = top_list_left(row);

	if (left >= 0)
		ctl_table_duration(&text, left * 1000);
	add_cell(b, buffer_text(&text), 6);
}

static void
draw_row(int y, const struct top_row *row, bool selected)
{
	const struct scoreboard_session *s = row->session;
	char address[ADDRESS_TEXT_SIZE], number[32];
	int colour = s->doing == PAGE_DOWNLOAD ? COLOUR_DOWN :
		s->doing == PAGE_UPLOAD ? COLOUR_UP : 0;
	BUFFER(line, 4 * CTL_TABLE_CELL);
	BUFFER(age, 32);
	BUFFER(bar, 64);

	snprintf(number, sizeof(number), "%" PRIu64, s->session);
	ctl_table_duration(&age, s->known ? s->doing_ms : s->age_ms);
	top_list_add_progress(&bar, row, bar_width());
	add_cell(&line, number, 7);
	add_cell(&line, !s->logged_in ? "-" : s->user[0] != '\0' ? s->user :
		s->account, 12);
	add_cell(&line, address_text(&s->peer, address), 16);
	add_cell(&line, buffer_text(&age), 6);
	add_rate(&line, row->rate);
	add_cell(&line, buffer_text(&bar), bar_width());
	add_left(&line, row);
	add_command(&line, s);
	attr_t look = selected ? A_REVERSE : coloured && colour != 0 &&
		ctl_who_busy(s) ? COLOR_PAIR(colour) : A_NORMAL;
	attron(look);
	put_line(y, buffer_text(&line));
	attroff(look);
}

static void
draw_heading(void)
{
	BUFFER(line, 1024);
	attr_t look = A_BOLD | (coloured ? COLOR_PAIR(COLOUR_HEAD) : 0);

	add_cell(&line, "SESSION", 7);
	add_cell(&line, "ACCOUNT", 12);
	add_cell(&line, "CLIENT", 16);
	add_cell(&line, "FOR", 6);
	add_cell(&line, "RATE", 8);
	add_cell(&line, "PROGRESS", bar_width());
	add_cell(&line, "ETA", 6);
	add_cell(&line, "COMMAND", 7);
	attron(look);
	put_line(HEAD_LINES - 1, buffer_text(&line));
	attroff(look);
}

static void
draw_summary(const struct top_list *l)
{
	const struct scoreboard *head = &l->board.head;
	BUFFER(line, LINE_MAX_);
	BUFFER(age, 32);
	BUFFER(down, 32);
	BUFFER(up, 32);

	ctl_table_duration(&age, head->age_ms);
	buffer_addf(&line, "sureftpd %s, up %s, %" PRIu32 " sessions, %" PRIu32
		" downloads, %" PRIu32 " uploads%s", PACKAGE_VERSION,
		buffer_text(&age), head->logging_in + head->logged_in,
		l->downloads, l->uploads,
		head->draining ? ", draining" : "");
	put_line(0, buffer_text(&line));
	ctl_table_bytes(&down, whole(l->down));
	ctl_table_bytes(&up, whole(l->up));
	buffer_clear(&line);
	buffer_addf(&line, "down %s/s  up %s/s  sorted by %s",
		buffer_text(&down), buffer_text(&up),
		top_list_sort_name(l->sort));
	if (l->filter[0] != '\0') {
		buffer_add_text(&line, "  filter: ");
		text_escape(&line, l->filter, strlen(l->filter));
	}
	put_line(1, buffer_text(&line));
}

static void
put_text(const char *text)
{
	BUFFER(escaped, LINE_MAX_);

	text_escape(&escaped, text, strlen(text));
	move(2, 0);
	clrtoeol();
	put_line(2, buffer_text(&escaped));
}

void
top_screen_draw(const struct top_list *l, size_t selected, const char *line)
{
	size_t rows = top_screen_rows();
	size_t first = rows > 0 && selected >= rows ? selected - rows + 1 : 0;

	erase();
	draw_summary(l);
	put_text(line);
	draw_heading();
	for (size_t i = 0; i < rows && first + i < l->count; i++)
		draw_row(HEAD_LINES + (int)i, l->shown[first + i],
			first + i == selected);
	refresh();
}

/* --- keys */

enum top_key
top_screen_key(int64_t ms)
{
	static const struct {
		int key;
		enum top_key meaning;
	} keys[] = {
		{ KEY_RESIZE, TOP_KEY_RESIZE }, { 'q', TOP_KEY_QUIT },
		{ KEY_UP, TOP_KEY_UP }, { KEY_DOWN, TOP_KEY_DOWN },
		{ KEY_PPAGE, TOP_KEY_PAGE_UP },
		{ KEY_NPAGE, TOP_KEY_PAGE_DOWN },
		{ 's', TOP_KEY_SORT }, { '/', TOP_KEY_FILTER },
		{ 'f', TOP_KEY_FILTER }, { 'k', TOP_KEY_KICK },
		{ 'l', TOP_KEY_LIMIT }, { 'b', TOP_KEY_BAN },
	};

	timeout(ms < 0 ? 0 : ms > 60000 ? 60000 : (int)ms);
	int key = getch();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].key == key)
			return keys[i].meaning;
	return TOP_KEY_NONE;
}

static void
show_question(const char *question, const char *text)
{
	BUFFER(line, LINE_MAX_);

	buffer_addf(&line, "%s %s", question, text);
	put_text(buffer_text(&line));
	refresh();
}

bool
top_screen_ask(const char *question, char *text, size_t size)
{
	size_t len = strlen(text);

	timeout(-1);
	for (;;) {
		show_question(question, text);
		int key = getch();
		if (key == '\r' || key == '\n' || key == KEY_ENTER)
			return true;
		if (key == ESCAPE || key == ERR)
			return false;
		if ((key == KEY_BACKSPACE || key == '\b' || key == DELETE) &&
		    len > 0)
			text[--len] = '\0';
		else if (key >= ' ' && key < DELETE && len + 1 < size) {
			text[len++] = (char)key;
			text[len] = '\0';
		}
	}
}

bool
top_screen_confirm(const char *question)
{
	timeout(-1);
	show_question(question, "(y/n)");
	return getch() == 'y';
}
