/*
 * imports.c - see imports.h.
 */
#include "common/base.h"
#include "tests/fuzz/imports.h"

#include "common/settings/settings_load.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/log_check.h"

#include <fcntl.h>
#include <sys/stat.h>

#define WRITTEN	    "/sureftpd.conf"
#define DESCRIPTORS "/proc/self/fd/"
#define MARK	    "==> "

static const char passwd[] = "root:x:0:0::/root:/bin/sh\n"
	"ftp:x:990:990::/srv/ftp:/usr/sbin/nologin\n"
	"nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"
	"anna:x:1001:1001::/home/anna:/bin/sh\n"
	"split:x:1002:1002::/home/s/./web%u:/bin/sh\n";
static const char groups[] = "ftp:x:990:\nnogroup:x:65534:\n";

int __wrap_memfd_create(const char *name, unsigned flags);

/* A configuration may name any of these files, and find it there. */
int
__wrap_memfd_create(const char *name UNUSED, unsigned flags UNUSED)
{
	char path[64];
	int fd = open(DESCRIPTORS "new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
		0600);

	snprintf(path, sizeof(path), DESCRIPTORS "%d", fd);
	fuzz_must(fd >= 0 && rename(DESCRIPTORS "new", path) == 0, path);
	return fd;
}

void
imports_write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	fuzz_must(fd >= 0 && write(fd, data, len) == (ssize_t)len, path);
	close(fd);
}

void
imports_make_place(void)
{
	static const char *const directories[] = { "/etc", "/users", "/proc",
		"/proc/self", "/proc/self/fd" };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		fuzz_must(mkdir(directories[i], 0755) == 0, directories[i]);
	imports_write_file("/etc/passwd", passwd, strlen(passwd));
	imports_write_file("/etc/group", groups, strlen(groups));
}

/* "list" or "users/NAME", of letters; otherwise the text is not used. */
static bool
is_name(const char *name, size_t len)
{
	const char *rest = len > 6 && memcmp(name, "users/", 6) == 0 ?
		name + 6 : name;

	for (const char *at = rest; at < name + len; at++)
		if (*at < 'a' || *at > 'z')
			return false;
	return len > 0 && len < 40 && (rest != name ||
	    (len == 4 && memcmp(name, "list", 4) == 0));
}

/* The next file of the input, up to a mark at the beginning of a line. */
static size_t
file_length(const char *data, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		bool begins = at == 0 || data[at - 1] == '\n';
		if (begins && size - at >= strlen(MARK) &&
		    memcmp(data + at, MARK, strlen(MARK)) == 0)
			return at;
	}
	return size;
}

void
imports_write_files(const char *conf, const char *data, size_t size)
{
	size_t len = file_length(data, size);
	char path[64];

	imports_write_file(conf, data, len);
	while (len < size) {
		data += len + strlen(MARK);
		size -= len + strlen(MARK);
		const char *lf = memchr(data, '\n', size);
		size_t name = lf != NULL ? (size_t)(lf - data) : size;
		size_t begin = lf != NULL ? name + 1 : size;
		len = begin + file_length(data + begin, size - begin);
		if (!is_name(data, name))
			continue;
		snprintf(path, sizeof(path), "/%.*s", (int)name, data);
		imports_write_file(path, data + begin, len - begin);
	}
}

static void
complain(void *context UNUSED, const char *where, const char *sentence)
{
	fuzz_fail("what was written is not accepted: %s: %s", where, sentence);
}

void
imports_check_draft(struct draft *draft)
{
	FILE *out = fopen(WRITTEN, "we");

	fuzz_must(out != NULL, WRITTEN);
	draft_print(draft, out);
	fuzz_must(fclose(out) == 0, WRITTEN);
	settings_free(settings_load(WRITTEN, false, NULL, 0, complain, NULL));
}

/* Every line of the report is a clean one. */
static void
check_form(const struct report *report, enum report_form form)
{
	char *text = NULL;
	size_t size = 0, len;
	FILE *out = open_memstream(&text, &size);

	fuzz_must(out != NULL, "open_memstream");
	report_print(report, form, out);
	fuzz_must(fclose(out) == 0, "open_memstream");
	for (char *line = text; *line != '\0'; line += len + 1) {
		len = strcspn(line, "\n");
		/* Indentation of the report's own. */
		size_t begin = form == REPORT_JSON ? strspn(line, "\t") : 0;
		if (!log_check_is_clean(line + begin, len - begin))
			fuzz_fail("no clean line: %.*s", (int)len, line);
		if (line[len] == '\0')
			break;
	}
	free(text);
}

static void
check_accounts(const struct report *report)
{
	size_t lines = 0, verdicts = 0;
	int status = report_status(report);

	for (size_t n = 0; n < report->count; n++)
		lines += report->entries[n].line > 0;
	for (int v = 0; v < IMPORT_VERDICTS; v++)
		verdicts += report_count(report, (enum import_verdict)v);
	if (lines != report->read)
		fuzz_fail("%zu lines set an option, %zu are accounted for",
			report->read, lines);
	if (verdicts != report->count)
		fuzz_fail("an entry has no verdict");
	if (status < 0 || status > 2)
		fuzz_fail("exit status %d", status);
}

void
imports_check_report(const struct report *report)
{
	check_accounts(report);
	for (int form = 0; form < REPORT_FORMS; form++)
		check_form(report, (enum report_form)form);
}
