/*
 * test_options.c - the command line: results, output and exit status.
 */
#include "common/base.h"
#include "daemon/modes/modes.h"
#include "daemon/options.h"
#include "common/settings/settings_load.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>

const char *const unit_name = "options";

#define MOST 12

/* The words of a line, as argv. */
struct words {
	char text[512];
	char *argv[MOST + 1];
	int argc;
};

static void
split(struct words *w, const char *line)
{
	char *rest = w->text, *word;

	snprintf(w->text, sizeof(w->text), "%s", line);
	w->argc = 0;
	while ((word = strsep(&rest, " ")) != NULL && w->argc < MOST)
		w->argv[w->argc++] = word;
	w->argv[w->argc] = NULL;
}

/* What the program writes to `fd` while the line is parsed and carried out. */
static int
run(const char *line, int fd, char *output, size_t size)
{
	char path[] = "/tmp/sureftpd-unit.XXXXXX";
	struct words w;
	struct options o;
	int file = mkstemp(path), saved = dup(fd);

	unlink(path);
	fflush(stdout);
	dup2(file, fd);
	split(&w, line);
	int status = options_parse(&o, w.argc, w.argv);
	if (status == 0) {
		status = modes_run(&o);
		options_free(&o);
	}
	fflush(stdout);
	dup2(saved, fd);
	close(saved);
	ssize_t len = pread(file, output, size - 1, 0);
	output[len > 0 ? len : 0] = '\0';
	close(file);
	return status;
}

static void
test_serve(void)
{
	struct options o;
	struct words w;

	split(&w, "sureftpd");
	CU_ASSERT_EQUAL(options_parse(&o, w.argc, w.argv), 0);
	CU_ASSERT_EQUAL(o.mode, OPTIONS_RUN);
	CU_ASSERT_STRING_EQUAL(o.path, SYSCONFDIR "/sureftpd/sureftpd.conf");
	CU_ASSERT_FALSE(o.path_named);
	CU_ASSERT_EQUAL(o.assignment_count, 0);
	CU_ASSERT_EQUAL(modes_run(&o), -1);
	options_free(&o);
}

static void
test_assignments_keep_their_order(void)
{
	static const char *const want[] = {
		"server.banner=x", "listener.port=2121", "listener.port=22",
		"listener.port=23",
	};
	struct options o;
	struct words w;

	split(&w, "sureftpd -C /x -o server.banner=x -p 2121 "
	    "-olistener.port=22 -p23");
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, w.argc, w.argv), 0);
	CU_ASSERT_STRING_EQUAL(o.path, "/x");
	CU_ASSERT_TRUE(o.path_named);
	CU_ASSERT_EQUAL_FATAL(o.assignment_count, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		CU_ASSERT_STRING_EQUAL(o.assignments[i], want[i]);
	options_free(&o);
}

/* P1: -d and -v are the same, and -s is the default. */
static void
test_debug(void)
{
	static const struct {
		const char *line;
		size_t assignments;
	} rows[] = {
		{ "sureftpd -s", 0 }, { "sureftpd -d", 1 },
		{ "sureftpd -v -s", 1 }, { "sureftpd -dvvvvvvds", 1 },
		{ "sureftpd -dp2121", 2 }, { "sureftpd -d -o log.level=error",
			2 },
	};
	struct options o;
	struct words w;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		split(&w, rows[i].line);
		CU_ASSERT_EQUAL_FATAL(options_parse(&o, w.argc, w.argv), 0);
		CU_ASSERT_EQUAL(o.mode, OPTIONS_RUN);
		CU_ASSERT_EQUAL(o.assignment_count, rows[i].assignments);
		if (rows[i].assignments > 0)
			CU_ASSERT_STRING_EQUAL(o.assignments[0],
				"log.level=debug");
		options_free(&o);
	}
}

static void
test_load(void)
{
	struct options o;
	struct words w;

	split(&w, "sureftpd -C /dev/null -p 2121");
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, w.argc, w.argv), 0);
	/* no regular file: refused, and said on standard error */
	int saved = dup(2), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, 2);
	CU_ASSERT_PTR_NULL(options_load(&o));
	dup2(saved, 2);
	close(saved);
	close(null);
	options_free(&o);

	char path[] = "/tmp/sureftpd-unit.XXXXXX";
	int fd = mkstemp(path);
	snprintf(w.text, sizeof(w.text), "sureftpd -C %s -p 2121", path);
	char line[512];
	snprintf(line, sizeof(line), "sureftpd -C %s -p 2121", path);
	split(&w, line);
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, w.argc, w.argv), 0);
	for (int time = 0; time < 2; time++) {	/* also for a reload */
		struct settings *s = options_load(&o);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		CU_ASSERT_EQUAL(s->listeners[0].port, 2121);
		settings_free(s);
	}
	options_free(&o);
	unlink(path);
	close(fd);
}

