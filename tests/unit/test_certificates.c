/*
 * test_certificates.c - when the master checks its certificates, and what
 * counts as a change.
 */
#include "common/base.h"
#include "daemon/services/certificates.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/settings/settings_load.h"
#include "common/tls/tls_server.h"

#include <fcntl.h>

const char *const unit_name = "certificates";

/* Certificates and their file. */
struct place {
	struct certificates certificates;
	struct configuration configuration;
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
	p->configuration.settings = settings_with(certificate ? p->path : "",
		interval);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->configuration.settings);
	p->saved = dup(STDERR_FILENO);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	p->configuration.tls = options_load_tls(p->configuration.settings);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->configuration.tls);
	certificates_loaded(&p->certificates, &p->configuration);
}

static void
close_place(struct place *p)
{
	dup2(p->saved, STDERR_FILENO);
	close(p->saved);
	configuration_clear(&p->configuration);
	unlink(p->path);
	rmdir(p->dir);
}

/* Check now, whatever the time. */
static bool
check(struct place *p)
{
	p->certificates.next = clock_ms();
	bool changed = certificates_changed(&p->certificates,
		&p->configuration);
	CU_ASSERT(certificates_due(&p->certificates) > clock_ms());
	return changed;
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
	CU_ASSERT_FALSE(tls_server_on(p.configuration.tls));
	CU_ASSERT_EQUAL(certificates_due(&p.certificates), CLOCK_NEVER);
	close_place(&p);
	open_place(&p, true, "0");
	CU_ASSERT_TRUE(tls_server_on(p.configuration.tls));
	CU_ASSERT_EQUAL(certificates_due(&p.certificates), CLOCK_NEVER);
	close_place(&p);
}

static void
test_due(void)
{
	struct place p;

	int64_t before = clock_ms();
	open_place(&p, true, "7");
	int64_t due = certificates_due(&p.certificates);
	CU_ASSERT(due >= before + 7000 && due <= clock_ms() + 7000);
	/* Not before its time. */
	renew(&p);
	CU_ASSERT_FALSE(certificates_changed(&p.certificates,
		&p.configuration));
	CU_ASSERT_EQUAL(certificates_due(&p.certificates), due);
	CU_ASSERT_TRUE(check(&p));
	CU_ASSERT(certificates_due(&p.certificates) >= due);
	close_place(&p);
}

/* Each once, also one that cannot be loaded. */
static void
test_changes(void)
{
	struct place p;

	open_place(&p, true, "1");
	CU_ASSERT_FALSE(check(&p));
	renew(&p);
	CU_ASSERT_TRUE(check(&p));
	CU_ASSERT_FALSE(check(&p));
	write_file(&p, "no certificate");
	CU_ASSERT_TRUE(check(&p));
	CU_ASSERT_FALSE(check(&p));
	unlink(p.path);
	CU_ASSERT_TRUE(check(&p));
	CU_ASSERT_FALSE(check(&p));
	renew(&p);
	CU_ASSERT_TRUE(check(&p));
	close_place(&p);
}

CU_TestInfo unit_tests[] = {
	{ "no checks without certificates, or when told not to",
	    test_never },
	{ "the next check comes after the interval", test_due },
	{ "each change is reported once", test_changes },
	CU_TEST_INFO_NULL,
};
