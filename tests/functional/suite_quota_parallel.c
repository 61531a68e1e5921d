/*
 * suite_quota_parallel.c - what one session stores and removes, seen by another
 * one with the same quota_root at the same time.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"

#include <unistd.h>

const char *const functional_name = "quota_parallel";

#define KIB    1024
#define ROOT   "/home/anna"
#define FILE_  "/var/lib/sureftpd/quota/%home%anna"
#define TIGHT  "quota.quota_bytes=100k"
#define PLENTY "quota.quota_bytes=1G"
#define ROUNDS 100

struct two {
	struct server s;
	struct ftp a, b;
};

static bool
begin(struct two *t, const char *limit, const char *option)
{
	world_fresh();
	return SERVER(&t->s, QUOTAS_BYTES, limit, option) &&
		ftp_enter(&t->a, "anna") && EXPECT(&t->a, 200, "TYPE I") &&
		ftp_enter(&t->b, "anna") && EXPECT(&t->b, 200, "TYPE I");
}

static void
end(struct two *t)
{
	ftp_close(&t->a);
	ftp_close(&t->b);
	server_stop(&t->s);
}

/* A client that has the reply of one session finds the change in the other. */
static void
check_seen(const char *limit, const char *option)
{
	struct two t;
	int wrong = 0;

	if (!begin(&t, limit, option))
		return;
	/* Now both know of each other. */
	CHECK_NUMBER(quotas_used(&t.a), 0);
	for (int i = 0; i < ROUNDS; i++) {
		struct ftp *one = i % 2 == 0 ? &t.a : &t.b;
		struct ftp *other = i % 2 == 0 ? &t.b : &t.a;

		CHECK_NUMBER(quotas_put(one, 5000, "STOR f"), 226);
		wrong += quotas_used(other) != 5000;
		CHECK_NUMBER(quotas_put(other, 100, "APPE f"), 226);
		wrong += quotas_used(one) != 5100;
		EXPECT(one, 350, "RNFR f");
		EXPECT(one, 250, "RNTO g");
		EXPECT(other, 250, "DELE g");
		wrong += quotas_used(one) != 0;
	}
	CHECK_NUMBER(wrong, 0);
	end(&t);
}

static void
test_seen(void)
{
	check_seen(TIGHT, "session.atomic_uploads=no");
	check_seen(TIGHT, "session.atomic_uploads=yes");
	check_seen(PLENTY, "session.atomic_uploads=no");
	check_seen(PLENTY, "session.atomic_uploads=yes");
}

/* What one session gives back, the other can use at once. */
static void
test_room(void)
{
	struct two t;
	int refused = 0;

	if (!begin(&t, TIGHT, NULL))
		return;
	for (int i = 0; i < ROUNDS; i++) {
		refused += quotas_put(&t.a, 90 * KIB, "STOR a") != 226;
		EXPECT(&t.a, 250, "DELE a");
		refused += quotas_put(&t.b, 90 * KIB, "STOR b") != 226;
		EXPECT(&t.b, 250, "DELE b");
	}
	CHECK_NUMBER(refused, 0);
	end(&t);
}

/* A session that was alone reports what it has done when another one comes. */
static void
test_second_session(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s, QUOTAS_BYTES, PLENTY, NULL) || !ftp_enter(&a, "anna"))
		return;
	EXPECT(&a, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&a, 5000, "STOR a"), 226);
	EXPECT(&a, 250, "DELE a");
	CHECK_NUMBER(quotas_put(&a, 300, "STOR b"), 226);
	CHECK(ftp_enter(&b, "anna"));
	CHECK(quotas_become(&b, 300));
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

static bool
start(struct ftp *c, const char *command, size_t len)
{
	char *data = files_pattern(len);
	bool started = ftp_start(c, "%s", command) == 150;

	CHECK(started);

	if (started)
		ftp_data_send(c, data, len);
	free(data);
	return started;
}

static bool
all_has_arrived(void *context)
{
	struct ftp *c = context;

	EXPECT(c, 211, "STAT");
	return strstr(c->text, " 92160 bytes so far") != NULL;
}

/* The file that an upload will replace gives it room.  If another session has
 * removed it, that room is not given to others; if it was renamed, the upload
 * needs room of its own. */
static void
test_replaced_meanwhile(void)
{
	struct two t;

	if (!begin(&t, TIGHT, "session.atomic_uploads=yes"))
		return;
	CHECK_NUMBER(quotas_put(&t.a, 60 * KIB, "STOR old"), 226);
	if (start(&t.a, "STOR old", 90 * KIB)) {
		CHECK(wait_until(all_has_arrived, &t.a, 5000));
		EXPECT(&t.b, 250, "DELE old");
		CHECK_NUMBER(quotas_put(&t.b, 60 * KIB, "STOR new"), 552);
		ftp_data_close(&t.a);
		EXPECT_REPLY(&t.a, 226);
	}
	CHECK_NUMBER(quotas_recount(ROOT), quotas_used(&t.b));
	CHECK(quotas_recount(ROOT) <= 100 * KIB);
	if (start(&t.a, "STOR old", 90 * KIB)) {
		EXPECT(&t.b, 350, "RNFR old");
		EXPECT(&t.b, 250, "RNTO kept");
		ftp_data_close(&t.a);
		EXPECT_REPLY(&t.a, 552);
	}
	EXPECT(&t.b, 550, "SIZE old");
	CHECK_NUMBER(quotas_recount(ROOT), quotas_used(&t.b));
	CHECK(quotas_recount(ROOT) <= 100 * KIB);
	end(&t);
}

