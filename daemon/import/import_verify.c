/*
 * import_verify.c - checks the draft as sureftpd checks a configuration.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/import_verify.h"

#include "common/buffer.h"
#include "common/log/event.h"
#include "common/settings/settings_load.h"
#include "common/settings/settings_section.h"
#include "common/settings/settings_table.h"
#include "common/text.h"
#include "common/tls/tls_server.h"

#include <sys/mman.h>
#include <sys/stat.h>

#define DRAFT_PATH "/proc/self/fd/"

struct verifying {
	struct draft *draft;
	struct report *report;
	size_t left_out;
	size_t files;		/* complaints about certificates and keys */
};

/* "FILE:LINE" */
static int64_t
line_of(const char *where)
{
	const char *colon = strrchr(where, ':');
	int64_t line;

	if (strncmp(where, DRAFT_PATH, strlen(DRAFT_PATH)) != 0)
		return 0;
	return colon != NULL && text_number(colon + 1, strlen(colon + 1),
	    &line) == 0 ? line : 0;
}

/* The entry that was printed on this line. */
static struct draft_entry *
entry_at(const struct draft *d, int64_t line)
{
	for (size_t i = 0; i < d->count; i++) {
		struct draft_entry *e = &d->entries[i];
		if (e->line > 0 && line >= e->line && line < e->line + e->lines)
			return e;
	}
	return NULL;
}

/* The entry that an error such as "[tls] ciphers: ..." refers to. */
static struct draft_entry *
entry_named(const struct draft *d, const char *sentence)
{
	BUFFER(name, 200);

	for (size_t i = 0; i < d->count; i++) {
		buffer_clear(&name);
		buffer_addf(&name, "[%s] %s:", d->entries[i].section,
			d->entries[i].key);
		if (strncmp(sentence, buffer_text(&name), name.len) == 0)
			return &d->entries[i];
	}
	return NULL;
}

/* What replaces an entry that restricts access, if it is left out: without it
 * more users could get in, or do more. */
static const struct safe {
	const char *key, *instead, *value;
	const char *sentence;
} safe_values[] = {
	{ "jail", "jail", "home", "the jail is the home directory" },
	{ "allowed_users", "allowed_users", "-", "no user can log in "
		"(pam_listfile(8) can check a long list)" },
	{ "rejected_users", "allowed_users", "-", "no user can log in "
		"(pam_listfile(8) can check a long list)" },
	{ "allow_from", "allow_from", DRAFT_NOBODY, "no client can connect" },
	{ "deny_from", "allow_from", DRAFT_NOBODY, "no client can connect" },
	{ "commands_allowed", "commands_allowed", "QUIT", "only QUIT is "
		"allowed" },
	{ "commands_denied", "commands_allowed", "QUIT", "only QUIT is "
		"allowed" },
	{ "accepted_passwords", "enabled", "no", "anonymous logins are off" },
	{ "denied_passwords", "enabled", "no", "anonymous logins are off" },
};

/* NULL if there is none, or if it is the value that was not accepted. */
static const struct safe *
safe_value(const struct draft_entry *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(safe_values); i++) {
		const struct safe *safe = &safe_values[i];
		if (strcmp(safe->key, entry->key) == 0)
			return strcmp(safe->value, entry->value) != 0 ? safe :
				NULL;
	}
	return NULL;
}

static void
report_left_out(struct verifying *v, const struct draft_entry *entry,
	const char *sentence)
{
	const struct safe *safe = safe_value(entry);
	const struct settings_row *row = settings_table_find(entry->section,
		entry->key);
	bool secret = row != NULL && row->kind == SETTINGS_SECRET;
	char *why;

	if (asprintf(&why, "%s in [%s] is left out%s%s: %s", entry->key,
	    entry->section, safe != NULL ? ", and " : "",
	    safe != NULL ? safe->sentence : "", sentence) < 0) {
		v->draft->failed = true;
		return;
	}
	report_add(v->report, &(struct report_line){ .key = entry->key,
		.value = secret ? REPORT_HIDDEN : entry->value },
		IMPORT_REFUSED, why);
	free(why);
}

/* An entry is reported once, however many of its lines are wrong. */
static void
leave_out(void *context, const char *where, const char *sentence)
{
	struct verifying *v = context;
	struct draft_entry *entry = entry_at(v->draft, line_of(where));

	if (entry == NULL)
		entry = entry_named(v->draft, sentence);
	/* An error in a file that the draft refers to. */
	if (entry == NULL) {
		report_add(v->report, &(struct report_line){ .file = where,
			.key = "certificate", .value = "" }, IMPORT_REFUSED,
			sentence);
		v->files++;
		return;
	}
	if (entry->left_out)
		return;
	report_left_out(v, entry, sentence);
	entry->left_out = true;
	v->left_out++;
}

static void
remove_left_out(struct draft *d)
{
	for (size_t i = d->count; i-- > 0;) {
		BUFFER(section, SETTINGS_SECTION_NAME_SIZE + 16);
		if (!d->entries[i].left_out)
			continue;
		const struct safe *safe = safe_value(&d->entries[i]);
		buffer_add_text(&section, d->entries[i].section);
		draft_remove(d, i);
		if (safe != NULL)
			draft_set(d, buffer_text(&section), safe->instead,
				safe->value, true);
	}
}

/* Print the draft into an unnamed temporary file.  Returns its descriptor, or
 * -errno. */
static int
write_draft(struct draft *d)
{
	int fd = memfd_create("sureftpd.conf", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	int copy = dup(fd);
	FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (out == NULL || fchmod(fd, 0600) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	draft_print(d, out);
	if (fclose(out) != 0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

/* A warning is a part of the report, which may go to standard error itself. */
static void
report_warning(void *context, struct event *e)
{
	struct verifying *v = context;

	report_add(v->report, &(struct report_line){ .key = "certificate",
		.value = "" }, IMPORT_CHANGED, e->text != NULL ? e->text : "");
}

/* Check certificates, keys and ciphers; an unusable file is reported, but its
 * setting is kept. */
static bool
check_tls(const struct settings *settings, struct verifying *v)
{
	event_divert(report_warning, v);
	struct tls_server *tls = tls_server_load(settings, leave_out, v);

	if (tls != NULL && v->left_out == 0)
		(void)!tls_server_take_keys(tls);
	tls_server_free(tls);
	event_divert(NULL, NULL);
	return v->left_out == 0;
}

/* One round of checks.  Returns the number of entries removed, or -errno. */
static int
verify_once(struct draft *draft, struct report *report, bool *good)
{
	struct verifying v = { .draft = draft, .report = report };
	char path[64];

	int fd = write_draft(draft);
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), DRAFT_PATH "%d", fd);
	struct settings *settings = settings_load(path, false, NULL, 0,
		leave_out, &v);
	*good = settings != NULL && check_tls(settings, &v);
	settings_free(settings);
	close(fd);
	remove_left_out(draft);
	return (int)v.left_out;
}

int
import_verify(struct draft *draft, struct report *report)
{
	bool good = false;

	/* Removing an entry may reveal another error, so several rounds may be
	 * needed; their number is limited. */
	for (int round = 0; round < 20 && !good; round++) {
		int n = verify_once(draft, report, &good);
		if (n < 0)
			return n;
		if (n == 0 && !good)
			return -EINVAL;
	}
	return good ? 0 : -EINVAL;
}
