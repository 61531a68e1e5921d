/*
 * test_pwp.c - how a configuration of the PWP server is converted, and that
 * every line of it is reported.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "daemon/import/pwp_map.h"
#include "tests/unit/imported.h"
#include "tests/unit/pwp_imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "pwp";

/* What a key is tried with. */
static const char *const *
values_of(enum pwp_kind kind)
{
	static const char *const flags[] = { "0", "1", "", "no", NULL };
	static const char *const numbers[] = { "0", "-1", "1", "77", "70000",
		"999999999999999999", "12k", "", "x", NULL };
	static const char *const texts[] = { "", "0", "x", "/etc/passwd",
		"%m/web", "a, b", "192.0.2.7", "2001:db8::1", "../$user-q",
		"$other", "\"DELE\" 0", "100% \\n", "text", "file", "none",
		"[", "ftp-data(20)", "1024-5999,49152-65535", NULL };
	static const char *const rules[] = { "0", "1", "",
		"$user ne \"jeff\"", NULL };

	switch (kind) {
	case PWP_FLAG:
		return flags;
	case PWP_NUMBER:
		return numbers;
	case PWP_RULE:
		return rules;
	default:
		return texts;
	}
}

/* Each key with each kind of value, at both kinds of sites: nothing is left out
 * in silence, nothing comes out that sureftpd does not accept. */
static void
test_every_key(void)
{
	static const char *const sites[] = { "", PWP_SITE };
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < 2 * PWP_OPTIONS; n++) {
		const struct pwp_row *row = &pwp_table[n / 2];
		const char *const *value = values_of(row->kind);
		for (; *value != NULL; value++) {
			struct pwp_import i;
			BUFFER(text, 300);
			buffer_addf(&text, "%s: %s\n%s", row->key, *value,
				sites[n % 2]);
			pwp_imported(&i, buffer_text(&text), NULL, NULL);
			CU_ASSERT_NOT_EQUAL(pwp_verdict(&i, row->key),
				IMPORT_VERDICTS);
			pwp_import_free(&i);
		}
	}
	scratch_close(&t);
}

/* P1 to P38, as far as there are keys: the defaults of the PWP server. */
static void
test_defaults(void)
{
	static const struct {
		const char *section, *key, *value;
	} rows[] = {
		{ "auth", "backends", "radius" },
		{ "radius", "servers", "192.0.2.1:1645" },	/* P16, P17 */
		{ "radius", "secret", "s3cret" },		/* P18 */
		{ "radius", "realm", "pwp" },			/* P15 */
		{ "radius", "timeout", "6" },			/* P20 */
		{ "radius", "retries", "0" },
		{ "radius", "vendor_id", "582" },		/* P21 */
		{ "radius", "root_subdir", NULL },		/* P5 */
		{ "radius", "map_uid", NULL },			/* P35 */
		{ "session", "hide_mount_point", "no" },	/* P23 */
		{ "session", "permissions", "elradfmw" },	/* P36 */
		{ "quota", "quota_bytes", "-1" },		/* P6 */
		{ "quota", "quota_cache", "60" },		/* P7 */
		{ "quota", "quota_exceeded_message",		/* P8 */
			"This operation would exceed your quota" },
		{ "quota", "quota_file", NULL },		/* P9 */
		{ "quota", "quota_max_age", "172800" },		/* P11 */
		{ "quota", "quota_max_changes", "10" },		/* P12 */
		{ "quota", "site_quota_wording", "pwp" },	/* P29 */
		{ "listener", "passive_ports", "49152-65535" },
		{ "limits", "idle_timeout", "900" },
		{ "limits", "max_clients", "255" },
		{ "auth", "max_login_attempts", "3" },
		{ "anonymous", "enabled", NULL },		/* P22 */
	};
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, PWP_SITE, NULL, NULL);
	for (size_t n = 0; n < ARRAY_SIZE(rows); n++)
		pwp_expect(&i, rows[n].section, rows[n].key, rows[n].value);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "default pwp userid"), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "login_timeout"), IMPORT_CHANGED);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "max_unauthenticated"),
		IMPORT_CHANGED);
	CU_ASSERT_EQUAL(report_status(&i.report), 1);
	pwp_import_free(&i);
	scratch_close(&t);
}

/* The secret stands in the configuration, and nowhere in the report, not even
 * with a misspelt key. */
static void
test_secret(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, PWP_SITE "radius secert: s3cret\nsecret: s3cret\n",
		NULL, NULL);
	for (int form = 0; form < REPORT_FORMS; form++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		report_print(&i.report, (enum report_form)form, out);
		CU_ASSERT_EQUAL(fclose(out), 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "hidden"));
		CU_ASSERT_PTR_NULL(strstr(text, "s3cret"));
		free(text);
	}
	pwp_import_free(&i);
	scratch_close(&t);
}

