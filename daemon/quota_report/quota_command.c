/*
 * quota_command.c - sureftpd --quota.
 *
 * Runs in: sureftpd --quota, as root; serves no client.
 */
#include "common/base.h"
#include "daemon/quota_report/quota_command.h"

#include "common/log/log.h"
#include "common/text.h"
#include "daemon/quota_report/quota_print.h"

#include <sysexits.h>

struct command {
	const struct settings *settings;
	const struct quota_request *request;
	struct quota_account account;
	FILE *out;
};

static int
fail(int status, const char *what, const char *why)
{
	BUFFER(escaped, 4 * PATH_MAX);

	text_escape(&escaped, what, strlen(what));
	fprintf(stderr, "sureftpd: %s%s%s\n", buffer_text(&escaped),
		*why != '\0' ? ": " : "", why);
	return status;
}

static void
fill_line(struct quota_line *l, const struct quota_account *a)
{
	*l = (struct quota_line){ .limits = a->limits,
		.engine = a->settings.quota_engine };
	memcpy(l->name, a->identity.user, sizeof(l->name));
	quota_state_read(a, &l->state);
}

/* --- show */

static int
show(struct command *c)
{
	static struct quota_line line;

	fill_line(&line, &c->account);
	if (c->request->json)
		quota_print_json(&line, c->account.place.root,
			c->account.place.file, c->out);
	else
		quota_print_details(&c->account, &line.state, c->out);
	return EX_OK;
}

/* --- report */

/* False when out of memory. */
static bool
report_one(struct command *c, const char *name, struct quota_line ***at)
{
	struct quota_account *a = &c->account;
	bool found = quota_account_find_limited(c->settings, name, a);
	struct quota_line *l = found ? malloc(sizeof(*l)) : NULL;

	if (l != NULL) {
		fill_line(l, a);
		**at = l;
		*at = &l->next;
		if (c->request->json)
			quota_print_json(l, a->place.root, a->place.file,
				c->out);
	}
	quota_account_clear(a);
	return !found || l != NULL;
}

static int
report(struct command *c)
{
	struct quota_line *lines = NULL, **at = &lines;
	struct name_list names;
	int error = quota_names_find(c->settings, &names);

	for (size_t i = 0; error == 0 && i < names.count; i++)
		if (!report_one(c, names.names[i], &at))
			error = -ENOMEM;
	name_list_free(&names);
	if (error == 0 && !c->request->json)
		quota_print_table(lines, c->out);
	while (lines != NULL) {
		struct quota_line *next = lines->next;
		free(lines);
		lines = next;
	}
	return error == 0 ? EX_OK : fail(EX_OSERR, "cannot list the accounts",
		log_errno(error));
}

/* --- scan, set */

static int
store(struct command *c, const struct quota_count *count)
{
	const struct quota_account *a = &c->account;
	int error = quota_state_write(a, c->settings->server.quota_user,
		count);

	return error == 0 ? EX_OK : fail(EX_CANTCREAT, a->place.file,
		error == -EPERM ? "the account could change it" :
		error == -ENOENT ? "No such file or directory; the server "
			"creates the directory when it starts" :
		log_errno(error));
}

static int
scan(struct command *c)
{
	struct quota_count count;
	uint64_t unreadable;
	int error = quota_state_scan(&c->account, &count, &unreadable);

	if (error < 0)
		return fail(EX_NOINPUT, c->account.place.root, error ==
			-ECHILD ? "the scanner failed" : log_errno(error));
	if (unreadable > 0)
		fprintf(stderr, "sureftpd: %s: the account cannot examine "
			"%" PRIu64 " files or directories, which do not "
			"count\n", c->account.place.root, unreadable);
	int status = store(c, &count);
	return status != EX_OK ? status : show(c);
}

static int
set(struct command *c)
{
	const struct quota_request *r = c->request;
	struct quota_count count;

	if (r->bytes == NULL || r->files == NULL ||
	    text_size(r->bytes, strlen(r->bytes), &count.bytes) < 0 ||
	    text_number(r->files, strlen(r->files), &count.files) < 0)
		return fail(EX_USAGE, "two numbers are needed: the bytes and "
			"the files that are used", "");
	int status = store(c, &count);
	return status != EX_OK ? status : show(c);
}

static const struct {
	const char *name;
	int (*run)(struct command *c);
} actions[] = { { "show", show }, { "scan", scan }, { "set", set } };

static int
with_account(struct command *c, int (*run)(struct command *c))
{
	BUFFER(reason, 1024);
	int status;

	if (c->request->name == NULL)
		return fail(EX_USAGE, "the name of an account is needed", "");
	if (quota_account_find(c->settings, c->request->name, &c->account,
	    &reason))
		status = run(c);
	else
		status = fail(EX_NOUSER, c->request->name,
			buffer_text(&reason));
	quota_account_clear(&c->account);
	return status;
}

int
quota_command(const struct settings *settings,
	const struct quota_request *request, FILE *out)
{
	static struct command c;

	c = (struct command){ .settings = settings, .request = request,
		.out = out };
	if (geteuid() != 0)
		return fail(EX_NOPERM, "--quota must be run as root", "");
	if (strcmp(request->action, "report") == 0)
		return report(&c);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(request->action, actions[i].name) == 0)
			return with_account(&c, actions[i].run);
	return fail(EX_USAGE, "--quota needs show, report, scan or set", "");
}
