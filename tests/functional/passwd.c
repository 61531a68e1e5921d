/*
 * passwd.c - accounts of the accounts file.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/passwd.h"

#include "tests/functional/functional.h"

#include <sysexits.h>

bool
passwd_add(const char *name, const char *password, const char *setting)
{
	struct ctl_result r;
	char line[128];

	snprintf(line, sizeof(line), "%s\n", password);
	return CHECK_SAYS(PASSWD(&r, line, "add", name, "account=anna",
		setting) == EX_OK, "passwd add %s: %s", name, r.err);
}
