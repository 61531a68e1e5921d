/*
 * moving.c - imports a configuration of vsftpd.
 */
#include "common/base.h"
#include "tests/functional/moving.h"

#include "tests/functional/files.h"
#include "tests/functional/functional.h"

int
moving_import(struct ctl_result *r, const char *text)
{
	CHECK(files_write_text(MOVING_CONF, text));
	return MOVING_RUN(r, "--import-vsftpd", "-O", MOVING_NEW, "--force",
		"--report-file=" MOVING_REPORT);
}

void
moving_check_accepted(void)
{
	struct ctl_result r;

	/* That of vsftpd's package. */
	CHECK(files_write_text("/etc/pam.d/vsftpd", ""));
	CHECK_NUMBER(MOVING_RUN(&r, "-C", MOVING_NEW, "--check"), 0);
	CHECK_LACKS(r.err, "warning");
}
