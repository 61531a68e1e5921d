/*
 * ctl_status.c - sureftpctl status: the server as a whole.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_status.h"

#include "common/log/log_context.h"
#include "common/text.h"
#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_table.h"

#include <sysexits.h>

#define VERSIONS 4	/* TLS versions: two, and false reports of a worker */

struct tls_count {
	const char *version;
	uint32_t sessions;
};

struct tls_counts {
	struct tls_count list[VERSIONS];
	size_t count;
	uint32_t cleartext;
	uint32_t others;	/* versions that do not fit in the list */
};

static void
count_version(struct tls_counts *t, const char *version)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->list[i].version, version) == 0) {
			t->list[i].sessions++;
			return;
		}
	if (t->count == VERSIONS) {
		t->others++;
		return;
	}
	t->list[t->count].version = version;
	t->list[t->count++].sessions = 1;
}

static int
by_version(const void *a, const void *b)
{
	const struct tls_count *x = a, *y = b;

	return strcmp(x->version, y->version);
}

static void
count_tls(struct tls_counts *t, const struct ctl_board *b)
{
	*t = (struct tls_counts){ 0 };
	for (size_t i = 0; i < b->head.sessions; i++) {
		const struct scoreboard_session *s = &b->sessions[i];

		if (!s->logged_in)
			continue;
		if (s->tls.version[0] == '\0')
			t->cleartext++;
		else
			count_version(t, s->tls.version);
	}
	qsort(t->list, t->count, sizeof(t->list[0]), by_version);
}

static const char *
tls_name(int32_t tls)
{
	return tls == TLS_EXPLICIT ? "explicit" :
	    tls == TLS_IMPLICIT ? "implicit" : "off";
}

/* Local time for the table; RFC 3339 in UTC for programs. */
static void
add_time(struct buffer *b, int64_t wall_ns, bool local)
{
	time_t seconds = (time_t)(wall_ns / 1000000000);
	char text[64] = "";
	struct tm tm;

	if (local && localtime_r(&seconds, &tm) != NULL)
		(void)!strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z",
			&tm);
	else if (!local && gmtime_r(&seconds, &tm) != NULL)
		(void)!strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buffer_add_text(b, text);
}

static const char *
level_name(const struct scoreboard *s)
{
	return s->log_level < LOG_LEVEL_ERROR || s->log_level > LOG_LEVEL_DEBUG
		? "unknown" : log_level_name((enum log_level)s->log_level);
}

static void
show_server(const struct scoreboard *s, FILE *out)
{
	BUFFER(since, 64);
	BUFFER(age, 32);

	add_time(&since, s->started_ns, true);
	ctl_table_duration(&age, s->age_ms);
	/* The server has our version; others have been refused. */
	fprintf(out, "server        sureftpd %s, pid %" PRId32 "\n",
		s->version, s->pid);
	fprintf(out, "up since      %s (%s)\n", buffer_text(&since),
		buffer_text(&age));
	BUFFER(file, 4 * sizeof(s->file));
	text_escape(&file, s->file, strlen(s->file));
	fprintf(out, "configuration %s\n", buffer_text(&file));
	fprintf(out, "log level     %s\n", level_name(s));
	if (s->draining)
		fputs("draining      new clients are refused (sureftpctl "
			"resume ends this)\n", out);
}

static void
show_listeners(const struct ctl_board *b, FILE *out)
{
	for (size_t i = 0; i < b->head.listeners; i++) {
		const struct scoreboard_listener *l = &b->listeners[i];
		BUFFER(text, 4 * LISTENER_TEXT_SIZE);

		text_escape(&text, l->text, strlen(l->text));
		fprintf(out, "%s     %s, TLS %s%s\n",
			i == 0 ? "listening" : "         ", buffer_text(&text),
			b->head.tls ? tls_name(l->tls) : "off",
			l->open ? "" : " (could not be opened)");
	}
}

static void
show_counts(const struct scoreboard *s, FILE *out)
{
	fprintf(out, "workers       %" PRIu32 " idle, %" PRIu32 " logging in, %"
		PRIu32 " in session, %" PRIu32 " refusing (max %" PRId64 ")\n",
		s->spares, s->logging_in, s->logged_in, s->refusing,
		s->max_workers);
	fprintf(out, "clients       %" PRIu32 " ",
		s->logging_in + s->logged_in);
	if (s->max_clients > 0)
		fprintf(out, "(max %" PRId64 ")\n", s->max_clients);
	else
		fputs("(limited by max_workers)\n", out);
}

static void
show_tls(const struct ctl_board *b, FILE *out)
{
	struct tls_counts t;

	count_tls(&t, b);
	fprintf(out, "TLS           %s; sessions: %" PRIu32 " cleartext",
		b->head.tls ? "on" : "off (no certificate)", t.cleartext);
	for (size_t i = 0; i < t.count; i++) {
		BUFFER(version, 64);
		text_escape(&version, t.list[i].version,
			strlen(t.list[i].version));
		fprintf(out, ", %" PRIu32 " %s", t.list[i].sessions,
			buffer_text(&version));
	}
	if (t.others > 0)
		fprintf(out, ", %" PRIu32 " other", t.others);
	putc('\n', out);
}

