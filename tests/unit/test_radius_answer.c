/*
 * test_radius_answer.c - what the attributes of an answer mean, and the account
 * that is made of them.
 */
#include "common/base.h"
#include "daemon/radius/answer.h"

#include "common/accounts/radius_account.h"
#include "tests/unit/unit.h"

const char *const unit_name = "radius_answer";

static struct server_settings settings = { .quota_unit = 1000000,
	.rate_unit = 1000 };
static const struct radius_attributes attributes = {
	.settings = &settings,
	.home = { 582, 1 }, .realm = { 582, 2 }, .quota = { 582, 5 },
	.download = { 14122, 8 }, .upload = { 0, 200 },
};
static struct radius_packet packet;
static struct radius_answer answer;

static void
begin(enum radius_code code)
{
	static const uint8_t authenticator[16];

	radius_packet_begin(&packet, RADIUS_ACCESS_REQUEST, 0, authenticator);
	packet.data[0] = (uint8_t)code;
}

static bool
read_answer(void)
{
	return radius_answer_read(&attributes, &packet, &answer);
}

/* 1 bit/s is less than a byte, but no limit would be the opposite. */
static void
test_slowest(void)
{
	begin(RADIUS_ACCESS_ACCEPT);
	settings.rate_unit = 1;
	radius_packet_add_vendor(&packet, 14122, 8, "\0\0\0\1", 4);
	radius_packet_add_number(&packet, 200, 0);
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.download_rate, 1);
	CU_ASSERT_EQUAL(answer.upload_rate, 0);
	settings.rate_unit = 1000;
}

static void
test_all(void)
{
	static const uint8_t eight[] = { 0, 0, 0, 1, 0, 0, 0, 0 };

	begin(RADIUS_ACCESS_ACCEPT);
	radius_packet_add_vendor(&packet, 582, 1, "/home/anna", 10);
	radius_packet_add_vendor(&packet, 582, 1, "/home/bert", 10);
	radius_packet_add_vendor(&packet, 582, 5, "\0\0\0\7", 4);
	radius_packet_add_vendor(&packet, 14122, 8, "\0\0\3\xe8", 4);
	radius_packet_add(&packet, 200, eight, sizeof(eight));
	radius_packet_add_number(&packet, RADIUS_SESSION_TIMEOUT, 60);
	radius_packet_add_number(&packet, RADIUS_IDLE_TIMEOUT, UINT32_MAX);
	radius_packet_add_number(&packet, RADIUS_ACCT_INTERIM_INTERVAL, 300);
	radius_packet_add_text(&packet, RADIUS_FILTER_ID, "gold");
	radius_packet_add(&packet, RADIUS_CLASS, "a\0b", 3);
	radius_packet_add(&packet, RADIUS_CLASS, "c", 1);
	radius_packet_add_text(&packet, RADIUS_REPLY_MESSAGE, "one");
	radius_packet_add_text(&packet, RADIUS_REPLY_MESSAGE, "two");
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.verdict, RADIUS_ACCEPTED);
	CU_ASSERT_STRING_EQUAL(answer.home, "/home/anna");
	CU_ASSERT_STRING_EQUAL(answer.group, "gold");
	CU_ASSERT_STRING_EQUAL(answer.text, "one\ntwo");
	/* P6, P21: in units; rates in kbit/s. */
	CU_ASSERT_EQUAL(answer.quota, 7000000);
	CU_ASSERT_EQUAL(answer.download_rate, 125000);
	CU_ASSERT_EQUAL(answer.upload_rate, (INT64_C(1) << 32) * 125);
	CU_ASSERT_EQUAL(answer.session_timeout, 60);
	CU_ASSERT_EQUAL(answer.interim_interval, 300);
	CU_ASSERT_EQUAL(answer.class_len, 8);
	CU_ASSERT_EQUAL(memcmp(answer.class, "\x19\5a\0b\x19\3c", 8), 0);

	struct radius_account *a = radius_account_new(&answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	const struct user_settings *v = &a->settings.values;
	CU_ASSERT_EQUAL(v->quota_bytes, 7000000);
	CU_ASSERT_EQUAL(v->max_session_time, 60);
	/* Brought into the range of the setting. */
	CU_ASSERT_EQUAL(v->idle_timeout, 86400);
	CU_ASSERT_EQUAL(v->max_download_rate, 125000);
	CU_ASSERT_STRING_EQUAL(a->home, "/home/anna");
	radius_account_free(a);
}

/* A server cannot ask for more than one report a minute. */
static void
test_interim(void)
{
	begin(RADIUS_ACCESS_ACCEPT);
	radius_packet_add_number(&packet, RADIUS_ACCT_INTERIM_INTERVAL, 1);
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.interim_interval, 60);
	begin(RADIUS_ACCESS_ACCEPT);
	radius_packet_add_number(&packet, RADIUS_ACCT_INTERIM_INTERVAL, 0);
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.interim_interval, 0);
}

