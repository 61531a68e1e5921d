/*
 * fuzz_radius.c - any bytes as the answer of a RADIUS server: they are
 * rejected, or all attributes are inside the packet and the struct for the
 * monitor is valid.
 */
#include "common/base.h"

#include "daemon/radius/answer.h"
#include "tests/fuzz/fuzz.h"

static struct server_settings settings;
static struct radius_attributes attributes;

const char *
fuzz_prepare(void)
{
	settings.quota_unit = 1000000;
	settings.rate_unit = 1;
	attributes = (struct radius_attributes){
		.settings = &settings,
		.home = { 582, 1 }, .realm = { 582, 2 }, .quota = { 582, 5 },
		.download = { 14122, 8 }, .upload = { 0, 200 },
	};
	return NULL;
}

static void
check_attribute(const struct radius_packet *p,
	const struct radius_attribute *a)
{
	if (a->value < p->data + RADIUS_HEADER_SIZE + 2 ||
	    a->value + a->len > p->data + p->len)
		fuzz_fail("attribute %u lies outside the packet", a->type);
}

static void
check_text(const char *text, size_t size, const char *what)
{
	size_t len = strnlen(text, size);

	if (len == size)
		fuzz_fail("%s is not terminated", what);
	for (size_t i = len; i < size; i++)
		if (text[i] != '\0')
			fuzz_fail("%s has bytes after its end", what);
}

static void
check_number(int64_t n, const char *what)
{
	if (n < RADIUS_UNSET)
		fuzz_fail("%s is negative", what);
}

/* The attributes in accounting requests are read back by the lengths in
 * them. */
static void
check_class(const struct radius_answer *a)
{
	struct radius_accounting report = { .class_len = a->class_len };
	struct radius_packet p;

	if (a->class_len > sizeof(a->class))
		fuzz_fail("class_len is %u", a->class_len);
	memcpy(report.class, a->class, a->class_len);
	radius_packet_begin(&p, RADIUS_ACCOUNTING_REQUEST, 0, NULL);
	radius_attributes_add_accounting(&p, &report, 0);
	size_t before = p.len;
	report.class_len = 0;
	radius_packet_begin(&p, RADIUS_ACCOUNTING_REQUEST, 0, NULL);
	radius_attributes_add_accounting(&p, &report, 0);
	if (before - p.len != a->class_len)
		fuzz_fail("Class is not sent back as it came");
}

static void
check_answer(const struct radius_packet *p)
{
	struct radius_answer a;
	bool taken = radius_answer_read(&attributes, p, &a);

	if (taken != (a.verdict != RADIUS_FAILED))
		fuzz_fail("a verdict that does not fit");
	if (a.verdict == RADIUS_ACCEPTED && p->data[0] != RADIUS_ACCESS_ACCEPT)
		fuzz_fail("accepted by a packet of code %u", p->data[0]);
	check_text(a.reason, sizeof(a.reason), "reason");
	check_text(a.text, sizeof(a.text), "text");
	check_text(a.home, sizeof(a.home), "home");
	check_text(a.group, sizeof(a.group), "group");
	check_number(a.quota, "quota");
	check_number(a.download_rate, "download_rate");
	check_number(a.upload_rate, "upload_rate");
	check_number(a.session_timeout, "session_timeout");
	check_class(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t authenticator[RADIUS_AUTHENTICATOR_SIZE];
	static const struct radius_secret secret = { "secret", 6 };
	struct radius_place place = { 0 };
	struct radius_packet p, request;
	struct radius_attribute a;
	size_t total = RADIUS_HEADER_SIZE;

	if (radius_packet_take(&p, data, size) < 0)
		return 0;
	while (radius_packet_next(&p, &place, &a)) {
		check_attribute(&p, &a);
		total += a.len + 2u;
	}
	if (total > p.len)
		fuzz_fail("the attributes are longer than their packet");
	radius_packet_begin(&request, RADIUS_ACCESS_REQUEST, p.data[1],
		authenticator);
	if (radius_packet_verify(&p, &request, &secret, true) ==
	    RADIUS_TRUSTED)
		fuzz_fail("an answer that nobody has signed is trusted");
	check_answer(&p);
	return 0;
}
