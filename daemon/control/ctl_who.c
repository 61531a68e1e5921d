/*
 * ctl_who.c - sureftpctl who: one line per session.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_who.h"

#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_table.h"

#include <sysexits.h>

/* What a session does, from its page, which is untrusted. */
static const char *
activity_of(const struct scoreboard_session *s)
{
	static const char *const names[PAGE_STATES] = {
		[PAGE_NONE] = "idle",
		[PAGE_IDLE] = "idle",
		[PAGE_COMMAND] = "command",
		[PAGE_DOWNLOAD] = "download",
		[PAGE_UPLOAD] = "upload",
		[PAGE_LISTING] = "listing",
	};

	if (!s->known || s->doing >= PAGE_STATES)
		return "unknown";
	return names[s->doing];
}

static const char *
state_name(const struct scoreboard_session *s)
{
	return s->logged_in ? "session" : "login";
}

static void
add_address(struct ctl_row *row, const struct address *a)
{
	char text[ADDRESS_TEXT_SIZE];

	address_text(a, text);
	ctl_table_addf(row, address_family(a) == AF_INET6 ? "[%s]:%u" : "%s:%u",
		text, address_port(a));
}

bool
ctl_who_busy(const struct scoreboard_session *s)
{
	return s->known && s->doing >= PAGE_COMMAND && s->doing < PAGE_STATES;
}

int
ctl_who_percent(const struct scoreboard_session *s)
{
	if (!ctl_who_busy(s) || s->doing == PAGE_COMMAND || s->size <= 0)
		return -1;
	double part = (double)(s->offset + s->moved) / (double)s->size;
	return part >= 1 ? 100 : (int)(100 * part);
}

/* "-" means unknown or none. */
static void
add_tls(struct ctl_row *row, const struct scoreboard_session *s, bool wide)
{
	const struct tls_summary *tls = &s->tls;
	bool on = s->logged_in && tls->version[0] != '\0';

	if (s->logged_in && !on)
		ctl_table_text(row, "none");
	else
		ctl_table_text(row, on ? tls->version : "-");
	if (!wide)
		return;
	ctl_table_text(row, on ? tls->cipher : "-");
	ctl_table_text(row, !on ? "-" : tls->resumed ? "yes" : "no");
}

static void
add_account(struct ctl_row *row, const struct scoreboard_session *s)
{
	if (!s->logged_in)
		ctl_table_text(row, "-");
	else if (s->user[0] == '\0')
		ctl_table_text(row, s->account);
	else
		ctl_table_text(row, s->user);
}

static void
add_bytes(struct ctl_row *row, const struct scoreboard_session *s,
	int64_t bytes)
{
	BUFFER(text, 32);

	ctl_table_bytes(&text, bytes);
	ctl_table_text(row, s->known ? buffer_text(&text) : "-");
}

/* The state and its duration. */
static void
add_activity(struct ctl_row *row, const struct scoreboard_session *s)
{
	BUFFER(age, 32);

	ctl_table_duration(&age, s->doing_ms);
	ctl_table_text(row, s->known ? buffer_text(&age) : "-");
	add_bytes(row, s, s->down);
	add_bytes(row, s, s->up);
	BUFFER(text, CTL_TABLE_CELL);
	int percent = ctl_who_percent(s);
	if (ctl_who_busy(s))
		buffer_add_text(&text, s->verb);
	if (s->path[0] != '\0' && ctl_who_busy(s))
		buffer_addf(&text, " %s", s->path);
	if (percent >= 0)
		buffer_addf(&text, " %d%%", percent);
	ctl_table_text(row, text.len > 0 ? buffer_text(&text) : "-");
}

static void
make_row(struct ctl_row *row, const struct scoreboard_session *s, bool wide)
{
	BUFFER(age, 32);

	row->count = 0;
	ctl_table_duration(&age, s->age_ms);
	ctl_table_addf(row, "%" PRIu64, s->session);
	ctl_table_text(row, s->logged_in ? activity_of(s) : "login");
	add_account(row, s);
	add_address(row, &s->peer);
	ctl_table_text(row, buffer_text(&age));
	add_tls(row, s, wide);
	if (wide)
		ctl_table_addf(row, "%" PRId32, s->monitor);
	add_activity(row, s);
}

