/*
 * radius.c - a RADIUS server of the suites' own.
 */
#include "common/base.h"
#include "tests/functional/radius.h"

#include "common/address.h"
#include "common/buffer.h"
#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/radius_responder.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define LATE_MS	 1500
#define FLOOD_MS 3000

void
radius_add(struct radius_user *u, uint32_t vendor, uint8_t type,
	const void *value, size_t len)
{
	uint8_t head[] = { 26, (uint8_t)(len + 8), 0, (uint8_t)(vendor >> 16),
		(uint8_t)(vendor >> 8), (uint8_t)vendor };

	if (vendor != 0) {
		memcpy(u->attributes + u->len, head, sizeof(head));
		u->len += sizeof(head);
	}
	u->attributes[u->len] = type;
	u->attributes[u->len + 1] = (uint8_t)(len + 2);
	memcpy(u->attributes + u->len + 2, value, len);
	u->len += len + 2;
}

void
radius_text(struct radius_user *u, uint32_t vendor, uint8_t type,
	const char *text)
{
	radius_add(u, vendor, type, text, strlen(text));
}

void
radius_number(struct radius_user *u, uint32_t vendor, uint8_t type, uint32_t n)
{
	const uint8_t value[] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
		(uint8_t)(n >> 8), (uint8_t)n };

	radius_add(u, vendor, type, value, sizeof(value));
}

static void
write_request(const struct responder *r, struct wire_packet *p)
{
	bool access = p->data[0] == 1;
	char password[200];
	BUFFER(line, 16384);

	buffer_addf(&line, "%u ", r->port);
	if (!wire_is_signed(p)) {
		buffer_add_text(&line, "unsigned");
	} else {
		wire_read_password(p, password);
		buffer_add_text(&line, access ? "access" : "accounting");
		if (access)
			buffer_addf(&line, " password=%s", password);
		for (size_t at = WIRE_HEADER; at + 2 <= p->len;
		    at += p->data[at + 1])
			wire_add_value(&line, p->data[at], p->data + at + 2,
				p->data[at + 1] - 2u);
		if (r->send == NULL)
			buffer_addf(&line, " from=%u id=%u", ntohs(
				((const struct sockaddr_in *)&r->from)->
				sin_port), p->data[1]);
	}
	buffer_add_char(&line, '\n');
	files_append_text(RADIUS_LOG, buffer_text(&line));
}

/* --- answers */

static const struct radius_user *
user_of(const struct responder *r, struct wire_packet *request)
{
	size_t len = 0;
	const uint8_t *name = wire_find(request, 1, &len);

	for (size_t i = 0; i < r->count; i++)
		if (name != NULL && strlen(r->users[i].name) == len &&
		    memcmp(r->users[i].name, name, len) == 0)
			return &r->users[i];
	return NULL;
}

static void
add_state(const struct radius_user *u, struct wire_packet *answer)
{
	if (u->stateless)
		return;
	if (u->state_len > 0)
		wire_add(answer, 24, u->state, u->state_len);
	else
		wire_add(answer, 24, "state", 5);
}

/* What is decided about the request, without signatures. */
static void
decide(const struct responder *r, struct wire_packet *request,
	struct wire_packet *answer)
{
	const struct radius_user *u = user_of(r, request);
	const uint8_t zeros[WIRE_DIGEST] = { 0 };
	char password[200];
	size_t len;
	bool again = wire_find(request, 24, &len) != NULL;
	char success[44];

	*answer = (struct wire_packet){ .len = WIRE_HEADER };
	answer->data[0] = request->data[0] == 4 ? 5 : 3;
	answer->data[1] = request->data[1];
	if (request->data[0] == 4)
		return;
	if (r->way != RADIUS_UNSIGNED)
		wire_add(answer, 80, zeros, sizeof(zeros));
	wire_read_password(request, password);
	if (u != NULL && r->way == RADIUS_ASKS) {
		answer->data[0] = 11;
	} else if (u != NULL && (again || u->stateless) && u->code != NULL &&
	    strcmp(password, u->code) == 0) {
		answer->data[0] = 2;
	} else if (u != NULL && !again && (strcmp(password, u->password) ==
	    0 || wire_fits_chap(request, u->password))) {
		answer->data[0] = u->challenge != NULL ? 11 : 2;
	} else if (r->reject != NULL) {
		wire_add(answer, 18, r->reject, strlen(r->reject));
	}
	if (u != NULL && !again && wire_fits_mschap(request, u->name,
	    u->password, success)) {
		struct radius_user proof = { .len = 0 };
		success[5] ^= r->way == RADIUS_UNPROVEN;
		radius_add(&proof, 311, 26, success, 43);
		wire_add(answer, 26, proof.attributes + 2, proof.len - 2);
		answer->data[0] = 2;
	}
	if (answer->data[0] == 11) {
		wire_add(answer, 18, u->challenge, strlen(u->challenge));
		add_state(u, answer);
	}
	if (answer->data[0] == 2) {
		memcpy(answer->data + answer->len, u->attributes, u->len);
		answer->len += u->len;
	}
}

