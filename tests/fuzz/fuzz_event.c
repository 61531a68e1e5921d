/*
 * fuzz_event.c - any bytes as an event: refused, or one clean line in every
 * log.
 */
#include "common/base.h"

#include "common/log/event.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/log_check.h"

/* A parsed event must be the same after it was sent again. */
static void
check_again(const struct event *e)
{
	char packed[EVENT_PACKED_MAX];
	size_t len = event_pack(e, packed);
	struct event again;

	if (event_unpack(&again, packed, len) < 0 || again.type != e->type ||
	    strcmp(again.path, e->path) != 0 ||
	    strcmp(again.text, e->text) != 0)
		fuzz_fail("an event is another after its second journey");
}

const char *
fuzz_prepare(void)
{
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event e;

	if (event_unpack(&e, (const char *)data, size) < 0)
		return 0;
	check_again(&e);
	log_check(&e);
	return 0;
}
