/*
 * scoreboard.c - writes the scoreboard for sureftpctl.
 *
 * Runs in: master.  Never: waits; writes to anything but memory.
 */
#include "common/base.h"
#include "daemon/control/scoreboard.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/process/landlock.h"
#include "common/process/role_prepare.h"
#include "common/process/sandbox.h"
#include "common/settings/settings_radius.h"
#include "common/text.h"
#include "daemon/clients/clients.h"
#include "daemon/configuration.h"
#include "daemon/recorder/metrics.h"
#include "daemon/sessions/board.h"
#include "daemon/sessions/sessions.h"

#include <sys/mman.h>

#define AT_A_TIME 16	/* sessions written by one call */

/* In the order of a client's progress. */
static const enum slot_state shown[] = { SLOT_LOGIN, SLOT_SESSION };

static int
put(int fd, const void *data, size_t len)
{
	return io_write_all(fd, data, len, CLOCK_NEVER);
}

/* The words of the list whose bits are set, as far as they fit. */
static void
add_silent(struct buffer *b, const char *list, uint32_t silent)
{
	const char *word;
	size_t len;

	for (uint32_t bit = 1; (word = text_word(&list, &len)) != NULL;
	    bit <<= 1)
		if ((silent & bit) != 0 && len + 1 < buffer_room(b)) {
			if (b->len > 0)
				buffer_add_char(b, ' ');
			buffer_add(b, word, len);
		}
}

static int
put_head(int fd, const struct scoreboard_source *from)
{
	const struct server_settings *settings =
	    &from->configuration->settings->server;
	struct scoreboard s;
	struct buffer caps, silent;

	memset(&s, 0, sizeof(s));
	(void)!text_copy(s.version, sizeof(s.version), PACKAGE_VERSION);
	s.size = sizeof(struct scoreboard);
	s.listener_size = sizeof(struct scoreboard_listener);
	s.session_size = sizeof(struct scoreboard_session);
	s.listeners = (uint32_t)from->listeners->count;
	s.sessions = (uint32_t)sessions_clients(from->sessions);
	s.pid = getpid();
	s.started_ns = from->started_wall_ns;
	s.age_ms = clock_ms() - from->started;
	s.spares = (uint32_t)sessions_in(from->sessions, SLOT_SPARE);
	s.logging_in = (uint32_t)sessions_in(from->sessions, SLOT_LOGIN);
	s.logged_in = (uint32_t)sessions_in(from->sessions, SLOT_SESSION);
	s.refusing = (uint32_t)sessions_in(from->sessions, SLOT_REFUSED);
	s.max_workers = settings->max_workers;
	s.max_clients = settings->max_clients;
	s.log_level = settings->level;
	s.draining = from->clients != NULL && clients_draining(from->clients);
	(void)!text_copy(s.file, sizeof(s.file),
		from->file != NULL ? from->file : "");
	s.tls = tls_server_on(from->configuration->tls);
	s.seccomp = sandbox_available();
	s.landlock = (uint8_t)landlock_version();
	buffer_init(&caps, s.missing_caps, sizeof(s.missing_caps));
	role_add_missing_caps(&caps);
	buffer_init(&silent, s.radius_silent, sizeof(s.radius_silent));
	if (settings_radius_used(settings)) {
		add_silent(&silent, settings->servers,
			from->metrics->radius_silent);
		add_silent(&silent, settings->accounting_servers,
			from->metrics->radius_accounting_silent);
	}
	return put(fd, &s, sizeof(s));
}

static int
put_listeners(int fd, const struct scoreboard_source *from)
{
	const struct listener_settings *settings =
	    from->configuration->settings->listeners;

	for (size_t i = 0; i < from->listeners->count; i++) {
		const struct listener *listener = &from->listeners->list[i];
		struct scoreboard_listener l;

		memset(&l, 0, sizeof(l));
		listener_text(listener, l.text);
		l.tls = settings[listener->index].tls;
		l.open = listener->fd >= 0;
		int error = put(fd, &l, sizeof(l));
		if (error < 0)
			return error;
	}
	return 0;
}

static void
describe_page(struct scoreboard_session *s, const struct page_report *r,
	int64_t now)
{
	s->known = true;
	s->doing = (uint8_t)r->state;
	s->doing_ms = now - r->since;
	s->moved = r->moved;
	s->offset = r->offset;
	s->size = r->size;
	s->down = page_down(r);
	s->up = page_up(r);
	s->files_down = r->files_down;
	s->files_up = r->files_up;
	s->commands = r->commands;
	memcpy(s->verb, r->verb, sizeof(s->verb));
	memcpy(s->path, r->path, sizeof(s->path));
}

static void
describe(struct scoreboard_session *s, const struct board *board,
	const struct slot *slot, int64_t now)
{
	struct page_report report UNINITIALIZED;

	memset(s, 0, sizeof(*s));
	s->session = slot->session;
	s->age_ms = now - slot->started;
	s->peer = slot->peer;
	s->monitor = slot->pid;
	if (slot->state != SLOT_SESSION)
		return;
	s->logged_in = true;
	s->tls = slot->tls;
	(void)!text_copy(s->account, sizeof(s->account), slot->account);
	(void)!text_copy(s->user, sizeof(s->user), slot->user);
	s->download_rate = slot->ordered.download_rate;
	s->upload_rate = slot->ordered.upload_rate;
	if (board_report(board, slot->place, &report, now))
		describe_page(s, &report, now);
}

static int
put_sessions(int fd, const struct scoreboard_source *from,
	enum slot_state state)
{
	struct scoreboard_session some[AT_A_TIME];
	const struct slot *slot = NULL;
	int64_t now = clock_ms();
	size_t n = 0;

	while ((slot = sessions_next(from->sessions, state, slot))) {
		describe(&some[n++], from->board, slot, now);
		if (n < AT_A_TIME)
			continue;
		int error = put(fd, some, sizeof(some));
		if (error < 0)
			return error;
		n = 0;
	}
	return put(fd, some, n * sizeof(some[0]));
}

static int
fill(int fd, const struct scoreboard_source *from)
{
	int error = put_head(fd, from);

	if (error == 0)
		error = put_listeners(fd, from);
	for (size_t i = 0; i < ARRAY_SIZE(shown) && error == 0; i++)
		error = put_sessions(fd, from, shown[i]);
	return error;
}

int
scoreboard_make(const struct scoreboard_source *from)
{
	int fd = memfd_create("scoreboard", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : io_seal(fd, fill(fd, from));
}