/* A file that is removed while it is uploaded counts nothing afterwards. */
static void
check_removed_meanwhile(const char *limit)
{
	struct two t;

	if (!begin(&t, limit, NULL))
		return;
	CHECK_NUMBER(quotas_used(&t.a), 0);
	CHECK_NUMBER(quotas_put(&t.a, 20 * KIB, "STOR keep"), 226);
	if (start(&t.a, "STOR new", 5000)) {
		CHECK(files_wait_for_size(ROOT "/new", 5000));
		EXPECT(&t.b, 250, "DELE new");
		ftp_data_close(&t.a);
		EXPECT_REPLY(&t.a, 226);
	}
	CHECK_NUMBER(quotas_used(&t.b), 20 * KIB);
	if (start(&t.a, "APPE keep", 5000)) {
		CHECK(files_wait_for_size(ROOT "/keep", 20 * KIB + 5000));
		EXPECT(&t.b, 250, "DELE keep");
		ftp_data_close(&t.a);
		EXPECT_REPLY(&t.a, 226);
	}
	CHECK_NUMBER(quotas_used(&t.b), 0);
	end(&t);
}

static void
test_removed_meanwhile(void)
{
	check_removed_meanwhile(TIGHT);
	check_removed_meanwhile(PLENTY);
}

/* The directory is counted while a file is being overwritten, when it has only
 * half of its size again; in the end it is as large as before. */
static void
check_scanned_meanwhile(const char *limit)
{
	struct two t;

	if (!begin(&t, limit, "log.level=debug"))
		return;
	CHECK_NUMBER(quotas_put(&t.a, 20 * KIB, "STOR keep"), 226);
	if (start(&t.a, "STOR keep", 10 * KIB)) {
		CHECK(files_wait_for_size(ROOT "/keep", 10 * KIB));
		size_t mark = logged_mark();
		CHECK(files_wait_for_text(FILE_, "bytes 20480\n"));
		CHECK(unlink(FILE_) == 0);
		/* That is seen when a change is to be written. */
		CHECK_NUMBER(quotas_put(&t.b, 100, "STOR other"), 226);
		CHECK_LOGGED(mark, "debug bookkeeper: counted " ROOT ": *");
		char *rest = files_pattern(10 * KIB);
		ftp_data_send(&t.a, rest, 10 * KIB);
		free(rest);
		ftp_data_close(&t.a);
		EXPECT_REPLY(&t.a, 226);
	}
	CHECK(quotas_become(&t.b, 20 * KIB + 100));
	end(&t);
}

static void
test_scanned_meanwhile(void)
{
	check_scanned_meanwhile(TIGHT);
	check_scanned_meanwhile(PLENTY);
}

/* A session that was alone has not reported what it removed when its upload
 * begins to wait for the client: others must not wait for that, too. */
static void
test_upload_at_rest(void)
{
	struct server s;
	struct ftp a, b;

	world_fresh();
	if (!SERVER(&s, QUOTAS_BYTES, PLENTY) || !ftp_enter(&a, "anna"))
		return;
	EXPECT(&a, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&a, 60 * KIB, "STOR old"), 226);
	EXPECT(&a, 250, "DELE old");
	if (start(&a, "STOR new", KIB) && ftp_enter(&b, "anna")) {
		/* What is stored of it counts at its end. */
		CHECK(quotas_become(&b, 0));
		ftp_close(&b);
	}
	ftp_data_close(&a);
	EXPECT_REPLY(&a, 226);
	ftp_close(&a);
	server_stop(&s);
}

/* Two paths to one directory have two counts: the log says so. */
static void
test_two_paths(void)
{
	struct server s;
	struct ftp a, b;

	world_fresh();
	files_mkdir_as("anna", "/home/team", 0777);
	CHECK(symlink("/home/team", "/home/team-anna") == 0);
	CHECK(symlink("/home/team", "/home/team-bert") == 0);
	if (!SERVER(&s, QUOTAS_BYTES, PLENTY,
		    "quota.quota_root=/home/team-%u"))
		return;
	size_t mark = logged_mark();
	CHECK(ftp_enter(&a, "anna"));
	CHECK_NUMBER(quotas_used(&a), 0);
	CHECK(ftp_enter(&b, "bert"));
	CHECK_NUMBER(quotas_used(&b), 0);
	CHECK_LOGGED(mark, "warning bookkeeper: /home/team-bert and "
		"/home/team-anna are the same directory, but have two counts, "
		"each without *");
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "P30 a change is seen by the next question", test_seen },
	{ "P30 room is free for others at once", test_room },
	{ "P30 a session that was alone", test_second_session },
	{ "P30 the file to be replaced is removed or renamed",
		test_replaced_meanwhile },
	{ "P30 a file is removed during its upload", test_removed_meanwhile },
	{ "P13 a file is overwritten while it is counted",
		test_scanned_meanwhile },
	{ "P30 an upload that waits for its client", test_upload_at_rest },
	{ "two paths to one quota_root", test_two_paths },
	CU_TEST_INFO_NULL,
};
