/*
 * who.c - writes the list of sessions for SITE WHO.
 *
 * Runs in: master.  Never: waits; writes to anything but memory.
 */
#include "common/base.h"
#include "daemon/sessions/who.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"

#include <sys/mman.h>

/* Never filled. */
#define LINE (MESSAGE_USER_SIZE + ADDRESS_TEXT_SIZE + PAGE_VERB_SIZE + \
	PAGE_PATH_SIZE + 64)

/* What comes from a session may contain anything. */
static void
add_text(struct buffer *b, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		buffer_add_char(b, c < ' ' || c == 0x7f ? '?' : *text);
	}
}

static void
add_activity(struct buffer *b, const struct page_report *r)
{
	buffer_add_char(b, ' ');
	add_text(b, r->state == PAGE_IDLE ? "idle" : r->verb);
	if (r->state == PAGE_IDLE || r->path[0] == '\0')
		return;
	buffer_add_char(b, ' ');
	add_text(b, r->path);
}

static int
put_line(int fd, const struct slot *slot, const struct board *board,
	int64_t now)
{
	struct page_report report UNINITIALIZED;
	char peer[ADDRESS_TEXT_SIZE];
	BUFFER(line, LINE);

	add_text(&line, slot->user);
	buffer_addf(&line, " %s %" PRId64, address_text(&slot->peer, peer),
		(now - slot->started) / 1000);
	if (board_report(board, slot->place, &report, now))
		add_activity(&line, &report);
	buffer_add_char(&line, '\n');
	return io_write_all(fd, line.data, line.len, CLOCK_NEVER);
}

static int
fill(int fd, const struct sessions *sessions, const struct board *board)
{
	const struct slot *slot = NULL;
	int64_t now = clock_ms();
	int error = 0;

	while (error == 0 &&
	    (slot = sessions_next(sessions, SLOT_SESSION, slot)) != NULL)
		error = put_line(fd, slot, board, now);
	return error;
}

int
who_make(const struct sessions *sessions, const struct board *board)
{
	int fd = memfd_create("who", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : io_seal(fd, fill(fd, sessions, board));
}
