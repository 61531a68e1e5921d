/*
 * quick_share.c - sureftpd --share.
 *
 * Runs in: the program; the server is a child (quick_server.c).
 * Never: runs as root; leaves temporary files behind when it ends.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_share.h"

#include "common/io.h"
#include "common/process/sandbox.h"
#include "common/text.h"
#include "common/tls/tls_server.h"
#include "daemon/control/ctl.h"
#include "daemon/control/ctl_password.h"
#include "daemon/quick_share/quick_address.h"
#include "daemon/quick_share/quick_code.h"
#include "daemon/quick_share/quick_files.h"
#include "daemon/quick_share/quick_options.h"
#include "daemon/quick_share/quick_server.h"
#include "daemon/quick_share/quick_watch.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>

#define PASSWORD_LENGTH 12	/* of one that is made: 60 bits */

struct quick_share {
	struct quick_options options;
	char directory[PATH_MAX];	/* the real path */
	char account[256];		/* the user's own */
	char password[CTL_PASSWORD_SIZE];
	uint16_t port;
	struct quick_addresses addresses;
	struct quick_files files;
	struct quick_watch watch;
	int control;
};

static int
fail(int status, const char *what, const char *why)
{
	fprintf(stderr, "sureftpd --share: %s: %s\n", what, why);
	return status;
}

/* --- before anything is made */

