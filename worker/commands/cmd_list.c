/*
 * cmd_list.c - LIST NLST MLSD MLST STAT (RFC 959 4.1.3, RFC 3659 7).
 *
 * Runs in: session; STAT without a path also in the greeter.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "worker/command.h"
#include "worker/reason.h"
#include "worker/show.h"
#include "worker/tls_control.h"
#include "worker/transfer/data_transfer.h"
#include "worker/transfer/tls_data.h"
#include "worker/tree/listing.h"
#include "worker/tree/more_facts.h"

static struct listing_request
request_for(struct session *s, enum listing_format format)
{
	return (struct listing_request){
		.format = format,
		.path = "",
		.by_name = s->limits->list_sort == LIST_SORT_NAME,
		.gmt = s->settings->server.list_times == LIST_TIMES_GMT,
		.facts = s->choices.facts & session_facts(s),
		.links = s->limits->list_links == LIST_LINKS_LINK,
		.owners = s->limits->list_owners,
		.tree = &s->tree,
		.names = s->names,
		.max_entries = s->limits->max_list_entries,
		.max_depth = s->limits->max_list_depth,
	};
}

/* RFC 3659 7.2.1 defines 501 for MLSD. */
static void
list_error(struct session *s, enum listing_format format, int error)
{
	if (error == -ENOTDIR && format == LISTING_FACTS)
		reply(&s->reply, 501, "Not a directory.");
	else
		reply_errno(&s->reply, -error);
}

/* What send_text() gets. */
struct source {
	struct listing *listing;
	const struct charset *charset;
};

static int
fill(void *context, char *text, size_t size, size_t *len)
{
	const struct source *source = context;
	int more = listing_fill(source->listing, text, size, len);

	if (source->charset != NULL && more >= 0)
		*len = charset_encode(source->charset, text, *len);
	return more;
}

static void
send_open_listing(struct session *s, struct listing *listing,
	const char *path)
{
	struct source source = { listing, s->reply.charset };
	struct data_transfer t;

	if (!data_transfer_open(s, &t, DOWNLOAD) ||
		!data_transfer_announce(s, &t, "Sending directory listing.") ||
		!tls_data_handshake(s, &t))
		return;
	show_transfer(PAGE_LISTING, path, 0, PAGE_SIZE_UNKNOWN);
	send_text(&s->watch, &t.stream, fill, &source,
		s->limits->data_timeout, &t.result);
	/* NLST has no line that reports a truncation. */
	data_transfer_finish_with(s, &t, listing_was_cut(listing)
		? "Transfer complete, but the listing was truncated "
		  "(max_list_entries, max_list_depth)."
		: "Transfer complete.");
}

/* Open the listing first, because an error needs no data connection. */
static void
send_listing(struct session *s, const struct listing_request *request)
{
	struct listing *listing;
	int error = listing_open(&listing, request);

	if (error < 0) {
		list_error(s, request->format, error);
		return;
	}
	send_open_listing(s, listing, request->path);
	listing_close(listing);
}

static void
cmd_list(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_LONG);

	request.path = listing_request_options(argument, &request);
	send_listing(s, &request);
}

static void
cmd_nlst(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_NAMES);

	request.path = listing_request_options(argument, &request);
	send_listing(s, &request);
}

static void
cmd_mlsd(struct session *s, char *path)
{
	struct listing_request request = request_for(s, LISTING_FACTS);

	request.path = path;
	send_listing(s, &request);
}

/* The facts of one file or directory, on the control connection. */
static void
cmd_mlst(struct session *s, char *path)
{
	struct reply_lines l;
	struct stat st, dir;
	struct facts facts = {
		.chosen = s->choices.facts & session_facts(s) };
	char target[PATH_MAX] UNINITIALIZED;
	struct timespec created;
	BUFFER(text, PATH_MAX + 1000);
	BUFFER(absolute, 2 * PATH_MAX);
	const char *name = path[0] != '\0' ? path : ".";
	struct fact_user user;
	int error = tree_look_up(&s->tree, name, &st, &user, &dir, &absolute);

	if (error < 0) {
		reply_errno(&s->reply, -error);
		return;
	}
	if (dir.st_mode != 0)
		facts.dir = &dir;
	if (s->limits->list_links == LIST_LINKS_LINK &&
		more_facts_target_of(&s->tree, name, &st, target))
		facts.link = target;
	if ((facts.chosen & FACT_CREATE) &&
		more_facts_created_of(&s->tree, name, &st, &created))
		facts.created = &created;
	facts_add(&facts, &text, FACT_ENTRY, &st, &user);
	reply_begin(&l, &s->reply, 250, "Listing %s", name);
	reply_line(&l, "%s%s", buffer_text(&text), buffer_text(&absolute));
	reply_finish(&l, "End");
}