static void
show_radius(const struct scoreboard *s, FILE *out)
{
	BUFFER(silent, 4 * sizeof(s->radius_silent));

	text_escape(&silent, s->radius_silent, strlen(s->radius_silent));
	if (silent.len > 0)
		fprintf(out, "RADIUS        no answer from %s\n",
			buffer_text(&silent));
}

static void
show_privileges(const struct scoreboard *s, FILE *out)
{
	BUFFER(caps, 4 * sizeof(s->missing_caps));

	text_escape(&caps, s->missing_caps, strlen(s->missing_caps));
	fprintf(out, "sandbox       %s\n", s->seccomp ?
		"system call filters (seccomp)" :
		"none (this kernel has no seccomp)");
	if (s->landlock > 0)
		fprintf(out, "landlock      version %u\n", s->landlock);
	else
		fputs("landlock      none (this kernel has none, or only "
			"version 1)\n", out);
	if (caps.len > 0)
		fprintf(out, "capabilities  missing %s (not granted by the "
			"container or service manager)\n",
			buffer_text(&caps));
	else
		fputs("capabilities  all available\n", out);
}

static void
list_listeners(struct ctl_json *j, const struct ctl_board *b)
{
	ctl_json_open(j, "listeners", '[');
	for (size_t i = 0; i < b->head.listeners; i++) {
		const struct scoreboard_listener *l = &b->listeners[i];

		ctl_json_open(j, NULL, '{');
		ctl_json_text(j, "listener", l->text);
		ctl_json_text(j, "tls", b->head.tls ? tls_name(l->tls) : "off");
		ctl_json_bool(j, "open", l->open);
		ctl_json_close(j, '}');
	}
	ctl_json_close(j, ']');
}

static void
list_tls(struct ctl_json *j, const struct ctl_board *b)
{
	struct tls_counts t;

	count_tls(&t, b);
	ctl_json_bool(j, "tls", b->head.tls);
	ctl_json_number(j, "cleartext_sessions", t.cleartext);
	ctl_json_open(j, "tls_sessions", '{');
	for (size_t i = 0; i < t.count; i++)
		ctl_json_number(j, t.list[i].version, t.list[i].sessions);
	if (t.others > 0)
		ctl_json_number(j, "other", t.others);
	ctl_json_close(j, '}');
}

static void
list_words(struct ctl_json *j, const char *key, const char *words)
{
	const char *word;
	size_t len;

	ctl_json_open(j, key, '[');
	while ((word = text_word(&words, &len)) != NULL) {
		BUFFER(name, 1024);
		buffer_add(&name, word, len);
		ctl_json_text(j, NULL, buffer_text(&name));
	}
	ctl_json_close(j, ']');
}

static void
list_privileges(struct ctl_json *j, const struct scoreboard *s)
{
	ctl_json_bool(j, "seccomp", s->seccomp);
	ctl_json_number(j, "landlock", s->landlock);
	list_words(j, "missing_capabilities", s->missing_caps);
}

static void
show_object(const struct ctl_board *b, FILE *out)
{
	const struct scoreboard *s = &b->head;
	BUFFER(since, 64);
	struct ctl_json j;

	add_time(&since, s->started_ns, false);
	ctl_json_begin(&j, out);
	ctl_json_text(&j, "version", s->version);
	ctl_json_number(&j, "pid", s->pid);
	ctl_json_text(&j, "since", buffer_text(&since));
	ctl_json_number(&j, "seconds", s->age_ms / 1000);
	ctl_json_text(&j, "configuration", s->file);
	ctl_json_text(&j, "log_level", level_name(s));
	ctl_json_bool(&j, "draining", s->draining);
	list_listeners(&j, b);
	ctl_json_number(&j, "idle", s->spares);
	ctl_json_number(&j, "logging_in", s->logging_in);
	ctl_json_number(&j, "sessions", s->logged_in);
	ctl_json_number(&j, "refusing", s->refusing);
	ctl_json_number(&j, "max_workers", s->max_workers);
	ctl_json_number(&j, "max_clients", s->max_clients);
	list_tls(&j, b);
	list_privileges(&j, s);
	list_words(&j, "radius_without_answer", s->radius_silent);
	ctl_json_end(&j);
}

void
ctl_status_show(const struct ctl *c, const struct ctl_board *b)
{
	if (c->json) {
		show_object(b, c->out);
		return;
	}
	show_server(&b->head, c->out);
	show_listeners(b, c->out);
	show_counts(&b->head, c->out);
	show_tls(b, c->out);
	show_radius(&b->head, c->out);
	show_privileges(&b->head, c->out);
}

static int
run(const struct ctl *c)
{
	return ctl_board_show(c, ctl_status_show);
}

const struct ctl_command ctl_status = {
	.name = "status", .description = "show the server's status",
	.options = CTL_JSON, .run = run,
};
