/*
 * accounts_file.c - accounts that exist for FTP only (accounts_file).
 *
 * Runs in: monitor; the master and --check, for mistakes.
 */
#include "common/base.h"
#include "common/accounts/accounts_file.h"

#include "common/accounts/account.h"
#include "common/name_list.h"
#include "common/settings/settings_file.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_section.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_string.h"
#include "common/settings/settings_value.h"
#include "common/text.h"

struct reading {
	/* The account to find; NULL: check all. */
	const char *wanted;
	bool inside;		/* the current section is to be read */
	bool found;
	bool has_example;
	struct file_account *a;	/* line of that section */
	int line;		/* name in its heading */
	/* Errors in the line are appended here. */
	void (*mistake)(struct reading *r, int line, const char *sentence);
	struct buffer *reason;
	settings_complaint *complain;
	void *context;
	const char *path;
	bool legacy_allowed;
	size_t mistakes;
	struct name_list seen;	/* in headings */
};

void
file_account_clear(struct file_account *a)
{
	explicit_bzero(a->hash, sizeof(a->hash));
	settings_value_free(SETTINGS_USER, &a->settings.values);
	free(a->settings.name);
	memset(a, 0, sizeof(*a));
}

static void
add_rule(struct buffer *b, const struct settings_row *row)
{
	buffer_addf(b, "%s must be ", row->key);
	settings_format_rule(row, b);
}

static void
assign_row(struct reading *r, int line, const struct settings_row *row,
	const char *value)
{
	struct settings_override *o = &r->a->settings;
	int *origin = &o->origin.line[row - settings_table];
	void *field = settings_table_field(row, &o->values);
	BUFFER(sentence, 512);

	if (*origin > 0 && !settings_string_adds_up(row))
		buffer_addf(&sentence, "%s is already set on line %d",
			row->key, *origin);
	else if ((*origin > 0 ? settings_value_add(row, value, field) :
	    settings_value_parse(row, value, field)) < 0)
		add_rule(&sentence, row);
	*origin = line;
	if (sentence.len > 0)
		r->mistake(r, line, buffer_text(&sentence));
}

/* The hash of another account is used to spend the same time when the account
 * is not found. */
static void
keep_example(struct reading *r, const char *value)
{
	if (r->wanted == NULL ||
	    password_hash_kind(value) != PASSWORD_HASH_STRONG)
		return;
	r->has_example = true;
	if (!r->found && r->a->hash[0] == '\0')
		(void)!text_copy(r->a->hash, sizeof(r->a->hash), value);
}

/* settings_file_reader */
static void
read_assignment(void *context, int line, const char *key, const char *value)
{
	struct reading *r = context;
	const struct settings_row *row = settings_table_find(NULL, key);
	bool hash = strcmp(key, "password_hash") == 0;
	BUFFER(sentence, 512);

	if (!r->inside) {
		if (hash)
			keep_example(r, value);
		if (r->wanted == NULL && r->line == 0)
			r->mistake(r, line, "no account has this line; write "
				"[NAME] above it");
	} else if (strcmp(key, "account") == 0) {
		if (!account_name_is_sane(value) || r->a->account[0] != '\0' ||
		    text_copy(r->a->account, sizeof(r->a->account), value) < 0)
			r->mistake(r, line, "account must be the name of one "
				"account of the host");
	} else if (row == NULL || text_is(row->unit, "message")) {
		/* Message files are read with the settings only. */
		text_escape(&sentence, key, strlen(key) < 80 ? strlen(key) :
			80);
		buffer_add_text(&sentence, " is not a setting of accounts");
		r->mistake(r, line, buffer_text(&sentence));
	} else {
		assign_row(r, line, row, value);
		if (hash && text_copy(r->a->hash, sizeof(r->a->hash),
		    value) < 0)
			r->a->hash[0] = '\0';
	}
}

/* settings_file_reader; the account to find is refused by errors in its own
 * section and in the file (line 0) only. */
static void
read_mistake(void *context, int line, const char *sentence)
{
	struct reading *r = context;

	if (r->inside || line == 0 || r->wanted == NULL)
		r->mistake(r, line, sentence);
}

/* --- one account */

/* Sections of others; up to an example of a hash in any case, so that the time
 * does not depend on where the account is. */
static bool
is_of_others(void *context)
{
	const struct reading *r = context;

	return !r->inside && r->has_example;
}

static void
find_heading(void *context, int line, const char *heading)
{
	struct reading *r = context;
	char name[SETTINGS_SECTION_NAME_SIZE];

	r->inside = heading != NULL && settings_section_name(heading, name) &&
	    strcmp(name, r->wanted) == 0;
	if (r->inside && r->found)
		r->mistake(r, line, "the account is defined twice");
	if (r->inside && !r->found)
		r->a->hash[0] = '\0';
	r->found |= r->inside;
}