static void
stat_tls(struct session *s, struct reply_lines *l)
{
	BUFFER(words, SESSION_TLS_WORDS);

	if (s->tls.on) {
		tls_control_describe(&words, &s->tls);
		reply_line(l, "Control connection: %s. PROT %c.",
			buffer_text(&words), s->choices.prot);
	}
	if (s->data_tls[0] != '\0')
		reply_line(l, "%s data connection: %s.",
			s->transfer != NULL ? "Current" : "Last", s->data_tls);
}

static void
cmd_stat(struct session *s, char *none UNUSED)
{
	char address[ADDRESS_TEXT_SIZE];
	struct reply_lines l;

	reply_begin(&l, &s->reply, 211, "Session status:");
	reply_line(&l, "Connected from %s for %" PRId64 " seconds.",
		address_text(&s->client.peer, address),
		(clock_ms() - s->started) / 1000);
	if (s->identity != NULL)
		reply_line(&l, "Logged in as %s.", s->identity->user);
	else
		reply_line(&l, "Not logged in.");
	stat_tls(s, &l);
	reply_line(&l, "TYPE %c, MODE %c, STRU F.", s->choices.type,
		s->choices.mode);
	if (s->transfer != NULL)
		reply_line(&l, "%s in progress: %" PRId64 " bytes so far.",
			s->command->verb, s->transfer->result.bytes);
	else
		reply_line(&l, "No transfer in progress.");
	reply_finish(&l, "End");
}

/* STAT with a path: LIST on the control connection. */
static void
cmd_stat_path(struct session *s, char *argument)
{
	struct listing_request request = request_for(s, LISTING_LONG);
	struct listing *listing;
	struct reply_lines l;
	char text[16384];
	size_t len;

	request.path = listing_request_options(argument, &request);
	int more = listing_open(&listing, &request);
	if (more < 0) {
		list_error(s, request.format, more);
		return;
	}
	reply_begin(&l, &s->reply, 213, "Status of %s:",
		request.path[0] != '\0' ? request.path : ".");
	do {
		len = 0;
		more = listing_fill(listing, text, sizeof(text), &len);
		reply_listing(&l, text, len);
	} while (more > 0 && !s->reply.lost);
	listing_close(listing);
	if (more < 0)
		reply_finish(&l, "Incomplete: %s.", reason_text(-more));
	else
		reply_finish(&l, "End");
}

const struct command cmd_list_rows[] = {
	{ "LIST", COMMAND_AFTER_LOGIN, PERMISSION_list,
		"[-aAdFlnrRSt1] [<path>]", NULL,
		"lists a directory in the format of ls -l", cmd_list },
	{ "NLST", COMMAND_AFTER_LOGIN, PERMISSION_list, "[<path>]", NULL,
		"lists the names in a directory", cmd_nlst },
	{ "MLSD", COMMAND_AFTER_LOGIN, PERMISSION_list, "[<path>]", NULL,
		"lists a directory in machine-readable form", cmd_mlsd },
	{ "MLST", COMMAND_AFTER_LOGIN, PERMISSION_list, "[<path>]", "MLST",
		"shows the facts of one file or directory", cmd_mlst },
	{ "STAT", COMMAND_AFTER_LOGIN | COMMAND_IF_ARGUMENT, PERMISSION_list,
		"<path>", NULL, "lists a directory on the control connection",
		cmd_stat_path },
	{ "STAT", COMMAND_ALWAYS | COMMAND_MID_TRANSFER | COMMAND_KEEPS_RESTART,
		0, "", NULL, "shows the session status", cmd_stat },
	{ .verb = NULL },
};