static int
find_directory(struct quick_share *q)
{
	const char *given = q->options.directory;
	struct stat st;

	if (realpath(given, q->directory) == NULL ||
	    stat(q->directory, &st) < 0)
		return fail(EX_NOINPUT, given, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return fail(EX_NOINPUT, given, "not a directory");
	if (access(q->directory, R_OK | X_OK) < 0)
		return fail(EX_NOPERM, given, strerror(errno));
	if (q->options.writable && access(q->directory, W_OK) < 0)
		return fail(EX_NOPERM, given, "no permission to write there");
	return EX_OK;
}

static int
find_account(struct quick_share *q)
{
	const struct passwd *pw = getpwuid(getuid());

	if (geteuid() == 0)
		return fail(EX_USAGE, "run it as an ordinary user",
			"clients would have root's rights; try runuser -u "
			"NAME -- sureftpd --share");
	if (pw == NULL || text_copy(q->account, sizeof(q->account),
	    pw->pw_name) < 0)
		return fail(EX_NOUSER, "no account",
			"your user id has no account in /etc/passwd");
	return EX_OK;
}

/* Without letters that look alike. */
static int
make_password(char *password)
{
	static const char letters[32 + 1] = "abcdefghijkmnpqrstuvwxyz23456789";
	uint8_t random[PASSWORD_LENGTH];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return fail(EX_OSERR, "getrandom", strerror(errno));
	for (size_t i = 0; i < sizeof(random); i++)
		password[i] = letters[random[i] % 32];
	password[sizeof(random)] = '\0';
	return EX_OK;
}

static int
find_password(struct quick_share *q)
{
	char why[256] = "";

	if (q->options.user == NULL)
		return EX_OK;
	if (!q->options.ask_password)
		return make_password(q->password);
	ctl_fail_keep(why, sizeof(why));
	int status = ctl_password_read(q->password);
	ctl_fail_keep(NULL, 0);
	return status == EX_OK ? EX_OK : fail(status, "--password", why);
}

static int
find_port(struct quick_share *q)
{
	const struct address *address = &q->options.address;
	char text[ADDRESS_TEXT_SIZE];
	BUFFER(what, 128);
	int port = quick_address_port(address, q->options.port);
	int error = port < 0 ? port :
		quick_address_list(&q->addresses, address);

	q->port = (uint16_t)port;
	if (error == 0)
		return EX_OK;
	buffer_addf(&what, "cannot listen on %s, port %d",
		address_is_set(address) ? address_text(address, text) :
		"any address", q->options.port != 0 ? q->options.port :
		QUICK_OPTIONS_PORT);
	return fail(EX_UNAVAILABLE, buffer_text(&what), strerror(-error));
}

/* --- what is made, and removed at the end */

static int
make_files(struct quick_share *q)
{
	const struct quick_account account = {
		.user = q->options.user, .account = q->account,
		.password = q->password, .writable = q->options.writable,
	};
	char host[ADDRESS_TEXT_SIZE];

	int error = quick_files_open(&q->files, q->directory);
	if (error == 0)
		error = quick_files_write_account(&q->files, &account);
	if (error == 0)
		error = tls_server_make_certificate(
			q->files.path[QUICK_CERTIFICATE],
			address_text(&q->addresses.list[0], host));
	if (error == 0)
		q->control = quick_files_listen(&q->files);
	if (error == 0 && q->control < 0)
		error = q->control;
	return error == 0 ? EX_OK : fail(EX_CANTCREAT, "temporary files",
		strerror(-error));
}

static int
start_server(struct quick_share *q, struct surroundings *surroundings)
{
	int log[2];

	if (pipe2(log, O_CLOEXEC) < 0)
		return fail(EX_OSERR, "pipe", strerror(errno));
	const struct quick_server server = {
		.options = &q->options, .files = &q->files,
		.account = q->account, .port = q->port,
		.control = q->control, .log = log[1],
		.surroundings = surroundings,
	};
	pid_t pid = quick_server_start(&server);
	io_close(&log[1]);
	io_close(&q->control);
#ifndef SANDBOX_SANITIZED	/* the leak checker attaches as a debugger */
	/* The server has this user id, too: it must not trace this process. */
	(void)prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
#endif
	if (pid < 0) {
		io_close(&log[0]);
		return fail(EX_OSERR, "fork", strerror(-pid));
	}
	(void)io_nonblocking(log[0], true);
	q->watch.server = pid;
	q->watch.log = log[0];
	q->watch.control = q->files.path[QUICK_CONTROL];
	return EX_OK;
}

/* --- what the user sees */

static void
print_code(const struct quick_share *q)
{
	const struct address *first = &q->addresses.list[0];
	BUFFER(url, QUICK_ADDRESS_URL);

	if (!q->watch.screen.on || setlocale(LC_CTYPE, "") == NULL ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return;
	quick_address_url(&url, first, q->port, q->options.user);
	if (quick_code_print(buffer_text(&url), quick_screen_columns(),
	    stdout))
		putchar('\n');
}

static void
print_sandbox(const struct quick_share *q, const struct scoreboard *head)
{
	printf("Confined by: user namespace%s%s\n",
		head->seccomp ? ", seccomp" : "",
		head->landlock > 0 ? ", Landlock" : "");
	printf("Missing: separate accounts for the server's processes, which "
		"all run as %s%s%s\n", q->account,
		head->seccomp ? "" : "; seccomp (not in this kernel)",
		head->landlock > 0 ? "" : "; Landlock (not in this kernel)");
}

static void
print_share(const struct quick_share *q, const struct scoreboard *head)
{
	BUFFER(name, 2 * PATH_MAX);

	text_escape(&name, q->directory, strlen(q->directory));
	printf("Sharing %s, %s\n", buffer_text(&name), q->options.writable ?
		"clients can change it" : "read-only");
	if (q->options.user == NULL)
		puts("Login: anonymous, no password");
	else
		printf("Login: %s, password %s\n", q->options.user,
			q->options.ask_password ? "as given" : q->password);
	printf("TLS: %s (explicit, self-signed certificate)\n",
		q->options.require_tls ? "required" : "possible");
	print_sandbox(q, head);
	putchar('\n');
	for (size_t i = 0; i < q->addresses.count; i++) {
		BUFFER(url, QUICK_ADDRESS_URL);
		quick_address_url(&url, &q->addresses.list[i], q->port,
			q->options.user);
		printf("  %s\n", buffer_text(&url));
	}
	putchar('\n');
	print_code(q);
	puts("Press Ctrl-C to end.");
	(void)!fflush(stdout);
}

/* --- one after the other */

static int
serve_share(struct quick_share *q, struct surroundings *surroundings)
{
	struct ctl_board board;
	int status = make_files(q);

	if (status == EX_OK)
		status = start_server(q, surroundings);
	if (q->options.ask_password)
		explicit_bzero(q->password, sizeof(q->password));
	if (status != EX_OK)
		return status;
	if (quick_watch_ready(&q->watch, &board)) {
		print_share(q, &board.head);
		ctl_board_clear(&board);
	} else if (!q->watch.reaped) {
		(void)kill(q->watch.server, SIGTERM);
	}
	status = quick_watch_run(&q->watch);
	quick_screen_close(&q->watch.screen);
	io_close(&q->watch.log);
	return status;
}

int
quick_share_main(int argc, char **argv, struct surroundings *surroundings)
{
	static struct quick_share share;
	struct quick_share *q = &share;
	int status = quick_options_parse(&q->options, argc, argv);

	if (status >= 0)
		return status;
	q->control = q->watch.log = -1;
	if ((status = find_account(q)) != EX_OK ||
	    (status = find_directory(q)) != EX_OK ||
	    (status = find_port(q)) != EX_OK ||
	    (status = find_password(q)) != EX_OK)
		return status;
	quick_screen_open(&q->watch.screen, q->directory);
	q->watch.signals = quick_watch_signals();
	if (q->watch.signals < 0)
		return fail(EX_OSERR, "signalfd", strerror(-q->watch.signals));
	status = serve_share(q, surroundings);
	quick_files_remove(&q->files);
	io_close(&q->watch.signals);
	return status;
}
