/*
 * answer.c - the attributes of answers.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/answer.h"

#include "common/buffer.h"

/* Where a text or a number of the answer goes. */
struct target {
	struct radius_attribute_name name;
	const char *label;
	char *text;		/* or */
	size_t size;
	int64_t *number;	/* multiplied and divided by these: */
	int64_t times, by;
};

#define TARGETS 8

#define INTERIM_MIN 60		/* seconds (RFC 2869 section 2.1) */

static struct radius_attribute_name
standard(uint8_t number)
{
	return (struct radius_attribute_name){ .number = number };
}

static void
list_targets(const struct radius_attributes *a, struct radius_answer *answer,
	struct target *t)
{
	const struct server_settings *s = a->settings;

	const struct target list[TARGETS] = {
		{ a->home, "home_attribute", .text = answer->home,
			.size = sizeof(answer->home) },
		{ standard(RADIUS_FILTER_ID), "Filter-Id",
			.text = answer->group, .size = sizeof(answer->group) },
		{ a->quota, "quota_attribute", .number = &answer->quota,
			.times = s->quota_unit, .by = 1 },
		{ a->download, "download_rate_attribute",
			.number = &answer->download_rate,
			.times = s->rate_unit, .by = 8 },
		{ a->upload, "upload_rate_attribute",
			.number = &answer->upload_rate,
			.times = s->rate_unit, .by = 8 },
		{ standard(RADIUS_SESSION_TIMEOUT), "Session-Timeout",
			.number = &answer->session_timeout,
			.times = 1, .by = 1 },
		{ standard(RADIUS_IDLE_TIMEOUT), "Idle-Timeout",
			.number = &answer->idle_timeout,
			.times = 1, .by = 1 },
		{ standard(RADIUS_ACCT_INTERIM_INTERVAL),
			"Acct-Interim-Interval",
			.number = &answer->interim_interval,
			.times = 1, .by = 1 },
	};
	memcpy(t, list, sizeof(list));
}

static bool
refuse(struct radius_answer *answer, const char *label, const char *why)
{
	answer->verdict = RADIUS_FAILED;
	snprintf(answer->reason, sizeof(answer->reason),
		"the RADIUS server's answer has an invalid %s (%s)", label,
		why);
	return false;
}

/* A text without control characters. */
static bool
take_text(const struct target *t, const struct radius_attribute *at,
	struct radius_answer *answer)
{
	if (at->len >= t->size)
		return refuse(answer, t->label, "too long");
	for (size_t i = 0; i < at->len; i++)
		if (at->value[i] < ' ' || at->value[i] == 0x7f)
			return refuse(answer, t->label, "control character");
	memcpy(t->text, at->value, at->len);
	t->text[at->len] = '\0';
	return true;
}

/* A number of four or eight bytes; one that is too large is the largest. */
static bool
take_number(const struct target *t, const struct radius_attribute *at,
	struct radius_answer *answer)
{
	uint64_t n = 0;
	int64_t result;

	if (at->len != 4 && at->len != 8)
		return refuse(answer, t->label, "not a number");
	for (size_t i = 0; i < at->len; i++)
		n = n << 8 | at->value[i];
	if (__builtin_mul_overflow(n, (uint64_t)t->times, &result))
		result = INT64_MAX;
	*t->number = result / t->by;
	/* A little more than nothing does not become nothing. */
	if (result > 0 && *t->number == 0)
		*t->number = 1;
	return true;
}

/* If an attribute is repeated, the first one counts. */
static bool
take(const struct target *t, const struct radius_attribute *at, bool *taken,
	struct radius_answer *answer)
{
	if (t->name.number == 0 || t->name.number != at->type ||
	    t->name.vendor != at->vendor || *taken)
		return true;
	*taken = true;
	return t->text != NULL ? take_text(t, at, answer) :
		take_number(t, at, answer);
}

static void
add_message(const struct radius_attribute *at, struct buffer *text)
{
	if (text->len > 0)
		buffer_add_char(text, '\n');
	/* Truncated if it does not fit. */
	size_t len = at->len < buffer_room(text) ? at->len :
		buffer_room(text);
	for (size_t i = 0; i < len; i++)
		buffer_add_char(text, at->value[i] == '\0' ? ' ' :
			(char)at->value[i]);
}

static void
add_class(const struct radius_attribute *at, struct radius_answer *answer)
{
	size_t len = (size_t)at->len + 2;

	if (at->len == 0 || len > sizeof(answer->class) - answer->class_len)
		return;
	memcpy(answer->class + answer->class_len, at->value - 2, len);
	answer->class_len = (uint16_t)(answer->class_len + len);
}

static bool
take_all(const struct radius_attribute *at, const struct target *targets,
	bool *taken, struct radius_answer *answer)
{
	for (size_t i = 0; i < TARGETS; i++)
		if (!take(&targets[i], at, &taken[i], answer))
			return false;
	if (at->vendor == 0 && at->type == RADIUS_CLASS)
		add_class(at, answer);
	return true;
}

bool
radius_answer_read(const struct radius_attributes *a,
	const struct radius_packet *p, struct radius_answer *answer)
{
	struct target targets[TARGETS];
	bool taken[TARGETS] = { false }, accepted =
		p->data[0] == RADIUS_ACCESS_ACCEPT;
	struct radius_place place = { 0 };
	struct radius_attribute at;
	struct buffer text;

	*answer = (struct radius_answer){
		.verdict = accepted ? RADIUS_ACCEPTED :
			p->data[0] == RADIUS_ACCESS_CHALLENGE ?
			RADIUS_CHALLENGED : RADIUS_REJECTED,
		.quota = RADIUS_UNSET, .download_rate = RADIUS_UNSET,
		.upload_rate = RADIUS_UNSET, .session_timeout = RADIUS_UNSET,
		.idle_timeout = RADIUS_UNSET,
		.interim_interval = RADIUS_UNSET,
	};
	buffer_init(&text, answer->text, sizeof(answer->text));
	list_targets(a, answer, targets);
	while (radius_packet_next(p, &place, &at)) {
		if (at.vendor == 0 && at.type == RADIUS_REPLY_MESSAGE)
			add_message(&at, &text);
		else if (accepted && !take_all(&at, targets, taken, answer))
			return false;
	}
	if (answer->interim_interval > 0 &&
	    answer->interim_interval < INTERIM_MIN)
		answer->interim_interval = INTERIM_MIN;
	return true;
}
