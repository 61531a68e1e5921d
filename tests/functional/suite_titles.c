/*
 * suite_titles.c - process titles, as ps reads them.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

const char *const functional_name = "titles";

#define FILE_SIZE (8 << 20)

/* The command line of a process: the first string of it. */
static const char *
title_of(pid_t pid)
{
	static char text[4096];
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	text[0] = '\0';
	CHECK(files_read(path, text, sizeof(text)) > 0);
	return text;
}

struct wanted {
	const char *process, *title;
};

static bool
has_title(void *context)
{
	const struct wanted *w = context;
	struct proc p = { 0 };
	size_t n = procs_list(w->process, &p, 1);

	return n >= 1 && strcmp(title_of(p.pid), w->title) == 0;
}

/* The title changes a moment after the reply. */
static void
comes(const char *process, const char *title)
{
	struct wanted w = { process, title };

	CHECK_SAYS(wait_until(has_title, &w, 3000), "%s is not \"%s\"",
		process, title);
}

static void
test_idle_and_transfer(void)
{
	struct server s;
	struct ftp c;
	char *data = files_pattern(FILE_SIZE), part[65536];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	comes(PROCS_SESSION, "sureftpd: anna@127.0.0.1 IDLE");
	CHECK(files_write("/home/anna/big\033.iso", data, FILE_SIZE));
	CHECK_NUMBER(ftp_start(&c, "RETR big\033.iso"), 150);
	for (size_t got = 0, n = 1; got < FILE_SIZE / 2 && n > 0; got += n)
		n = ftp_data_read(&c, part, sizeof(part));
	/* This many bytes plus the socket buffers. */
	pid_t session = procs_serving(PROCS_SESSION);
	CHECK_HAS(title_of(session), "sureftpd: anna@127.0.0.1 RETR "
		"/home/anna/big\\x1B.iso ");
	CHECK_HAS(title_of(session), "%");
	CHECK_NUMBER(ftp_finish(&c), 426);
	comes(PROCS_SESSION, "sureftpd: anna@127.0.0.1 IDLE");
	comes(PROCS_RECORDER, "sureftpd: recorder");
	/* The master's command line stays. */
	CHECK_LACKS(title_of(s.pid), "sureftpd: ");
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_upload(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 250, "CWD /tmp");
	CHECK_NUMBER(ftp_start(&c, "STOR new"), 150);
	comes(PROCS_SESSION, "sureftpd: anna@127.0.0.1 STOR /tmp/new");
	CHECK_NUMBER(ftp_finish(&c), 226);
	comes(PROCS_SESSION, "sureftpd: anna@127.0.0.1 IDLE");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_tls(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "server.min_spare_workers=0"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	comes(PROCS_KEEPER, "sureftpd: keeper");
	comes(PROCS_SESSION, "sureftpd: anna@127.0.0.1 IDLE");
	comes(PROCS_GREETER, "sureftpd: relay for 127.0.0.1");
	comes(PROCS_MONITOR, "sureftpd: monitor of anna@127.0.0.1");
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "server.process_titles=no") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR new"), 150);
	CHECK_LACKS(title_of(procs_serving(PROCS_SESSION)), "anna");
	CHECK_LACKS(title_of(procs_serving(PROCS_MONITOR)), "anna");
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a session: idle, and a download", test_idle_and_transfer },
	{ "an upload in another directory", test_upload },
	{ "keeper, relay and monitor", test_tls },
	{ "process_titles = no", test_off },
	CU_TEST_INFO_NULL,
};
