/*
 * test_clamp_message.c - numbers that a captured session may send to the
 * bookkeeper.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/quota/book.h"
#include "daemon/quota/clamp_message.h"

const char *const unit_name = "clamp_message";

#define EXA (INT64_C(1) << 60)

static struct message m;

static void
test_uploads(void)
{
	message_begin(&m, MESSAGE_quota_upload);
	m.quota_upload.size = INT64_MIN;
	m.quota_upload.replaced_bytes = INT64_MAX;
	clamp_message(&m);
	CU_ASSERT_EQUAL(m.quota_upload.size, -1);
	CU_ASSERT_EQUAL(m.quota_upload.replaced_bytes, EXA);
	message_begin(&m, MESSAGE_quota_grow);
	m.quota_grow.size = INT64_MIN;
	clamp_message(&m);
	CU_ASSERT_EQUAL(m.quota_grow.size, 0);
}

static void
test_reports(void)
{
	message_begin(&m, MESSAGE_quota_report);
	m.quota_report.count = UINT32_MAX;
	m.quota_report.entries[0].by.bytes = -5;
	m.quota_report.entries[1].by.bytes = INT64_MIN;
	m.quota_report.entries[2].by.files = INT64_MAX;
	m.quota_report.entries[3].now.bytes = -1;
	m.quota_report.entries[4].now.files = 2;
	clamp_message(&m);
	CU_ASSERT_EQUAL(m.quota_report.entries[0].unsure, 0);
	CU_ASSERT_EQUAL(m.quota_report.entries[0].by.bytes, -5);
	CU_ASSERT_EQUAL(m.quota_report.entries[1].by.bytes, -EXA);
	for (int i = 1; i < 5; i++)
		CU_ASSERT_EQUAL(m.quota_report.entries[i].unsure, 1);
	CU_ASSERT_EQUAL(m.quota_report.entries[3].now.bytes, 0);
	CU_ASSERT_EQUAL(m.quota_report.entries[4].now.files, 1);
	message_begin(&m, MESSAGE_quota_single);
	m.quota_single.entry.by.bytes = INT64_MIN;
	clamp_message(&m);
	CU_ASSERT_EQUAL(m.quota_single.entry.by.bytes, -EXA);
	CU_ASSERT_EQUAL(m.quota_single.entry.unsure, 1);
}

static void
test_claims(void)
{
	message_begin(&m, MESSAGE_quota_claim);
	m.quota_claim.count = (struct quota_count){ INT64_MAX, INT64_MIN };
	clamp_message(&m);
	CU_ASSERT_EQUAL(m.quota_claim.count.bytes, EXA);
	CU_ASSERT_EQUAL(m.quota_claim.count.files, -(INT64_C(1) << 30));
}

/* What others have reserved stays, whatever an account without a limit
 * claims. */
static void
test_many_claims(void)
{
	const struct quota_limits limited = { 1000, -1, -1, -1, 0 };
	const struct quota_limits none = { -1, -1, -1, -1, 0 };
	const struct quota_count much = { EXA, 1 }, some = { 400, 1 };
	static struct book_removed gone;
	struct book_upload hers = { .file = NULL }, many[16] = { 0 };
	struct book b;

	book_init(&b, &gone);
	b.known = true;
	CU_ASSERT_EQUAL(book_claim(&b, &hers, &limited, &some, 0),
		QUOTA_GRANTED);
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		CU_ASSERT_EQUAL(book_claim(&b, &many[i], &none, &much, 0),
			QUOTA_GRANTED);
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		book_release(&b, &many[i]);
	CU_ASSERT_EQUAL(book_free(&b, &limited).bytes, 600);
	book_clear(&b);
}

CU_TestInfo unit_tests[] = {
	{ "uploads", test_uploads },
	{ "reports", test_reports },
	{ "claims", test_claims },
	{ "many claims of an account without a limit", test_many_claims },
	CU_TEST_INFO_NULL,
};
