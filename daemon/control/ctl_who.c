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

/* "-" means unknown or none. */
static void
add_tls(struct ctl_row *row, const struct scoreboard_session *s)
{
	const struct tls_summary *tls = &s->tls;
	bool on = s->logged_in && tls->version[0] != '\0';

	if (s->logged_in && !on)
		ctl_table_text(row, "none");
	else
		ctl_table_text(row, on ? tls->version : "-");
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
make_row(struct ctl_row *row, const struct scoreboard_session *s)
{
	BUFFER(age, 32);

	row->count = 0;
	ctl_table_duration(&age, s->age_ms);
	ctl_table_addf(row, "%" PRIu64, s->session);
	ctl_table_text(row, state_name(s));
	add_account(row, s);
	add_address(row, &s->peer);
	ctl_table_text(row, buffer_text(&age));
	add_tls(row, s);
	ctl_table_addf(row, "%" PRId32, s->monitor);
}

static void
make_heading(struct ctl_row *row)
{
	static const char *const names[] = { "SESSION", "STATE", "ACCOUNT",
		"CLIENT", "SINCE", "TLS", "CIPHER", "RESUMED", "MONITOR" };

	row->count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ctl_table_text(row, names[i]);
}

static void
show_table(const struct ctl_board *b, FILE *out)
{
	struct ctl_table table = { 0 };
	struct ctl_row row;

	if (b->head.sessions == 0) {
		fputs("No sessions.\n", out);
		return;
	}
	make_heading(&row);
	ctl_table_measure(&table, &row);
	for (size_t i = 0; i < b->head.sessions; i++) {
		make_row(&row, &b->sessions[i]);
		ctl_table_measure(&table, &row);
	}
	make_heading(&row);
	ctl_table_print(&table, &row, out);
	for (size_t i = 0; i < b->head.sessions; i++) {
		make_row(&row, &b->sessions[i]);
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
	}
	ctl_json_end(&j);
}

void
ctl_who_show(const struct ctl *c, const struct ctl_board *b)
{
	if (!c->json) {
		show_table(b, c->out);
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
	"who", "list the sessions", NULL, run,
};