static void
keep_reason(struct reading *r, int line, const char *sentence)
{
	if (r->mistakes++ > 0)
		return;
	buffer_addf(r->reason, "%s", r->path);
	if (line > 0)
		buffer_addf(r->reason, ":%d", line);
	buffer_addf(r->reason, ": %s", sentence);
}

int
accounts_file_find(const char *path, const char *name, struct file_account *a,
	struct buffer *reason)
{
	struct reading r = { .wanted = name, .a = a, .path = path,
		.mistake = keep_reason, .reason = reason };
	const struct settings_file_reader reader = {
		find_heading, read_assignment, read_mistake, &r, is_of_others,
	};

	memset(a, 0, sizeof(*a));
	int error = settings_file_read(path, &reader);
	if (error == -ENOENT)	/* nobody is in it */
		return 0;
	if (error < 0 && r.mistakes == 0)
		keep_reason(&r, 0, strerror(-error));
	if (error == 0 && r.mistakes > 0)
		error = -EINVAL;
	if (error == 0 && r.found && a->account[0] == '\0') {
		keep_reason(&r, 0, "the account has no line account = NAME");
		error = -EINVAL;
	}
	if (error == 0 && r.found && (a->settings.name = strdup(name)) == NULL)
		error = -ENOMEM;
	if (error < 0)
		file_account_clear(a);
	return error < 0 ? error : r.found;
}

/* --- all of them */

static void
report_mistake(struct reading *r, int line, const char *sentence)
{
	BUFFER(where, 4 * PATH_MAX + 32);

	text_escape(&where, r->path, strlen(r->path));
	if (line > 0)
		buffer_addf(&where, ":%d", line);
	r->mistakes++;
	r->complain(r->context, buffer_text(&where), sentence);
}

static void
mistake_account(struct reading *r, const char *account)
{
	BUFFER(sentence, 5 * IDENTITY_NAME_SIZE);

	buffer_add_text(&sentence, "the host has no account ");
	text_escape(&sentence, account, strlen(account));
	r->mistake(r, r->line, buffer_text(&sentence));
}

static void
check_host_account(struct reading *r, const char *account)
{
	struct identity identity = { .root = -1 };
	BUFFER(ignored, 256);

	if (account_lookup(account) == -ENOENT)
		mistake_account(r, account);
	else if (account_find(account, &identity, &ignored) &&
	    identity.uid == 0)
		r->mistake(r, r->line, "the account must not have uid 0");
}

static void
check_account(struct reading *r)
{
	struct file_account *a = r->a;

	if (!r->inside)
		return;
	if (a->account[0] == '\0')
		r->mistake(r, r->line, "the account has no line "
			"account = NAME");
	else
		check_host_account(r, a->account);
	if (!r->legacy_allowed &&
	    password_hash_kind(a->hash) == PASSWORD_HASH_LEGACY)
		r->mistake(r, r->line, "this kind of password_hash can be "
			"guessed fast; replace it, or set "
			"allow_legacy_hashes");
	file_account_clear(a);
}

static void
check_heading(void *context, int line, const char *heading)
{
	struct reading *r = context;
	char name[SETTINGS_SECTION_NAME_SIZE];

	check_account(r);
	r->line = line;
	r->inside = heading != NULL && settings_section_name(heading, name);
	if (heading == NULL)	/* reported as a mistake */
		return;
	if (!r->inside || !account_name_is_sane(name)) {
		r->mistake(r, line, "use [NAME], or [\"NAME\"] if it contains "
			"blanks");
		r->inside = false;
	} else if (name_list_add(&r->seen, name) < 0) {
		r->mistake(r, line, strerror(ENOMEM));
	}
}

static void
check_twice(struct reading *r)
{
	struct name_list *seen = &r->seen;
	BUFFER(sentence, 4 * SETTINGS_SECTION_NAME_SIZE + 32);

	name_list_sort(seen);
	for (size_t i = 1; i < seen->count; i++) {
		const char *name = seen->names[i];
		if (strcmp(seen->names[i - 1], name) != 0)
			continue;
		buffer_clear(&sentence);
		text_escape(&sentence, name, strlen(name));
		buffer_add_text(&sentence, " is defined twice");
		r->mistake(r, 0, buffer_text(&sentence));
	}
	name_list_free(seen);
}

size_t
accounts_file_check(const struct settings *settings,
	settings_complaint *complain, void *context)
{
	struct file_account a = { 0 };
	struct reading r = {
		.a = &a,
		.path = settings->server.accounts_file,
		.mistake = report_mistake,
		.complain = complain,
		.context = context,
		.legacy_allowed = settings->server.allow_legacy_hashes,
	};
	const struct settings_file_reader reader = {
		check_heading, read_assignment, read_mistake, &r, NULL,
	};
	int error = settings_file_read(r.path, &reader);

	check_account(&r);
	file_account_clear(&a);
	if (error < 0 && error != -EPERM && error != -ENOENT)
		r.mistake(&r, 0, strerror(-error));
	check_twice(&r);
	return r.mistakes;
}