static void
make_heading(struct ctl_row *row, bool wide)
{
	static const char *const names[] = { "SESSION", "STATE", "ACCOUNT",
		"CLIENT", "SINCE", "TLS", "CIPHER", "RESUMED", "MONITOR", "FOR",
		"DOWN", "UP", "COMMAND" };

	row->count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (wide || i < 6 || i > 8)
			ctl_table_text(row, names[i]);
}

static void
show_table(const struct ctl_board *b, FILE *out, bool wide)
{
	struct ctl_table table = { 0 };
	struct ctl_row row;

	if (b->head.sessions == 0) {
		fputs("No sessions.\n", out);
		return;
	}
	make_heading(&row, wide);
	ctl_table_measure(&table, &row);
	for (size_t i = 0; i < b->head.sessions; i++) {
		make_row(&row, &b->sessions[i], wide);
		ctl_table_measure(&table, &row);
	}
	make_heading(&row, wide);
	ctl_table_print(&table, &row, out);
	for (size_t i = 0; i < b->head.sessions; i++) {
		make_row(&row, &b->sessions[i], wide);
		ctl_table_print(&table, &row, out);
	}
}

static void
show_tls(struct ctl_json *j, const struct tls_summary *tls)
{
	if (tls->version[0] == '\0') {
		ctl_json_null(j, "tls");
		return;
	}
	ctl_json_open(j, "tls", '{');
	ctl_json_text(j, "version", tls->version);
	ctl_json_text(j, "cipher", tls->cipher);
	ctl_json_bool(j, "resumed", tls->resumed);
	ctl_json_close(j, '}');
}

static void
show_activity(struct ctl_json *j, const struct scoreboard_session *s)
{
	ctl_json_text(j, "activity", activity_of(s));
	if (!s->known)
		return;
	ctl_json_number(j, "activity_seconds", s->doing_ms / 1000);
	ctl_json_text(j, "verb", s->verb);
	ctl_json_text(j, "path", s->path);
	ctl_json_number(j, "offset", s->offset);
	ctl_json_number(j, "moved", s->moved);
	if (s->size == PAGE_SIZE_UNKNOWN)
		ctl_json_null(j, "size");
	else
		ctl_json_number(j, "size", s->size);
	ctl_json_number(j, "down", s->down);
	ctl_json_number(j, "up", s->up);
	ctl_json_number(j, "files_down", s->files_down);
	ctl_json_number(j, "files_up", s->files_up);
	ctl_json_number(j, "commands", s->commands);
	ctl_json_number(j, "download_rate", s->download_rate);
	ctl_json_number(j, "upload_rate", s->upload_rate);
}

static void
show_object(const struct scoreboard_session *s, FILE *out)
{
	char address[ADDRESS_TEXT_SIZE];
	struct ctl_json j;

	ctl_json_begin(&j, out);
	ctl_json_number(&j, "session", (int64_t)s->session);
	ctl_json_text(&j, "state", state_name(s));
	ctl_json_text(&j, "address", address_text(&s->peer, address));
	ctl_json_number(&j, "port", address_port(&s->peer));
	ctl_json_number(&j, "seconds", s->age_ms / 1000);
	ctl_json_number(&j, "monitor", s->monitor);
	if (s->logged_in) {
		ctl_json_text(&j, "account", s->user);
		ctl_json_text(&j, "account_key", s->account);
		show_tls(&j, &s->tls);
		show_activity(&j, s);
	}
	ctl_json_end(&j);
}

void
ctl_who_show(const struct ctl *c, const struct ctl_board *b)
{
	if (!c->json) {
		show_table(b, c->out, (c->options & CTL_WIDE) != 0);
		return;
	}
	for (size_t i = 0; i < b->head.sessions; i++)
		show_object(&b->sessions[i], c->out);
}

static int
run(const struct ctl *c)
{
	return ctl_board_show(c, ctl_who_show);
}

const struct ctl_command ctl_who = {
	.name = "who", .description = "list the sessions",
	.options = CTL_JSON | CTL_WIDE, .run = run,
};
