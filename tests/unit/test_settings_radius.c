/*
 * test_settings_radius.c - [radius]: servers, attributes, the secret.
 */
#include "common/base.h"
#include "common/settings/settings_radius.h"

#include "common/radius/attribute_name.h"
#include "common/radius/server_name.h"
#include "common/radius/subdirectory.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_secret.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_radius";

static bool
server(const char *text, const char *host, uint16_t port)
{
	struct radius_server_name s;

	return radius_server_name_parse(&s, text, strlen(text), 1812) == 0 &&
	    strcmp(s.host, host) == 0 && s.port == port;
}

static bool
no_server(const char *text)
{
	struct radius_server_name s;

	return radius_server_name_parse(&s, text, strlen(text), 1812) ==
	    -EINVAL;
}

static void
test_servers(void)
{
	CU_ASSERT(server("192.0.2.1", "192.0.2.1", 1812));
	CU_ASSERT(server("192.0.2.1:1645", "192.0.2.1", 1645));
	CU_ASSERT(server("radius.example.org", "radius.example.org", 1812));
	CU_ASSERT(server("radius.example.org:1", "radius.example.org", 1));
	CU_ASSERT(server("2001:db8::1", "2001:db8::1", 1812));
	CU_ASSERT(server("[2001:db8::1]", "2001:db8::1", 1812));
	CU_ASSERT(server("[2001:db8::1]:65535", "2001:db8::1", 65535));
	CU_ASSERT(server("tls://192.0.2.1", "192.0.2.1", 2083));
	CU_ASSERT(server("tls://[2001:db8::1]:1", "2001:db8::1", 1));
	CU_ASSERT(server("tls://radius.example.org", "radius.example.org",
	    2083));
	CU_ASSERT(no_server("tls://"));
	CU_ASSERT(no_server("tls:/a"));
	CU_ASSERT(no_server(""));
	CU_ASSERT(no_server(":1812"));
	CU_ASSERT(no_server("a:0"));
	CU_ASSERT(no_server("a:65536"));
	CU_ASSERT(no_server("a:x"));
	CU_ASSERT(no_server("a/b"));
	CU_ASSERT(no_server("-a"));
	CU_ASSERT(no_server("[::1"));
	CU_ASSERT(no_server("[::1]1812"));
	CU_ASSERT(no_server("[::1]:"));
	CU_ASSERT(no_server("[]:1812"));
}

static bool
attribute(const char *text, uint32_t vendor, uint8_t number)
{
	struct radius_attribute_name a;
	BUFFER(why, 256);

	return radius_attribute_name_parse(&a, text, 582, with_path, &why) ==
	    0 && a.vendor == vendor && a.number == number;
}

static bool
no_attribute(const char *text, const char *reason)
{
	struct radius_attribute_name a;
	BUFFER(why, 256);

	return radius_attribute_name_parse(&a, text, 582, with_path, &why) ==
	    -EINVAL && strcmp(buffer_text(&why), reason) == 0;
}

#define RANGE "attributes have numbers from 1 to 255, vendors from 0 to " \
	"16777215"

static void
test_attributes(void)
{
	with_path[0] = '\0';
	CU_ASSERT(attribute("", 0, 0));
	CU_ASSERT(attribute("5", 582, 5));
	CU_ASSERT(attribute("14122:8", 14122, 8));
	CU_ASSERT(attribute("0:11", 0, 11));
	CU_ASSERT(no_attribute("0", RANGE));
	CU_ASSERT(no_attribute("256", RANGE));
	CU_ASSERT(no_attribute("16777216:1", RANGE));
	CU_ASSERT(no_attribute("homedir", "is neither NUMBER nor "
	    "VENDOR:NUMBER, and no dictionary is set"));
}

/* P19: the attributes' names of a dictionary, in both of its forms. */
static void
test_dictionary(void)
{
	static const char text[] = "# comment\n"
	    "VENDOR PWP 582\n"
	    "ATTRIBUTE\tpwp-homedir\t1\tstring\tPWP\n"
	    "ATTRIBUTE User-Name 1 string has_tag=no\n"
	    "BEGIN-VENDOR WISPr\nATTRIBUTE Down 8 integer\nEND-VENDOR WISPr\n"
	    "ATTRIBUTE Filter-Id 11 string\n"
	    "ATTRIBUTE Lost 1 string Nobody\nATTRIBUTE Big 300 string\n"
	    "ATTRIBUTE\nVENDOR\nVENDOR WISPr 14122\n";

	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	CU_ASSERT(attribute("pwp-homedir", 582, 1));
	CU_ASSERT(attribute("PWP-Homedir", 582, 1));
	CU_ASSERT(attribute("User-Name", 0, 1));
	CU_ASSERT(attribute("Down", 14122, 8));
	CU_ASSERT(attribute("Filter-Id", 0, 11));
	CU_ASSERT(no_attribute("Lost", "has a vendor that the dictionary does "
	    "not define"));
	CU_ASSERT(no_attribute("Big", RANGE));
	CU_ASSERT(no_attribute("Missing", "is not in the dictionary"));
	with_no_file();
	snprintf(with_path, sizeof(with_path), "/nonexistent/dictionary");
	CU_ASSERT(no_attribute("Missing", "dictionary cannot be read"));
	with_path[0] = '\0';
}

