/*
 * fuzz_settings.c - any lines that begin with "-o ", which are assignments of
 * the command line, and any settings file after them: each
 * line is accepted or reported as an error.
 *
 * An error is one line without control characters.  Accepted settings are
 * written (--dump), read and written again, with the same result.  The files
 * that they name are checked as by --check.  No file is changed or created: it
 * runs in a jail (jail.h) with the file itself, /settings, and a certificate,
 * /own.pem.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/settings/certificate_map.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_load.h"
#include "common/settings/settings_reuse.h"
#include "common/settings/settings_text.h"
#include "common/tls/tls_server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/jail.h"
#include "tests/fuzz/log_check.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define FILE_PATH	 "/settings"
#define CERTIFICATE_PATH "/own.pem"
#define OPTIONS		 8

static char certificate[8192];	/* and its key, in PEM */

static void
write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	fuzz_must(fd >= 0 && write(fd, data, len) == (ssize_t)len, path);
	close(fd);
}

const char *
fuzz_prepare(void)
{
	if (jail_make() < 0)
		return "neither root nor a user namespace: no jail";
	jail_enter();
	if (tls_server_make_certificate(CERTIFICATE_PATH, "localhost") < 0 ||
		io_read_file(CERTIFICATE_PATH, certificate,
		sizeof(certificate)) < 0)
		return "no certificate can be made";
	jail_leave();
	return NULL;
}

static void
complain(void *context, const char *where, const char *sentence)
{
	size_t *complaints = context;

	(*complaints)++;
	if (*where == '\0' || *sentence == '\0' ||
		!log_check_is_clean(where, strlen(where)) ||
		!log_check_is_clean(sentence, strlen(sentence)))
		fuzz_fail("no clean line: %s: %s", where, sentence);
}

/* NULL after at least one complaint, and only then. */
static struct settings *
load(char *const *options, size_t count)
{
	size_t complaints = 0;
	struct settings *s = settings_load(FILE_PATH, false, options, count,
		complain, &complaints);

	if ((s == NULL) != (complaints > 0))
		fuzz_fail("settings %s with %zu complaints",
			s == NULL ? "refused" : "taken", complaints);
	return s;
}

/* --- written and read again */

/* Without the comments, which say where values came from. */
static void
drop_comments(char *text)
{
	char *to = text;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		len += text[len] == '\n';
		if (*text != '#') {
			memmove(to, text, len);
			to += len;
		}
		text += len;
	}
	*to = '\0';
}

static char *
dump(const struct settings *s, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	fuzz_must(out != NULL, "open_memstream");
	settings_dump(s, out);
	fclose(out);
	return text;
}

static void
check_dump(const struct settings *s)
{
	size_t size;
	char *first = dump(s, &size), *second;
	struct settings *again;

	write_file(FILE_PATH, first, size);
	again = load(NULL, 0);
	if (again == NULL)
		fuzz_fail("what was written is not taken:\n%s", first);
	second = dump(again, &size);
	drop_comments(first);
	drop_comments(second);
	if (strcmp(first, second) != 0)
		fuzz_fail("%s\n--- is read as\n%s", first, second);
	free(first);
	free(second);
	settings_free(again);
}

/* --- used */

/* As options_load_tls() does at the start and for --check. */
static void
look_at_files(const struct settings *s)
{
	size_t complaints = 0;

	if (s->server.certificate_map[0] != '\0')
		(void)certificate_map_check(s->server.certificate_map,
			complain, &complaints);
	complaints = 0;
	struct tls_server *tls = tls_server_load(s, complain, &complaints);
	if (tls != NULL && tls_server_on(tls))
		(void)!tls_server_take_keys(tls);
	if (tls == NULL && complaints == 0)
		fuzz_fail("TLS is refused without a complaint");
	tls_server_free(tls);
}

static void
use(const struct settings *s)
{
	const char *const groups[] = { "staff", "guests" };
	struct user_settings user;
	size_t complaints = 0;
	struct address peer;
	char account[32];

	(void)settings_warn(s, complain, &complaints);
	settings_for_user(s, "anna", groups, ARRAY_SIZE(groups), &user);
	fuzz_must(address_parse(&peer, "192.0.2.1") == 0, "an address");
	int reuse = settings_reuse_for(s, &user, &peer);
	if (reuse < REUSE_STRICT || reuse > REUSE_OFF)
		fuzz_fail("session_reuse is %d", reuse);
	(void)settings_tls_by_account(s);
	(void)!certificate_map_find(FILE_PATH, "CN=anna", account,
		sizeof(account));
	look_at_files(s);
}

/* --- one input */

static void
check_files(void)
{
	DIR *dir = opendir("/");
	const struct dirent *entry;
	size_t files = 0;

	while ((entry = readdir(dir)) != NULL)
		files += entry->d_name[0] != '.';
	closedir(dir);
	if (files != 2)
		fuzz_fail("%zu files where there were 2", files);
}

static void
check_unchanged(const char *path, const void *data, size_t len)
{
	static char now[65536];

	if (io_read_file(path, now, sizeof(now)) != (ssize_t)len ||
		memcmp(now, data, len) != 0)
		fuzz_fail("%s was changed", path);
}

static void
check(const void *file, size_t len, char *const *options, size_t count)
{
	struct settings *s;

	write_file(CERTIFICATE_PATH, certificate, strlen(certificate));
	write_file(FILE_PATH, file, len);
	s = load(options, count);
	if (s != NULL)
		use(s);
	check_unchanged(FILE_PATH, file, len);
	check_unchanged(CERTIFICATE_PATH, certificate, strlen(certificate));
	if (s != NULL)
		check_dump(s);
	settings_free(s);
	check_files();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *options[OPTIONS], *file = text, *lf;
	size_t count = 0;

	fuzz_must(text != NULL, "malloc");
	memcpy(text, data, size);
	text[size] = '\0';
	while (count < OPTIONS && strncmp(file, "-o ", 3) == 0 &&
		(lf = strchr(file, '\n')) != NULL) {
		options[count++] = file + 3;
		*lf = '\0';
		file = lf + 1;
	}
	jail_enter();
	check(file, size - (size_t)(file - text), options, count);
	jail_leave();
	free(text);
	return 0;
}