static void
sign(const struct responder *r, const struct wire_packet *request,
	struct wire_packet *answer)
{
	const char *secret = r->way == RADIUS_WRONG_SECRET ? "other" :
		wire_secret;
	struct wire_packet whole;
	size_t len;

	answer->data[2] = (uint8_t)(answer->len >> 8);
	answer->data[3] = (uint8_t)answer->len;
	memcpy(answer->data + 4, request->data + 4, WIRE_DIGEST);
	uint8_t *message = wire_find(answer, 80, &len);
	if (message != NULL)
		wire_hmac(answer, r->way == RADIUS_WRONG_MESSAGE ? "other" :
			secret, message);
	whole = *answer;
	memcpy(whole.data + whole.len, secret, strlen(secret));
	whole.len += strlen(secret);
	wire_md5(&whole, answer->data + 4);
}

static void
send_packet(const struct responder *r, const struct wire_packet *p)
{
	int other = r->way == RADIUS_ELSEWHERE ? socket(r->from.ss_family,
		SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;

	if (r->send != NULL)
		r->send(r, p);
	else
		(void)!sendto(other >= 0 ? other : r->fd, p->data, p->len, 0,
			(const struct sockaddr *)&r->from, r->from_len);
	if (other >= 0)
		close(other);
}

static void
send_junk(const struct responder *r, const struct wire_packet *answer)
{
	int64_t until = r->way == RADIUS_FLOOD ? clock_ms() + FLOOD_MS : 0;
	size_t n = 0;

	do {
		struct wire_packet junk = *answer;
		junk.len = n % 60;
		if (n % 2 == 0)
			junk = *answer;
		junk.data[n % answer->len] ^= 0x55;
		send_packet(r, &junk);
		n++;
	} while (n < 200 || clock_ms() < until);
}

static void
answer_request(struct responder *r, struct wire_packet *request)
{
	struct wire_packet answer, other;
	size_t len;

	if (r->way == RADIUS_NOT_FOR_ANNA && memcmp(wire_find(request, 1,
	    &len), "anna", 4) == 0)
		return;
	decide(r, request, &answer);
	if (r->way == RADIUS_WRONG_NUMBER)
		answer.data[1]++;
	sign(r, request, &answer);
	if (r->requests++ == 0)
		r->first = answer;
	switch (r->way) {
	case RADIUS_SILENT:
		return;
	case RADIUS_RECOVERS:
		if (r->requests > 2)
			send_packet(r, &answer);
		return;
	case RADIUS_LATE:
		clock_sleep_until(clock_ms() + LATE_MS);
		break;
	case RADIUS_TWICE:
		other = answer;
		other.data[0] = 3;
		send_packet(r, &other);
		send_packet(r, &answer);
		break;
	case RADIUS_REPLAYED:
		r->first.data[1] = answer.data[1];
		send_packet(r, &r->first);
		return;
	case RADIUS_BROKEN:
	case RADIUS_FLOOD:
		send_junk(r, &answer);
		return;
	default:
		break;
	}
	send_packet(r, &answer);
}

void
responder_take(struct responder *r, struct wire_packet *request)
{
	write_request(r, request);
	answer_request(r, request);
}

NORETURN static void
serve(struct responder *r)
{
	for (;;) {
		struct wire_packet request = { .len = 0 };
		r->from_len = sizeof(r->from);
		ssize_t n = recvfrom(r->fd, request.data, WIRE_PACKET - 64, 0,
			(struct sockaddr *)&r->from, &r->from_len);
		if (n < WIRE_HEADER)
			continue;
		request.len = (size_t)n;
		responder_take(r, &request);
	}
}

pid_t
radius_start(const char *address, uint16_t port, enum radius_way way,
	const struct radius_user *users, size_t count, const char *reject)
{
	static struct responder r;
	struct address a;

	r = (struct responder){ .port = port, .way = way, .users = users,
		.count = count, .reject = reject };
	CHECK(address_parse(&a, address) == 0);
	address_set_port(&a, port);
	r.fd = socket(address_family(&a), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK(r.fd >= 0 && bind(r.fd, &a.any, address_size(&a)) == 0);
	pid_t pid = fork();
	if (pid == 0)
		serve(&r);
	close(r.fd);
	return pid;
}

void
radius_stop(pid_t pid)
{
	if (pid <= 0)
		return;
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

size_t
radius_times(uint16_t port, const char *text)
{
	const char *line = files_text(RADIUS_LOG);
	size_t times = 0;
	char begin[16];

	snprintf(begin, sizeof(begin), "%u ", port);
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		if (strncmp(line, begin, strlen(begin)) == 0 &&
		    memmem(line, len, text, strlen(text)) != NULL)
			times++;
		line += len + (line[len] == '\n');
	}
	return times;
}

struct awaited {
	uint16_t port;
	const char *text;
	size_t times;
};

static bool
has_come(void *context)
{
	const struct awaited *a = context;

	return radius_times(a->port, a->text) >= a->times;
}

bool
radius_await(uint16_t port, const char *text, size_t times)
{
	struct awaited a = { port, text, times };

	return wait_until(has_come, &a, 8000);
}
