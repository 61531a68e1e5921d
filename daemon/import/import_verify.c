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

/* The entry that was printed on this line, or last before it. */
static struct draft_entry *
entry_at(const struct draft *d, int64_t line)
{
	struct draft_entry *found = NULL;

	for (size_t i = 0; i < d->count; i++) {
		struct draft_entry *e = &d->entries[i];
		if (e->line > 0 && e->line <= line &&
		    (found == NULL || e->line > found->line))
			found = e;
	}
	return found;
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

static void
leave_out(void *context, const char *where, const char *sentence)
{
	struct verifying *v = context;
	struct draft *d = v->draft;
	struct draft_entry *entry = entry_at(d, line_of(where));
	char *why;

	if (entry == NULL)
		entry = entry_named(d, sentence);

	/* An error in a file that the draft refers to. */
	if (entry == NULL) {
		report_add(v->report, IMPORT_REFUSED, where, 0,
			"certificate", "", sentence);
		v->files++;
		return;
	}
	if (asprintf(&why, "%s in [%s] is left out: %s", entry->key,
	    entry->section, sentence) < 0) {
		d->failed = true;
		return;
	}
	const struct settings_row *row = settings_table_find(entry->section,
		entry->key);
	bool secret = row != NULL && row->kind == SETTINGS_SECRET;
	report_add(v->report, IMPORT_REFUSED, NULL, 0, entry->key,
		secret ? REPORT_HIDDEN : entry->value, why);
	free(why);
	/* If the jail cannot be used, confine sessions to the home
	 * directory. */
	bool confine = strcmp(entry->key, "jail") == 0 &&
		strcmp(entry->value, "home") != 0;
	/* The lines of other entries stay valid until the draft is printed
	 * again. */
	entry->line = 0;
	free(entry->value);
	entry->value = confine ? strdup("home") : NULL;
	v->left_out++;
}

static void
remove_left_out(struct draft *d)
{
	for (size_t i = d->count; i-- > 0;)
		if (d->entries[i].value == NULL)
			draft_remove(d, i);
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

	report_add(v->report, IMPORT_CHANGED, NULL, 0, "certificate", "",
		e->text != NULL ? e->text : "");
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
