/*
 * talk.c - see talk.h.
 */
#include "common/base.h"

#include "tests/unit/talk.h"

#include "tests/unit/unit.h"

#include "common/settings/settings_load.h"
#include "common/text.h"
#include "worker/command_loop.h"
#include "worker/transfer/mid_transfer.h"
#include "common/tls/tls_server.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>

static void
complain(void *context UNUSED, const char *where, const char *sentence)
{
	fprintf(stderr, "%s: %s\n", where, sentence);
}

static void
make_home(struct talk *t)
{
	snprintf(t->home, sizeof(t->home), "/tmp/sureftpd-talk-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(t->home));
	CU_ASSERT_EQUAL_FATAL(chdir(t->home), 0);
}

static void
log_in(struct talk *t)
{
	struct session *s = &t->session;

	snprintf(t->identity.user, sizeof(t->identity.user), "anna");
	snprintf(t->identity.client_home, sizeof(t->identity.client_home),
		"%s", t->home);
	t->identity.uid = geteuid();
	t->identity.gid = getegid();
	t->limits = t->settings->user;
	t->identity.settings = &t->limits;
	t->identity.permissions = t->limits.permissions;
	session_log_in(s, &t->identity);
}

/* Answers of this process, in place of a monitor's. */
static int
cleartext_login(void *context UNUSED, const char *user UNUSED)
{
	return 1;
}

static int
active_socket(void *context UNUSED, const struct address *to UNUSED)
{
	return -EADDRNOTAVAIL;
}

void
talk_open(struct talk *t, bool logged_in)
{
	struct message_client client = { .session = 1 };
	int control[2], channel[2];

	memset(t, 0, sizeof(*t));
	make_home(t);
	t->settings = settings_load(NULL, true, NULL, 0, complain, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->settings);
	t->names = names_load("/nonexistent", "/nonexistent");
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, control), 0);
	CU_ASSERT_EQUAL_FATAL(channel_pair(channel), 0);
	t->client = control[0];
	t->monitor = channel[0];

	(void)!address_parse(&client.peer, "127.0.0.1");
	(void)!address_parse(&client.local, "127.0.0.1");
	address_set_port(&client.peer, 40000);
	address_set_port(&client.local, 21);
	session_init(&t->session, t->settings, &client, control[1], channel[1],
		logged_in ? PARTY_SESSION : PARTY_GREETER);
	t->session.authority = (struct authority){
		.cleartext_login = cleartext_login,
		.active_socket = active_socket,
	};
	mid_transfer_init(&t->session);
	t->session.names = t->names;
	t->tls = tls_server_load(t->settings, complain, NULL);
	t->session.tls_server = t->tls;
	if (logged_in)
		log_in(t);
}

static int
remove_entry(const char *path, const struct stat *st UNUSED, int type UNUSED,
	struct FTW *ftw UNUSED)
{
	return remove(path);
}

void
talk_close(struct talk *t)
{
	data_reset(&t->session.data);
	close(t->client);
	close(t->monitor);
	close(t->session.control.stream.fd);
	close(t->session.monitor.fd);
	CU_ASSERT_EQUAL(chdir("/"), 0);
	CU_ASSERT_EQUAL(nftw(t->home, remove_entry, 16,
		FTW_DEPTH | FTW_PHYS), 0);
	names_free(t->names);
	tls_server_free(t->tls);
	settings_free(t->settings);
}

const char *
talk_say(struct talk *t, const char *line)
{
	static char answer[65536];
	ssize_t n;

	command_loop_line(&t->session, line, strlen(line));
	n = read(t->client, answer, sizeof(answer) - 1);
	answer[n < 0 ? 0 : n] = '\0';
	return answer;
}

int
talk_code(struct talk *t, const char *line)
{
	const char *answer = talk_say(t, line);
	int64_t code = 0;

	if (text_number(answer, 3, &code) < 0)
		return -1;
	return (int)code;
}
