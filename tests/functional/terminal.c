/*
 * terminal.c - a program on a pseudo-terminal, and what a VT100 would show.
 */
#include "common/base.h"
#include "tests/functional/terminal.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/network.h"
#include "tests/functional/server.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ESCAPE 27
#define WAIT_MS 10000

bool
terminal_prepare(void)
{
	struct stat st;

	if (stat("/dev/pts/ptmx", &st) == 0)
		return true;
	return (mkdir("/dev/pts", 0755) == 0 || errno == EEXIST) &&
		mount("devpts", "/dev/pts", "devpts", MS_NOSUID,
			"newinstance,ptmxmode=0600") == 0 &&
		(symlink("pts/ptmx", "/dev/ptmx") == 0 || errno == EEXIST);
}

/* The terminal belongs to root, which opens it. */
static void NORETURN
become_program(const char *name, const char *const *environment,
	const char *account, const char *const *argv)
{
	const struct account *a = account == NULL ? NULL :
		accounts_find(account);

	setsid();
	int fd = open(name, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) < 0)
		_exit(126);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	close_range(3, ~0U, 0);
	if (a != NULL && (initgroups(a->name, a->gid) != 0 ||
	    setgid(a->gid) != 0 || setuid(a->uid) != 0 ||
	    chdir(a->home) != 0))
		_exit(126);
	execve(argv[0], (char *const *)(uintptr_t)argv,
		(char *const *)(uintptr_t)environment);
	_exit(127);
}

static void
clear(struct terminal *t)
{
	for (int y = 0; y < TERMINAL_ROWS; y++) {
		memset(t->screen[y], ' ', TERMINAL_COLS);
		t->screen[y][TERMINAL_COLS] = '\0';
	}
}

void
terminal_resize(struct terminal *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	t->rows = rows;
	t->cols = cols;
	t->top = 0;
	t->bottom = rows - 1;
	clear(t);
	(void)ioctl(t->fd, TIOCSWINSZ, &size);
}

bool
terminal_start_as(struct terminal *t, int rows, int cols,
	const char *const *environment, const char *account,
	const char *const *argv)
{
	char name[64];

	memset(t, 0, sizeof(*t));
	t->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->fd < 0 || grantpt(t->fd) != 0 || unlockpt(t->fd) != 0 ||
		ptsname_r(t->fd, name, sizeof(name)) != 0)
		return false;
	terminal_resize(t, rows, cols);
	fflush(stdout);
	t->pid = fork();
	if (t->pid == 0)
		become_program(name, environment, account, argv);
	return t->pid > 0;
}

bool
terminal_start(struct terminal *t, int rows, int cols,
	const char *const *environment, const char *const *arguments)
{
	const char *argv[16] = { WORLD_CTL };

	for (size_t i = 0; arguments[i] != NULL && i < 14; i++)
		argv[i + 1] = arguments[i];
	return terminal_start_as(t, rows, cols, environment, NULL, argv);
}

/* --- the VT100 */

static int
parameter(const struct terminal *t, int which, int otherwise)
{
	const char *at = t->sequence + 1;
	int n = -1;

	for (; *at != '\0' && which >= 0; at++) {
		if (*at >= '0' && *at <= '9' && which == 0)
			n = (n < 0 ? 0 : n * 10) + (*at - '0');
		if (*at == ';')
			which--;
	}
	return n < 0 ? otherwise : n;
}

static void
erase(struct terminal *t, int y, int from, int to)
{
	for (int x = from; x < to && y >= 0 && y < TERMINAL_ROWS; x++)
		t->screen[y][x] = ' ';
}

static void
erase_line(struct terminal *t)
{
	int mode = parameter(t, 0, 0);

	erase(t, t->y, mode == 0 ? t->x : 0,
		mode == 1 ? t->x + 1 : TERMINAL_COLS);
}

static void
erase_screen(struct terminal *t)
{
	int mode = parameter(t, 0, 0);

	if (mode == 0)
		erase(t, t->y, t->x, TERMINAL_COLS);
	for (int y = mode == 2 ? 0 : t->y + 1; y < TERMINAL_ROWS; y++)
		erase(t, y, 0, TERMINAL_COLS);
}

/* The lines of the scrolling region, up or down by one. */
static void
scroll(struct terminal *t, bool up)
{
	size_t lines = (size_t)(t->bottom - t->top);

	if (t->top < 0 || t->bottom <= t->top || t->bottom >= TERMINAL_ROWS)
		return;
	if (up)
		memmove(t->screen[t->top], t->screen[t->top + 1],
			lines * sizeof(t->screen[0]));
	else
		memmove(t->screen[t->top + 1], t->screen[t->top],
			lines * sizeof(t->screen[0]));
	erase(t, up ? t->bottom : t->top, 0, TERMINAL_COLS);
}

static void
line_feed(struct terminal *t)
{
	if (t->y == t->bottom)
		scroll(t, true);
	else
		t->y++;
}

static void
reverse_line_feed(struct terminal *t)
{
	if (t->y == t->top)
		scroll(t, false);
	else
		t->y--;
}

