/*
 * played.c - see played.h.
 */
#include "common/base.h"

#include "tests/fuzz/played.h"

#include "common/process/change_owner.h"
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>
#include <sys/stat.h>

#define ATTEMPTS 3

void
played_begin(struct played *p)
{
	*p = (struct played){ .handover = -1, .relay = { .fd = -1 } };
}

/* The monitor is gone: there is no answer, and the session is over. */
static void
be_silent(struct played *p)
{
	p->silent = true;
	session_end(p->session, OUTCOME_STOPPED);
}

static void
grant(struct played *p, struct message *m)
{
	int fds[2];

	message_zero(m);
	fuzz_must(channel_pair(fds) == 0, "channel_pair");
	m->type = MESSAGE_granted;
	m->fds[0] = fds[0];
	p->handover = fds[1];
}

static void
deny(struct message *m, enum denial denial)
{
	message_zero(m);
	m->type = MESSAGE_denied;
	m->denied.denial = denial;
}

/* More than the password is asked for; "right" is the answer, too. */
static void
prompt(struct message *m)
{
	message_zero(m);
	m->type = MESSAGE_prompt;
	(void)!snprintf(m->prompt.text, sizeof(m->prompt.text),
		"One line.\nCode:");
}

static bool
log_in(void *context, struct message *m)
{
	struct played *p = context;
	bool answer = m->type == MESSAGE_answer;
	const char *password = answer ? m->answer.text : m->auth.password;

	if (strcmp(password, "more") == 0) {
		prompt(m);
		return true;
	}
	p->attempts++;
	if (strcmp(password, "lost") == 0)
		be_silent(p);
	else if (strcmp(password, "right") == 0)
		grant(p, m);
	else if (p->attempts >= ATTEMPTS)
		deny(m, DENIAL_LAST);
	else
		deny(m, strcmp(password, "busy") == 0 ? DENIAL_BUSY
						      : DENIAL_INCORRECT);
	return !p->silent;
}

static int
cleartext_login(void *context, const char *user)
{
	struct played *p = context;

	if (strcmp(user, "lost") != 0)
		return strcmp(user, "never") != 0;
	be_silent(p);
	return -ECANCELED;
}

static int
active_socket(void *context UNUSED, const struct address *to)
{
	int fd;

	switch (address_port(to) % 4) {
	case 1:
		return -EADDRINUSE;
	case 3:
		return -ECANCELED;
	default:
		fd = socket(address_family(to), SOCK_STREAM | SOCK_CLOEXEC, 0);
		return fd < 0 ? -errno : fd;
	}
}

static int
give_upload(void *context UNUSED, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return st.st_ino % 2 == 0 ? 0 : -EPERM;
}

static int
answer_owner(void *context UNUSED, int fd, int64_t uid, int64_t gid UNUSED)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return uid % 2 == 0 ? 0 : -OWNER_OF_SYSTEM;
}

static int
check_upload(void *context UNUSED, int fd, const char *path UNUSED,
	int64_t seconds UNUSED)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return st.st_size % 2 == 0 ? 0 : -EACCES;
}

void
played_answer(struct played *p, struct session *s)
{
	p->session = s;
	s->authority = (struct authority){
		.context = p,
		.log_in = log_in,
		.cleartext_login = cleartext_login,
		.active_socket = active_socket,
		.give_upload = give_upload,
		.change_owner = answer_owner,
		.check_upload = check_upload,
	};
}

bool
played_relay(struct played *p)
{
	struct message m;
	char byte;

	if (p->relay.fd < 0 ||
		recv(p->relay.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 1)
		return false;
	if (channel_recv(&p->relay, &m) != 1)
		fuzz_fail("the relay is asked something wrong");
	if (m.type == MESSAGE_ticket)
		return true;
	m.type = m.type == MESSAGE_catch_up ? MESSAGE_caught_up
					    : MESSAGE_end_tls_ready;
	fuzz_must(channel_send(&p->relay, &m) == 0, "channel_send");
	return true;
}
