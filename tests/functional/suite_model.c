/*
 * suite_model.c - random conversations, with two sessions in one tree, in which
 * each reply and what is on disk afterwards is compared with a model.
 *
 * SUREFTPD_MODEL=SEEDS runs so many conversations of each kind, and
 * SUREFTPD_MODEL_SEED=SEED begins with this one.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/talk.h"
#include "tests/functional/world.h"

const char *const functional_name = "model";

#define SEEDS	 2	/* of each kind, without the variable */
#define STEPS	 400
#define COMPARED 25	/* steps between comparisons with the disk */
#define SHRINK_MS 15000	/* for finding the steps that a failure needs */

#define LEDGER "/var/lib/sureftpd/quota/%home%anna"

/* Which steps of a conversation are made. */
struct choice {
	bool without[STEPS];
	unsigned end;
};

static bool
begin_server(struct server *s, const struct talk_kind *kind)
{
	const char *options[16];
	size_t n = 0;

	world_fresh();
	if (kind->tls)
		ftps_certs_configure();
	options[n++] = "log.level=warning";
	options[n++] = "limits.max_per_ip=0";
	options[n++] = "session.allow_site_symlink=yes";
	options[n++] = kind->jailed ? "session.jail=home" : "session.jail=no";
	options[n++] = kind->atomic ? "session.atomic_uploads=yes" :
		"session.atomic_uploads=no";
	if (kind->quota) {
		options[n++] = "quota.quota_bytes=40000";
		options[n++] = "quota.quota_files=14";
	}
	if (kind->deny)
		options[n++] = "session.overwrite=deny";
	if (kind->deletes)
		options[n++] = "session.incomplete_uploads=delete";
	for (size_t i = 0; kind->options[i] != NULL; i++)
		options[n++] = kind->options[i];
	options[n] = NULL;
	return server_start(s, options);
}

/* The number of steps until the failure, or after the last one. */
static unsigned
hold(struct talk *k, uint64_t seed, const struct choice *c)
{
	for (unsigned i = 0; i < c->end; i++) {
		if (c->without[i])
			continue;
		if (!talk_step(k, seed, i))
			return i + 1;
		if ((i % COMPARED == 0 || i + 1 == c->end) && !talk_compare(k))
			return i + 1;
		if (i % (4 * COMPARED) == 0 && !talk_compare_quota(k))
			return i + 1;
	}
	if (talk_compare_quota(k))
		(void)talk_compare(k);
	return c->end;
}

/* What is counted when nobody is there any more. */
static bool
check_ledger(struct talk *k)
{
	int64_t bytes = 0, files = 0;
	char wanted[80];

	model_count(k->model.home, &bytes, &files);
	snprintf(wanted, sizeof(wanted), "bytes %" PRId64 "\nfiles %" PRId64
		"\n", bytes, files);
	return (files_wait_for_text(LEDGER, "state closed\n") &&
		strstr(files_text(LEDGER), wanted) != NULL) ||
		talk_fails(k, "the ledger lacks\n%s:\n%.300s", wanted,
			files_text(LEDGER));
}

/* A whole conversation with a new server: "" or what failed, malloc'd. */
static char *
converse(const struct talk_kind *kind, uint64_t seed, struct choice *c)
{
	struct server s;
	struct talk k;
	char *result = NULL;

	if (!begin_server(&s, kind))
		return strdup("no server");
	if (talk_begin(&k, kind))
		c->end = hold(&k, seed, c);
	talk_close(&k);
	if (kind->quota && k.failure[0] == '\0')
		(void)check_ledger(&k);
	size_t skip = k.said_len > 6000 ? k.said_len - 6000 : 0;
	if (k.failure[0] == '\0')
		result = strdup("");
	else if (asprintf(&result, "%s\n%s", k.said != NULL ? k.said + skip :
		"", k.failure) < 0)
		abort();
	talk_end(&k);
	server_stop(&s);
	return result;
}

