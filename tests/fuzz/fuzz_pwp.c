/*
 * fuzz_pwp.c - any bytes as a configuration of the PWP server: they are read,
 * every line that sets something is accounted for, and sureftpd accepts what
 * is written.
 *
 * Other files of the input (imports.h) are for <Include list> and
 * <IncludeWildcard users/?*>.
 */
#include "common/base.h"

#include "daemon/import/import_verify.h"
#include "daemon/import/pwp_import.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/imports.h"
#include "tests/fuzz/jail.h"

#define CONF "/ftpd.conf"

const char *
fuzz_prepare(void)
{
	return jail_make() < 0 ? "neither root nor a user namespace: no jail" :
		NULL;
}

static void
convert(const char *host)
{
	struct pwp_import i = { 0 };

	pwp_config_init(&i.config, host);
	fuzz_must(pwp_config_file(&i.config, CONF) == 0, CONF);
	pwp_config_settle(&i.config);
	if (pwp_import_convert(&i) != 0)
		fuzz_fail("it cannot be converted");
	size_t before = i.report.count;
	if (import_verify(&i.draft, &i.report) != 0)
		fuzz_fail("what cannot be accepted is not left out");
	if (i.report.read != i.config.count)
		fuzz_fail("%zu lines were read, %zu are reported",
			i.config.count, i.report.read);
	/* The text of a file may be what no client can be sent. */
	for (size_t n = before; n < i.report.count; n++)
		if (strcmp(i.report.entries[n].option, "msg_login_file") != 0)
			fuzz_fail("the import made a setting that is not "
				"accepted: %s", i.report.entries[n].sentence);
	imports_check_draft(&i.draft);
	imports_check_report(&i.report);
	pwp_import_free(&i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	jail_enter();
	imports_make_place();
	imports_write_files(CONF, (const char *)data, size);
	convert(NULL);
	convert("a");
	jail_leave();
	return 0;
}