/* P5: never above the home directory. */
static void
test_subdirectory(void)
{
	static const char *const safe[] = { "", "a", "a/b", "...", "a/..b" };
	static const char *const unsafe[] = { "/", "/a", "..", ".", "a/..",
		"../a", "a/../b", "a//b", "a/", "a/." };

	for (size_t i = 0; i < ARRAY_SIZE(safe); i++)
		CU_ASSERT(radius_subdirectory_is_safe(safe[i]));
	for (size_t i = 0; i < ARRAY_SIZE(unsafe); i++)
		CU_ASSERT_FALSE(radius_subdirectory_is_safe(unsafe[i]));
}

static void
test_check(void)
{
	CU_ASSERT(with_refusal("[auth]\nbackends = radius\n",
	    "F: backends = radius needs servers in [radius]\n"));
	CU_ASSERT(with_refusal("[auth]\nbackends = radius pam\n[radius]\n"
	    "servers = a\n", "F:2: backends must be pam, file and radius in "
	    "the order of their use, each at most once and radius last\n"));
	CU_ASSERT(with_refusal("[auth]\nbackends = file radius\n[radius]\n"
	    "servers = a:0\nsecret_file =\nhome_attribute = homedir\n"
	    "root_subdir = a/../..\n",
	    "F:4: servers: \"a:0\" is not HOST, HOST:PORT or [ADDRESS]:PORT\n"
	    "F:5: backends = radius needs secret_file or secret\n"
	    "F:6: home_attribute: \"homedir\" is neither NUMBER nor "
	    "VENDOR:NUMBER, and no dictionary is set\n"
	    "F:7: root_subdir must be a relative path without empty, \".\" "
	    "and \"..\" components\n"));
	/* Over TLS a secret is not needed, but these. */
	CU_ASSERT(with_refusal("[auth]\nbackends = radius\n[radius]\n"
	    "servers = tls://a\nsecret_file =\n",
	    "F: servers with tls:// need tls_ca\n"
	    "F: servers with tls:// need tls_certificate\n"));
	CU_ASSERT(with_refusal("[server]\nradius_user = root\n"
	    "[auth]\nbackends = radius\n[radius]\n"
	    "servers = a b c d e f g h i j k l m n o p q\n",
	    "F:2: radius_user must not be root\n"
	    "F:6: servers has more than 16 servers\n"));
	/* Without the backend, the section is not used. */
	struct complaints c;
	struct settings *s = with_text("[radius]\nservers = a:0\n", &c);
	CU_ASSERT_PTR_NOT_NULL(s);
	settings_free(s);
}

/* P18: the secret is not kept, and found again in the file. */
static void
test_secret(void)
{
	static const char text[] = "[auth]\nbackends = radius\n[radius]\n"
	    "servers = 192.0.2.1\nport = 1645\nsecret = s3cr3t # word\n"
	    "[user radius]\numask = 022\n";
	char secret[SETTINGS_SECRET_SIZE];
	struct complaints c;

	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	CU_ASSERT_EQUAL(chmod(with_path, 0644), 0);
	with_no_complaints(&c);
	struct settings *s = settings_load(with_path, false, NULL, 0,
	    with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_STRING_EQUAL(s->server.secret, "set");
	CU_ASSERT_EQUAL(settings_secret_find(s, "radius", "secret", secret),
	    0);
	CU_ASSERT_EQUAL(strncmp(secret, "s3cr3t", 6), 0);
	CU_ASSERT_EQUAL(settings_secret_find(s, "radius", "other", secret),
	    -ENOENT);
	settings_warn(s, with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "which holds the "
	    "RADIUS secret; make its mode 0600\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "F:5: port 1645 "
	    "is the one of old RADIUS servers; the assigned port is 1812\n"));
	settings_free(s);
	with_no_file();
	CU_ASSERT(with_options(&c, 3, (const char *const []){
	    "auth.backends=radius", "radius.servers=a",
	    "radius.secret=geheim" }) == NULL);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text), "-o: secret must be in "
	    "the file: every user can read command lines\n");
}

/* Over TLS nobody needs the secret, so nobody is warned of it. */
static void
test_no_secret(void)
{
	struct complaints c;
	struct settings *s = with_text("[auth]\nbackends = radius\n[radius]\n"
	    "servers = tls://a\ntls_ca = /a\ntls_certificate = /a\n"
	    "secret_file = /nonexistent\n"
	    "require_message_authenticator = no\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_warn(s, with_complaint, &c);
	CU_ASSERT_PTR_NULL(strstr(buffer_text(&c.text), "nonexistent"));
	CU_ASSERT_PTR_NULL(strstr(buffer_text(&c.text), "forge"));
	settings_free(s);
}

static void
test_warnings(void)
{
	struct complaints c;
	struct settings *s = with_text("[server]\n"
	    "greeter_user = _sureftpd\nradius_user = _sureftpd\n"
	    "[auth]\nbackends = radius\n[radius]\nservers = 192.0.2.1\n"
	    "secret_file = /nonexistent\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_warn(s, with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "radius_user "
	    "should be an account of its own"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "/nonexistent: "
	    "No such file or directory\n"));
	settings_free(s);
}

CU_TestInfo unit_tests[] = {
	{ "P16, P17: servers and their ports", test_servers },
	{ "P21: attributes by number", test_attributes },
	{ "P19: attributes by name", test_dictionary },
	{ "P5: the directory below the home directory", test_subdirectory },
	{ "what is refused", test_check },
	{ "P18: the secret is not kept", test_secret },
	{ "no secret over TLS", test_no_secret },
	{ "warnings", test_warnings },
	CU_TEST_INFO_NULL
};
