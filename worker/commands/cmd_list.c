/*
 * cmd_list.c - LIST NLST MLSD MLST STAT (RFC 959 4.1.3, RFC 3659 7).
 *
 * Runs in: session; STAT without a path also in the greeter.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "worker/command.h"
#include "worker/exchange.h"
#include "worker/tree/listing.h"
#include "worker/tree/paths.h"
#include "worker/protect.h"
#include "worker/protect_data.h"
#include "worker/reply.h"

#include <sys/stat.h>

static struct listing_request
request_for(const struct session *s, enum listing_format format)
{
	return (struct listing_request){
		.format = format,
		.path = "",
		.gmt = s->settings->server.list_times == LIST_TIMES_GMT,
		.facts = s->choices.facts,
		.user = &s->fact_user,
		.names = s->names,
		.max_entries = s->limits->max_list_entries,
		.max_depth = s->limits->max_list_depth,
	};
}

static void
list_error(struct session *s, int error)
{
	if (error == -ENOTDIR)
		reply(s, 501, "Not a directory.");
	else
		reply_errno(s, -error);
}

/* NLST has no line of its own for what stayed out. */
static void
finish(struct session *s, const struct listing *listing)
{
	exchange_finish_with(s, listing_was_cut(listing)
		? "Transfer complete, but the listing was cut "
		  "(max_list_entries, max_list_depth)."
		: "Transfer complete.");
}

/* Open the listing first: a mistake needs no data connection. */
static void
send_listing(struct session *s, const struct listing_request *request)
{
	struct listing *listing;
	int r = listing_open(&listing, request);

	if (r < 0) {
		session_reset_transfer(s);
		list_error(s, r);
		return;
	}
	if (exchange_open(s)) {
		reply(s, 150, "Here comes the directory.");
		if (protect_data(s, false)) {
			transfer_send_text(&s->watch, &s->stream, listing_fill,
				listing, s->limits->data_timeout, &s->result);
			finish(s, listing);
		}
	}
	listing_close(listing);
}

static void
cmd_list(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_LONG);

	request.path = listing_options(argument, &request);
	send_listing(s, &request);
}

static void
cmd_nlst(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_NAMES);

	request.path = listing_options(argument, &request);
	request.format = LISTING_NAMES;
	send_listing(s, &request);
}

static void
cmd_mlsd(struct session *s, char *path)
{
	struct listing_request request = request_for(s, LISTING_FACTS);

	request.path = path;
	send_listing(s, &request);
}

/* One object's facts on the control connection. */
static void
cmd_mlst(struct session *s, char *path)
{
	char here[] = ".";
	char cwd[PATH_MAX];
	struct reply_lines r;
	struct stat st;
	BUFFER(facts, 500);
	BUFFER(absolute, 2 * PATH_MAX);

	if (path[0] == '\0')
		path = here;
	if (stat(path, &st) < 0 && lstat(path, &st) < 0) {
		reply_errno(s, errno);
		return;
	}
	if (paths_absolute(&absolute, paths_cwd(cwd, sizeof(cwd)), path) < 0) {
		reply_errno(s, ENAMETOOLONG);
		return;
	}
	facts_add(&facts, s->choices.facts, FACT_ENTRY, &st, NULL,
		&s->fact_user);
	reply_begin(&r, s, 250, "Listing %s", path);
	reply_line(&r, "%s%s", buffer_text(&facts), buffer_text(&absolute));
	reply_finish(&r, "End.");
}

static void
stat_tls(struct session *s, struct reply_lines *r)
{
	BUFFER(words, SESSION_TLS_WORDS);

	if (protect_is_on(s)) {
		protect_describe(&words, &s->tls);
		reply_line(r, "Under TLS: %s; PROT %c.", buffer_text(&words),
			s->choices.prot);
	}
	if (s->data_tls[0] != '\0')
		reply_line(r, "%s data connection: %s.",
			s->transferring ? "This" : "The last", s->data_tls);
}

static void
stat_server(struct session *s)
{
	char address[ADDRESS_TEXT_SIZE];
	struct reply_lines r;

	reply_begin(&r, s, 211, "Status:");
	reply_line(&r, "Connected from %s for %" PRId64 " seconds.",
		address_text(&s->client.peer, address),
		(clock_ms() - s->started) / 1000);
	if (s->identity != NULL)
		reply_line(&r, "Logged in as %s.", s->identity->user);
	else
		reply_line(&r, "Not logged in.");
	stat_tls(s, &r);
	reply_line(&r, "TYPE %s, MODE S, STRU F.",
		s->choices.type == 'A' ? "A" : "I");
	if (s->transferring)
		reply_line(&r, "%s is running: %" PRId64 " bytes so far.",
			s->command->verb, s->result.bytes);
	else
		reply_line(&r, "No transfer is running.");
	reply_finish(&r, "End.");
}

/* STAT with a path is LIST on the control connection. */
static void
stat_path(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_LONG);
	struct listing *listing;
	struct reply_lines r;
	char text[16384];
	size_t len;

	request.path = listing_options(argument, &request);
	int more = listing_open(&listing, &request);
	if (more < 0) {
		list_error(s, more);
		return;
	}
	reply_begin(&r, s, 213, "Status of %s:",
		request.path[0] != '\0' ? request.path : ".");
	do {
		len = 0;
		more = listing_fill(listing, text, sizeof(text), &len);
		reply_raw(&r, text, len);
	} while (more > 0 && !s->over);
	listing_close(listing);
	if (more < 0)
		reply_finish(&r, "Not all: %s.", reply_reason(-more));
	else
		reply_finish(&r, "End.");
}

static void
cmd_stat(struct session *s, char *argument)
{
	if (argument[0] == '\0')
		stat_server(s);
	else if (s->identity == NULL)
		reply(s, 530, "Please log in with USER and PASS.");
	else if (!session_may(s, 'l'))
		reply(s, 550, "Permission denied.");
	else
		stat_path(s, argument);
}

const struct command cmd_list_rows[] = {
	{ "LIST", COMMAND_AFTER_LOGIN, 'l', "[-altrSRd1] [<path>]", NULL,
		"lists a directory for people", cmd_list },
	{ "NLST", COMMAND_AFTER_LOGIN, 'l', "[<path>]", NULL,
		"lists names only", cmd_nlst },
	{ "MLSD", COMMAND_AFTER_LOGIN, 'l', "[<path>]", NULL,
		"lists a directory for programs", cmd_mlsd },
	{ "MLST", COMMAND_AFTER_LOGIN, 'l', "[<path>]", "MLST",
		"tells the facts of one file or directory", cmd_mlst },
	{ "STAT", COMMAND_ALWAYS | COMMAND_IN_TRANSFER | COMMAND_KEEPS_RESTART,
		0, "[<path>]", NULL, "tells how things stand", cmd_stat },
	{ .verb = NULL },
};