static void
test_misuse(void)
{
	static const char *const lines[] = {
		"sureftpd --frob", "sureftpd -x", "sureftpd -C", "sureftpd -o",
		"sureftpd -p", "sureftpd file.conf", "sureftpd --check --dump",
		"sureftpd --check=yes", "sureftpd -p 21 --check extra",
		"sureftpd --make-certificate", "sureftpd --host a.example",
		"sureftpd --check --host a.example",
		"sureftpd --make-certificate /x --check",
		"sureftpd --check --import-vsftpd", "sureftpd -p 1 --share",
		"sureftpd --check --background", "sureftpd --check --json",
		"sureftpd --dump --pid-file /x", "sureftpd --bytes 1",
	};
	char output[4096];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		CU_ASSERT_EQUAL(run(lines[i], 2, output, sizeof(output)),
		    EX_USAGE);
		CU_ASSERT_PTR_NOT_NULL(strstr(output, "--help"));
	}
}

static void
test_check(void)
{
	char output[4096];

	CU_ASSERT_EQUAL(run("sureftpd -o listener.port=x -p 70000 -C /none "
	    "--check", 2, output, sizeof(output)), EX_CONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "/none: No such file"));
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "-o listener.port=x: port must "
	    "be 1 to 65535, not \"x\"\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "-o listener.port=70000: "));
	CU_ASSERT_EQUAL(run("sureftpd -C /none --dump", 2, output,
	    sizeof(output)), EX_CONFIG);
}

static void
test_check_of_a_good_file(void)
{
	char path[] = "/tmp/sureftpd-unit.XXXXXX", line[128], output[4096];
	int fd = mkstemp(path);

	snprintf(line, sizeof(line), "sureftpd -C %s --check", path);
	CU_ASSERT_EQUAL(run(line, 1, output, sizeof(output)), EX_OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, ": OK\n"));
	snprintf(line, sizeof(line), "sureftpd -C %s -o "
	    "auth.rejected_users= --check", path);
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "-o: warning: root can"));
	unlink(path);
	close(fd);
}

/* --make-certificate into a new directory, and what --check says of it. */
static void
test_certificate(void)
{
	char dir[] = "/tmp/sureftpd-unit.XXXXXX", path[64], line[256];
	char output[4096];
	struct stat st;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/own.pem", dir);
	snprintf(line, sizeof(line), "sureftpd --make-certificate %s --host "
	    "ftp.example", path);
	CU_ASSERT_EQUAL(run(line, 1, output, sizeof(output)), EX_OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "for ftp.example.\n"));
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode, S_IFREG | 0600);
	/* Never over one that is there. */
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_CANTCREAT);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "File exists"));

	snprintf(line, sizeof(line), "sureftpd -o tls.certificate=%s --check",
	    path);
	CU_ASSERT_EQUAL(run(line, 1, output, sizeof(output)), EX_OK);
	CU_ASSERT_EQUAL(truncate(path, 100), 0);
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_CONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, path));
	unlink(path);
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_CONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(output, "No such file"));

	snprintf(line, sizeof(line), "sureftpd --make-certificate %s", path);
	CU_ASSERT_EQUAL(run(line, 1, output, sizeof(output)), EX_OK);
	unlink(path);
	rmdir(dir);
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_CANTCREAT);
	snprintf(line, sizeof(line), "sureftpd --make-certificate %s --host "
	    "no/name", path);
	CU_ASSERT_EQUAL(run(line, 2, output, sizeof(output)), EX_USAGE);
}

static void
test_what_is_printed(void)
{
	static const struct {
		const char *line, *part;
	} prints[] = {
		{ "sureftpd --version", "sureftpd " PACKAGE_VERSION "\n" },
		{ "sureftpd -V", "sureftpd " PACKAGE_VERSION "\n" },
		{ "sureftpd --help", "usage: sureftpd" },
		{ "sureftpd -h", "--manual" },
		{ "sureftpd --settings", "idle_session_timeout" },
		{ "sureftpd --sample", "\n#port = 21\n" },
		{ "sureftpd --manual", "\n.It Ic port\n" },
	};
	static char output[65536];

	for (size_t i = 0; i < ARRAY_SIZE(prints); i++) {
		CU_ASSERT_EQUAL(run(prints[i].line, 1, output,
		    sizeof(output)), EX_OK);
		CU_ASSERT_PTR_NOT_NULL(strstr(output, prints[i].part));
	}
}

static void
test_full_disk(void)
{
	int saved = dup(1), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct options o;
	struct words w;

	if (full < 0) {
		printf("\n  no /dev/full: not tried ");
		close(saved);
		return;
	}
	split(&w, "sureftpd --sample");
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, w.argc, w.argv), 0);
	fflush(stdout);
	dup2(full, 1);
	int status = modes_run(&o);
	dup2(saved, 1);
	clearerr(stdout);
	close(saved);
	close(full);
	options_free(&o);
	CU_ASSERT_EQUAL(status, EX_IOERR);
}

CU_TestInfo unit_tests[] = {
	{ "without a mode the server runs", test_serve },
	{ "-o and -p keep their order", test_assignments_keep_their_order },
	{ "P1: -d, -v and -s", test_debug },
	{ "settings of file and command line", test_load },
	{ "misuse exits with 64 and names --help", test_misuse },
	{ "--check reports every error and exits with 78", test_check },
	{ "--check of a good file exits with 0", test_check_of_a_good_file },
	{ "a certificate is made, checked and kept", test_certificate },
	{ "what each mode prints", test_what_is_printed },
	{ "output that cannot be written is an error", test_full_disk },
	CU_TEST_INFO_NULL,
};