static void
keep_inside(struct terminal *t)
{
	t->x = t->x < 0 ? 0 : t->x >= TERMINAL_COLS ? TERMINAL_COLS - 1 : t->x;
	t->y = t->y < 0 ? 0 : t->y >= TERMINAL_ROWS ? TERMINAL_ROWS - 1 : t->y;
}

/* ESC [ ... */
static void
control(struct terminal *t, char last)
{
	int n = parameter(t, 0, 1);

	switch (last) {
	case 'H':
		t->y = n - 1;
		t->x = parameter(t, 1, 1) - 1;
		break;
	case 'A':
		t->y -= n;
		break;
	case 'B':
		t->y += n;
		break;
	case 'C':
		t->x += n;
		break;
	case 'D':
		t->x -= n;
		break;
	case 'K':
		erase_line(t);
		break;
	case 'J':
		erase_screen(t);
		break;
	case 'm':
		for (int i = 0; i < 5; i++)
			t->colours |= parameter(t, i, 0) >= 30;
		break;
	case 'r':
		t->top = n - 1;
		t->bottom = parameter(t, 1, t->rows) - 1;
		t->x = t->y = 0;
		break;
	case 'h':
	case 'l':
		break;
	default:
		t->strange = true;
	}
	keep_inside(t);
}

/* True when the sequence is complete. */
static bool
sequence(struct terminal *t, char c)
{
	if (t->sequence_len + 1 >= sizeof(t->sequence)) {
		t->strange = true;
		return true;
	}
	t->sequence[t->sequence_len++] = c;
	t->sequence[t->sequence_len] = '\0';
	if (t->sequence[0] == '[') {
		if (t->sequence_len == 1 || c < '@')
			return false;
		control(t, c);
		return true;
	}
	if (t->sequence[0] == '(' || t->sequence[0] == ')')
		return t->sequence_len == 2;
	if (t->sequence[0] == 'M')
		reverse_line_feed(t);
	if (t->sequence[0] == '7') {
		t->saved_x = t->x;
		t->saved_y = t->y;
	}
	if (t->sequence[0] == '8') {
		t->x = t->saved_x;
		t->y = t->saved_y;
	}
	t->strange |= strchr("=>78M", t->sequence[0]) == NULL;
	return true;
}

static void
plain(struct terminal *t, char c)
{
	switch (c) {
	case '\r':
		t->x = 0;
		break;
	case '\n':
		line_feed(t);
		break;
	case '\b':
		t->x--;
		break;
	case '\t':
		t->x = t->x / 8 * 8 + 8;
		break;
	case '\016':
	case '\017':
		break;
	default:
		t->strange |= (c >= 0 && c < ' ') || c == 127;
		t->screen[t->y][t->x++] = c;
	}
	keep_inside(t);
}

static void
take(struct terminal *t, const char *data, size_t len)
{
	static const char none[1];

	for (size_t i = 0; i < len; i++) {
		if (t->sequence_len > 0 || t->sequence[0] == ESCAPE) {
			if (t->sequence[0] == ESCAPE)
				t->sequence[0] = none[0];
			if (sequence(t, data[i])) {
				t->sequence_len = 0;
				t->sequence[0] = '\0';
			}
		} else if (data[i] == ESCAPE) {
			t->sequence[0] = ESCAPE;
		} else {
			plain(t, data[i]);
		}
	}
}

static bool
pump(struct terminal *t, int64_t ms)
{
	char data[4096];

	if (!network_readable(t->fd, ms))
		return true;
	ssize_t n = read(t->fd, data, sizeof(data));
	if (n <= 0)
		return false;
	take(t, data, (size_t)n);
	return true;
}

int
terminal_find(const struct terminal *t, const char *text)
{
	for (int y = 0; y < t->rows; y++)
		if (strstr(t->screen[y], text) != NULL)
			return y;
	return -1;
}

static bool
wait_for(struct terminal *t, const char *text, bool wanted)
{
	int64_t deadline = clock_ms() + WAIT_MS;

	while ((terminal_find(t, text) >= 0) != wanted)
		if (!pump(t, 50) || clock_passed(deadline))
			return false;
	return true;
}

bool
terminal_shows(struct terminal *t, const char *text)
{
	return wait_for(t, text, true);
}

bool
terminal_shows_at(struct terminal *t, const char *text, int line)
{
	int64_t deadline = clock_ms() + WAIT_MS;

	while (terminal_find(t, text) != line)
		if (clock_passed(deadline) || !pump(t, 50))
			return false;
	return true;
}

bool
terminal_lacks(struct terminal *t, const char *text)
{
	return wait_for(t, text, false);
}

void
terminal_type(struct terminal *t, const char *keys)
{
	(void)!write(t->fd, keys, strlen(keys));
}

int
terminal_end(struct terminal *t)
{
	int64_t deadline = clock_ms() + WAIT_MS;
	int status = -1;

	while (pump(t, 50) && !clock_passed(deadline))
		;
	bool ended = server_wait(t->pid, WAIT_MS, &status);
	close(t->fd);
	return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
