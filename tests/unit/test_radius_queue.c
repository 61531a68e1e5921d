/*
 * test_radius_queue.c - the requests on a connection to a RADIUS server:
 * identifiers, and connections that end.
 */
#include "common/base.h"
#include "daemon/radius/queue.h"

#include "tests/unit/unit.h"

const char *const unit_name = "radius_queue";

#define MANY 300

struct request {
	struct radius_pending pending;
	int written, lost;
	uint8_t identifier;
	bool refuses;
};

static struct request requests[MANY];
static struct radius_queue queue;

static int
write_one(void *context, uint8_t identifier)
{
	struct request *r = context;

	r->written++;
	r->identifier = identifier;
	return r->refuses ? -EMSGSIZE : 0;
}

static void
lose_one(void *context, const char *why, int64_t now UNUSED)
{
	struct request *r = context;

	CU_ASSERT(*why != '\0');
	r->lost++;
}

static void
begin(size_t count)
{
	memset(requests, 0, sizeof(requests));
	radius_queue_init(&queue);
	for (size_t i = 0; i < count; i++) {
		requests[i].pending = (struct radius_pending){
			.write = write_one, .lose = lose_one,
			.context = &requests[i],
		};
		radius_queue_add(&queue, &requests[i].pending);
	}
}

static size_t
send_all(void)
{
	size_t n = 0;

	while (radius_queue_send(&queue, 1) != NULL)
		n++;
	return n;
}

/* Each has an identifier of its own; those that find none wait. */
static void
test_identifiers(void)
{
	begin(MANY);
	CU_ASSERT_EQUAL(send_all(), RADIUS_IDENTIFIERS);
	for (size_t i = 0; i < RADIUS_IDENTIFIERS; i++)
		CU_ASSERT(queue.sent[requests[i].identifier] ==
			&requests[i].pending);
	CU_ASSERT_EQUAL(requests[RADIUS_IDENTIFIERS].written, 0);
	CU_ASSERT_FALSE(queue.fresh);
	radius_queue_remove(&queue, &requests[17].pending);
	CU_ASSERT(queue.fresh);
	CU_ASSERT_EQUAL(send_all(), 1);
	CU_ASSERT_EQUAL(requests[RADIUS_IDENTIFIERS].identifier,
		requests[17].identifier);
	/* One that waits is removed: the last, and one in the middle. */
	radius_queue_remove(&queue, &requests[MANY - 1].pending);
	radius_queue_remove(&queue, &requests[MANY - 3].pending);
	radius_queue_add(&queue, &requests[17].pending);
	for (size_t i = 0; i < RADIUS_IDENTIFIERS; i++)
		radius_queue_remove(&queue, &requests[i].pending);
	radius_queue_add(&queue, &requests[17].pending);
	CU_ASSERT_EQUAL(send_all(), MANY - RADIUS_IDENTIFIERS - 2);
	CU_ASSERT_EQUAL(requests[MANY - 1].written, 0);
	CU_ASSERT_EQUAL(requests[17].written, 2);
}

/* Identifiers are not used again soon: an answer that is late is not taken for
 * that of another request. */
static void
test_late_answers(void)
{
	begin(3);
	CU_ASSERT_EQUAL(send_all(), 3);
	radius_queue_remove(&queue, &requests[0].pending);
	radius_queue_add(&queue, &requests[0].pending);
	CU_ASSERT_EQUAL(send_all(), 1);
	CU_ASSERT_EQUAL(requests[0].identifier, 3);
}

static void
test_lost_connection(void)
{
	begin(4);
	CU_ASSERT_PTR_NOT_NULL(radius_queue_send(&queue, 1));
	CU_ASSERT_PTR_NOT_NULL(radius_queue_send(&queue, 1));
	radius_queue_put_back(&queue, "closed", 2);
	CU_ASSERT(queue.first == &requests[0].pending);
	CU_ASSERT_EQUAL(send_all(), 4);
	CU_ASSERT_EQUAL(requests[0].written, 2);
	/* The first two were sent twice. */
	radius_queue_put_back(&queue, "closed", 3);
	CU_ASSERT_EQUAL(requests[0].lost + requests[1].lost, 2);
	CU_ASSERT_EQUAL(requests[2].lost + requests[3].lost, 0);
	CU_ASSERT_EQUAL(send_all(), 2);
	radius_queue_put_back(&queue, "closed", 4);
	CU_ASSERT_EQUAL(requests[2].lost + requests[3].lost, 2);
	CU_ASSERT_PTR_NULL(queue.first);
}

static void
test_unfit(void)
{
	begin(3);
	requests[1].refuses = true;
	CU_ASSERT_EQUAL(send_all(), 2);
	CU_ASSERT_EQUAL(requests[1].lost, 1);
	radius_queue_add(&queue, &requests[1].pending);
	radius_queue_lose(&queue, "no connection", 5);
	CU_ASSERT_EQUAL(requests[1].lost, 2);
}

CU_TestInfo unit_tests[] = {
	{ "one identifier for each request", test_identifiers },
	{ "identifiers are not used again soon", test_late_answers },
	{ "a connection that ends", test_lost_connection },
	{ "a request that cannot be written", test_unfit },
	CU_TEST_INFO_NULL
};
