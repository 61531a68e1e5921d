/*
 * fuzz_import.c - any bytes as a configuration of vsftpd: they are converted,
 * every line that sets something is accounted for, and sureftpd accepts what
 * is written.
 *
 * Other files of the input (imports.h) are for options that point to one:
 * "list", or "users/anna" for user_config_dir=/users.  There are accounts and a
 * certificate, /own.pem.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/tls/tls_server.h"
#include "daemon/import/import.h"
#include "daemon/import/import_verify.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/imports.h"
#include "tests/fuzz/jail.h"

#define CONF		 "/vsftpd.conf"
#define CERTIFICATE_PATH "/own.pem"

static char certificate[8192];	/* and its key, in PEM */

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
convert(enum vsftpd_build build)
{
	struct import i = { 0 };

	fuzz_must(vsftpd_config_init(&i.vsftpd, build) == 0, "memory");
	fuzz_must(vsftpd_config_file(&i.vsftpd, CONF) == 0, CONF);
	if (import_convert(&i) != 0)
		fuzz_fail("it cannot be converted");
	if (import_verify(&i.draft, &i.report) != 0)
		fuzz_fail("what cannot be accepted is not left out");
	imports_check_draft(&i.draft);
	imports_check_report(&i.report);
	import_free(&i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum vsftpd_build build = (enum vsftpd_build)(size % VSFTPD_BUILDS);

	jail_enter();
	imports_make_place();
	imports_write_file(CERTIFICATE_PATH, certificate, strlen(certificate));
	imports_write_files(CONF, (const char *)data, size);
	convert(build);
	jail_leave();
	return 0;
}
