/*
 * test_certificates.c - when the master looks at its certificates, and what it
 * makes of what it sees.
 */
#include "common/base.h"
#include "daemon/certificates.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/settings/settings_load.h"
#include "common/tls/tls_server.h"

#include <fcntl.h>

const char *const unit_name = "certificates";

/* A master with nothing but certificates, and their file. */
struct place {
	struct master m;
	char dir[32], path[64];
	int saved;		/* standard error, which takes the log */
};

static struct settings *
settings_with(const char *path, const char *interval)
{
	char certificate[128], watch[64];
	char *options[] = { certificate, watch };

	snprintf(certificate, sizeof(certificate), "tls.certificate=%s", path);
	snprintf(watch, sizeof(watch), "tls.certificate_check_interval=%s",
		interval);
	return settings_load(NULL, true, options, 2, NULL, NULL);
}

static void
open_place(struct place *p, bool certificate, const char *interval)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->dir, sizeof(p->dir), "/tmp/sureftpd-unit.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/own.pem", p->dir);
	if (certificate)
		CU_ASSERT_EQUAL(tls_server_make_certificate(p->path, "a.b"),
		    0);
	p->m.settings = settings_with(certificate ? p->path : "", interval);
	p->m.sessions = sessions_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->m.settings);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->m.sessions);
	p->saved = dup(STDERR_FILENO);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	certificates_use(&p->m, options_load_tls(p->m.settings));
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->m.tls);
}

static void
close_place(struct place *p)
{
	dup2(p->saved, STDERR_FILENO);
	close(p->saved);
	tls_server_free(p->m.tls);
	sessions_free(p->m.sessions);
	settings_free(p->m.settings);
	unlink(p->path);
	rmdir(p->dir);
}

/* Look now, whatever the time.  Were other certificates taken? */
static bool
look(struct place *p)
{
	const struct tls_server *before = p->m.tls;

	p->m.tls_look = clock_ms();
	certificates_watch(&p->m);
	return p->m.tls != before;
}

static void
write_file(const struct place *p, const char *text)
{
	FILE *file = fopen(p->path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void
renew(const struct place *p)
{
	unlink(p->path);
	CU_ASSERT_EQUAL(tls_server_make_certificate(p->path, "c.d"), 0);
}

static void
test_never(void)
{
	struct place p;

	open_place(&p, false, "1");
	CU_ASSERT_FALSE(tls_server_on(p.m.tls));
	CU_ASSERT_EQUAL(certificates_due(&p.m), CLOCK_NEVER);
	close_place(&p);
	open_place(&p, true, "0");
	CU_ASSERT_TRUE(tls_server_on(p.m.tls));
	CU_ASSERT_EQUAL(certificates_due(&p.m), CLOCK_NEVER);
	close_place(&p);
}

static void
test_due(void)
{
	struct place p;

	int64_t before = clock_ms();
	open_place(&p, true, "7");
	int64_t due = certificates_due(&p.m);
	CU_ASSERT(due >= before + 7000 && due <= clock_ms() + 7000);
	/* Not before its time. */
	renew(&p);
	const struct tls_server *old = p.m.tls;
	certificates_watch(&p.m);
	CU_ASSERT_PTR_EQUAL(p.m.tls, old);
	CU_ASSERT_EQUAL(certificates_due(&p.m), due);
	CU_ASSERT_TRUE(look(&p));
	CU_ASSERT(certificates_due(&p.m) >= due);
	close_place(&p);
}

static void
test_changes(void)
{
	struct place p;

	open_place(&p, true, "1");
	CU_ASSERT_FALSE(look(&p));
	renew(&p);
	CU_ASSERT_TRUE(look(&p));
	CU_ASSERT_FALSE(look(&p));
	close_place(&p);
}

static void
test_mistakes(void)
{
	struct place p;

	open_place(&p, true, "1");
	write_file(&p, "no certificate");
	CU_ASSERT_FALSE(look(&p));
	CU_ASSERT_TRUE(tls_server_on(p.m.tls));
	CU_ASSERT(certificates_due(&p.m) > clock_ms());
	unlink(p.path);
	CU_ASSERT_FALSE(look(&p));
	renew(&p);
	CU_ASSERT_TRUE(look(&p));
	close_place(&p);
}

static void
test_stopping(void)
{
	struct place p;

	open_place(&p, true, "1");
	renew(&p);
	p.m.stop = STOP_GRACE;
	CU_ASSERT_FALSE(look(&p));
	CU_ASSERT_EQUAL(certificates_due(&p.m), CLOCK_NEVER);
	close_place(&p);
}

/* Spares have the old ones by fork: they go, and nobody else. */
static void
test_spares(void)
{
	struct message_client client = { .session = 1 };
	struct slot *busy, *spare;
	struct place p;

	open_place(&p, true, "1");
	busy = sessions_reserve();
	spare = sessions_reserve();
	CU_ASSERT_PTR_NOT_NULL_FATAL(busy);
	CU_ASSERT_PTR_NOT_NULL_FATAL(spare);
	busy->pid = 1;
	spare->pid = 2;
	busy->channel.fd = spare->channel.fd = -1;
	sessions_add(p.m.sessions, busy);
	sessions_assign(p.m.sessions, busy, &client, 0, CLOCK_NEVER);
	sessions_add(p.m.sessions, spare);
	CU_ASSERT_FALSE(look(&p));
	CU_ASSERT_EQUAL(spare->state, SLOT_SPARE);
	renew(&p);
	CU_ASSERT_TRUE(look(&p));
	CU_ASSERT_EQUAL(spare->state, SLOT_RETIRED);
	CU_ASSERT_EQUAL(busy->state, SLOT_LOGIN);
	close_place(&p);
}

CU_TestInfo unit_tests[] = {
	{ "nobody looks without certificates, or when told not to",
	    test_never },
	{ "the next look comes after the interval", test_due },
	{ "a change is taken once", test_changes },
	{ "a mistake leaves the old ones", test_mistakes },
	{ "a server that stops does not look", test_stopping },
	{ "spare workers are replaced, busy ones stay", test_spares },
	CU_TEST_INFO_NULL,
};