static void
test_servers(void)
{
	static const struct {
		const char *text, *servers, *login_timeout;
	} cases[] = {
		{ "radius server: a.example,192.0.2.2 , 2001:db8::1\n",
			"a.example:1645 192.0.2.2:1645 [2001:db8::1]:1645",
			NULL },
		{ "radius server: a\nradius port: 1812\n", "a:1812", NULL },
		{ "radius server: a\nradius port: 0\n", "a:1645", NULL },
		{ "radius server: a\nradius port: 99999\n", "a:1645", NULL },
		{ "radius server: a,b,c\nradius timeout: 25\n",
			"a:1645 b:1645 c:1645", "105" },
		{ "radius server: a b/c\n", "a:1645", NULL },
	};
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		BUFFER(text, 200);
		buffer_addf(&text, "radius secret: x\n%s", cases[n].text);
		pwp_imported(&i, buffer_text(&text), NULL, NULL);
		pwp_expect(&i, "radius", "servers", cases[n].servers);
		pwp_expect(&i, "limits", "login_timeout",
			cases[n].login_timeout);
		pwp_import_free(&i);
	}
	/* No server is left: no login. */
	pwp_imported(&i, "radius server: ///\nradius secret: x\n", NULL, NULL);
	pwp_expect(&i, "auth", "allowed_users", "-");
	pwp_expect(&i, "auth", "backends", NULL);
	pwp_import_free(&i);
	/* Neither server nor secret: the server let no one in. */
	pwp_imported(&i, "default pwp quota: 5\n", NULL, NULL);
	CU_ASSERT_EQUAL(i.report.fault_count, 2);
	CU_ASSERT_EQUAL(report_status(&i.report), 2);
	pwp_import_free(&i);
	scratch_close(&t);
}

static void
test_dictionary(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	imported_write("dict", "# x\nATTRIBUTE homedir 9 string\n"
		"VENDORATTR 582 homedir 11 string\n"
		"VENDORATTR\t582\trealm\t12\tstring\n"
		"VENDORATTR 9 quota 14 integer\n"
		"VENDORATTR 582 quota 15 integer");
	pwp_imported(&i, PWP_SITE "radius dictionary: dict\n", NULL, NULL);
	pwp_expect(&i, "radius", "home_attribute", "11");
	pwp_expect(&i, "radius", "realm_attribute", "12");
	pwp_expect(&i, "radius", "quota_attribute", "15");
	CU_ASSERT_EQUAL(pwp_verdict(&i, "radius dictionary"), IMPORT_SAME);
	pwp_import_free(&i);
	pwp_imported(&i, PWP_SITE "radius dictionary: dict\n"
		"pwp radius vendor id: 9\n", NULL, NULL);
	pwp_expect(&i, "radius", "home_attribute", "1");
	pwp_expect(&i, "radius", "quota_attribute", "14");
	CU_ASSERT_EQUAL(pwp_verdict(&i, "radius dictionary"), IMPORT_CHANGED);
	pwp_import_free(&i);
	pwp_imported(&i, PWP_SITE "radius dictionary: none\n", NULL, NULL);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "radius dictionary"), IMPORT_CHANGED);
	pwp_import_free(&i);
	scratch_close(&t);
}

/* P9, P10: the users' files go on being used. */
static void
test_quota_files(void)
{
	static const struct {
		const char *name, *file;	/* NULL: refused */
	} cases[] = {
		{ "../$user-pwpquota", "%h/../%u-pwpquota" },
		{ "../$username.q", "%h/../%u.q" },
		{ "/var/q/$user", "/var/q/%u" },
		{ "q100%", "%h/q100%%" }, { "$user$", "%h/%u$" },
		{ "$users", NULL }, { "$peeraddrstring", NULL },
	};
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		BUFFER(text, 200);
		buffer_addf(&text, PWP_SITE "pwp quota file: %s\n",
			cases[n].name);
		pwp_imported(&i, buffer_text(&text), NULL, NULL);
		pwp_expect(&i, "quota", "quota_file", cases[n].file);
		pwp_expect(&i, "quota", "quota_format", cases[n].file != NULL ?
			"ledger" : NULL);
		CU_ASSERT_EQUAL(pwp_verdict(&i, "pwp quota file"),
			cases[n].file != NULL ? IMPORT_CHANGED :
			IMPORT_REFUSED);
		pwp_import_free(&i);
	}
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every key with every kind of value", test_every_key },
	{ "the defaults of the PWP server", test_defaults },
	{ "the secret is not in the report", test_secret },
	{ "RADIUS servers", test_servers },
	{ "the dictionary", test_dictionary },
	{ "quota files", test_quota_files },
	CU_TEST_INFO_NULL,
};