static void
test_nothing(void)
{
	begin(RADIUS_ACCESS_ACCEPT);
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.verdict, RADIUS_ACCEPTED);
	CU_ASSERT_EQUAL(answer.quota, RADIUS_UNSET);
	CU_ASSERT_STRING_EQUAL(answer.home, "");
	struct radius_account *a = radius_account_new(&answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		CU_ASSERT_EQUAL(a->settings.origin.line[i],
		    SETTINGS_FROM_DEFAULT);
	radius_account_free(a);
}

/* Only an accepting answer sets anything. */
static void
test_others(void)
{
	static const enum radius_code codes[] = { RADIUS_ACCESS_REJECT,
		RADIUS_ACCESS_CHALLENGE };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		begin(codes[i]);
		radius_packet_add_vendor(&packet, 582, 1, "/home/anna", 10);
		radius_packet_add(&packet, RADIUS_SESSION_TIMEOUT, "x", 1);
		radius_packet_add_text(&packet, RADIUS_REPLY_MESSAGE, "No.");
		CU_ASSERT(read_answer());
		CU_ASSERT_EQUAL(answer.verdict, i == 0 ? RADIUS_REJECTED :
		    RADIUS_CHALLENGED);
		CU_ASSERT_STRING_EQUAL(answer.text, "No.");
		CU_ASSERT_STRING_EQUAL(answer.home, "");
	}
}

static void
test_too_much(void)
{
	static const uint8_t large[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff };
	char text[253];

	memset(text, 'x', sizeof(text));
	begin(RADIUS_ACCESS_ACCEPT);
	radius_packet_add_vendor(&packet, 582, 5, large, sizeof(large));
	for (int i = 0; i < 5; i++)
		radius_packet_add(&packet, RADIUS_CLASS, text, sizeof(text));
	for (int i = 0; i < 5; i++)
		radius_packet_add(&packet, RADIUS_REPLY_MESSAGE, text,
		    sizeof(text));
	CU_ASSERT(read_answer());
	CU_ASSERT_EQUAL(answer.quota, INT64_MAX);
	CU_ASSERT_EQUAL(answer.class_len, 510);
	CU_ASSERT_EQUAL(strlen(answer.text), sizeof(answer.text) - 1);
	struct radius_account *a = radius_account_new(&answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_EQUAL(a->settings.values.quota_bytes, SETTINGS_MAX_SIZE);
	radius_account_free(a);
	/* A name that is too long is none. */
	begin(RADIUS_ACCESS_ACCEPT);
	radius_packet_add(&packet, RADIUS_FILTER_ID, "a\0b", 3);
	CU_ASSERT_FALSE(read_answer());
	CU_ASSERT_EQUAL(answer.verdict, RADIUS_FAILED);
}

static bool
home_is(const char *home, const char *subdirectory, const char *expected)
{
	struct server_settings s = { .require_home = true,
		.root_subdir = (char *)(uintptr_t)subdirectory };
	struct radius_account a = { .home = "" };
	static struct identity identity;
	bool found;
	BUFFER(reason, 256);

	identity = (struct identity){ .user = "anna" };
	snprintf(a.home, sizeof(a.home), "%s", home);
	bool good = radius_account_home(&s, &a, &identity, &found, &reason) &&
	    radius_account_subdirectory(&s, &identity, &reason);
	if (expected == NULL)
		return !good && reason.len > 0;
	return good && strcmp(identity.home, expected) == 0 &&
	    (*subdirectory == '\0') == (identity.subdirectory == 0);
}

/* P4, P5, P22 */
static void
test_home(void)
{
	CU_ASSERT(home_is("/home/anna", "", "/home/anna"));
	CU_ASSERT(home_is("/home/anna", "a/b", "/home/anna/a/b"));
	CU_ASSERT(home_is("/home/anna/", "%u", "/home/anna/anna"));
	CU_ASSERT(home_is("/", "a", "/a"));
	CU_ASSERT(home_is("/home/..anna", "", "/home/..anna"));
	CU_ASSERT(home_is("", "", NULL));
	CU_ASSERT(home_is("anna", "", NULL));
	CU_ASSERT(home_is("/home/..", "", NULL));
	CU_ASSERT(home_is("/home/../x", "", NULL));
	CU_ASSERT(home_is("/home/anna", "../x", NULL));
	CU_ASSERT(home_is("/home/anna", "%h", NULL));
	CU_ASSERT(home_is("/home/./anna", "a", NULL));
	CU_ASSERT(home_is("/home/./anna", "", "/home/./anna"));
}

CU_TestInfo unit_tests[] = {
	{ "all attributes", test_all },
	{ "the lowest rate", test_slowest },
	{ "Acct-Interim-Interval", test_interim },
	{ "none", test_nothing },
	{ "a reject and a challenge", test_others },
	{ "more than there is room for", test_too_much },
	{ "P4, P5, P22: the home directory", test_home },
	CU_TEST_INFO_NULL
};