/* Leave out steps as long as it still fails. */
static char *
shrink(const struct talk_kind *kind, uint64_t seed, struct choice *c,
	char *failure)
{
	int64_t deadline = clock_ms() + SHRINK_MS;

	for (unsigned size = c->end / 2; size > 0; size /= 2) {
		for (unsigned at = 0; at < c->end; at += size) {
			struct choice less = *c;
			for (unsigned i = at; i < at + size && i < c->end; i++)
				less.without[i] = true;
			if (clock_passed(deadline))
				return failure;
			char *now = converse(kind, seed, &less);
			if (*now != '\0') {
				free(failure);
				failure = now;
				*c = less;
			} else {
				free(now);
			}
		}
	}
	return failure;
}

static int64_t
number(const char *variable, int64_t otherwise)
{
	const char *text = getenv(variable);
	int64_t n = otherwise;

	if (text != NULL)
		CHECK(text_number(text, strlen(text), &n) == 0);
	return n;
}

static void
run(const struct talk_kind *kind)
{
	int64_t first = number("SUREFTPD_MODEL_SEED", 1);
	bool good = true;
	int64_t last = first + number("SUREFTPD_MODEL", SEEDS) - 1;

	for (int64_t seed = first; seed <= last && good; seed++) {
		struct choice c = { .end = STEPS };
		char *failure = converse(kind, (uint64_t)seed, &c);

		good = *failure == '\0';
		if (!good) {
			failure = shrink(kind, (uint64_t)seed, &c, failure);
			printf("%s, seed %" PRId64 ":\n%s\n", kind->name, seed,
				failure);
		}
		CHECK_SAYS(good, "%s, seed %" PRId64, kind->name,
			seed);
		free(failure);
	}
	printf("%s: seeds %" PRId64 " to %" PRId64 "\n", kind->name, first,
		last);
}

static void
test_plain(void)
{
	run(&(struct talk_kind){ .name = "plain",
		.options = { "session.upload_hash=sha-256" } });
	run(&(struct talk_kind){ .name = "deny", .deny = true });
	run(&(struct talk_kind){ .name = "delete", .deletes = true });
}

static void
test_jail(void)
{
	run(&(struct talk_kind){ .name = "jail", .jailed = true,
		.options = { "session.reserve_uploads=yes" } });
}

static void
test_atomic(void)
{
	run(&(struct talk_kind){ .name = "atomic", .atomic = true,
		.options = { "session.fsync_uploads=yes" } });
	run(&(struct talk_kind){ .name = "atomic, jail, deny", .atomic = true,
		.jailed = true, .deny = true });
}

static void
test_tls(void)
{
	run(&(struct talk_kind){ .name = "tls", .tls = true,
		.options = { "session.upload_hash=crc32" } });
	run(&(struct talk_kind){ .name = "tls, atomic, jail", .tls = true,
		.atomic = true, .jailed = true });
}

static void
test_quota(void)
{
	run(&(struct talk_kind){ .name = "quota", .quota = true });
	run(&(struct talk_kind){ .name = "quota, atomic, jail, tls",
		.quota = true, .atomic = true, .jailed = true, .tls = true });
	run(&(struct talk_kind){ .name = "quota, delete, jail", .quota = true,
		.deletes = true, .jailed = true });
}

/* So much room that sessions ask rarely. */
static void
test_much_room(void)
{
	run(&(struct talk_kind){ .name = "much room", .quota = true,
		.options = { "quota.quota_bytes=1G",
			"quota.quota_files=100000" } });
	run(&(struct talk_kind){ .name = "much room, atomic, deny",
		.quota = true, .atomic = true, .deny = true,
		.options = { "quota.quota_bytes=1G",
			"quota.quota_files=100000" } });
}

CU_TestInfo functional_tests[] = {
	{ "random conversations", test_plain },
	{ "the same in a jail", test_jail },
	{ "the same with atomic_uploads", test_atomic },
	{ "the same with TLS", test_tls },
	{ "the same with a quota", test_quota },
	{ "the same far below a quota", test_much_room },
	CU_TEST_INFO_NULL,
};
