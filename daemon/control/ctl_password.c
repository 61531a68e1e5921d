/*
 * ctl_password.c - reads a password from the terminal or from standard input.
 *
 * Runs in: sureftpctl.
 * Never: takes one from the command line, which every user can read.
 */
#include "common/base.h"
#include "daemon/control/ctl_password.h"

#include "common/password_hash.h"
#include "daemon/control/ctl.h"

#include <signal.h>
#include <sysexits.h>
#include <termios.h>

static volatile sig_atomic_t stopped;	/* the signal received, or 0 */

static void
stop(int signal_number)
{
	stopped = signal_number;
}

/* Read one line.  Its length without the line end; -1 at the end of the input,
 * for a line that is too long or contains a NUL, and after a signal. */
static ssize_t
read_line(char *line, size_t size)
{
	size_t len = 0;
	char c = '\0';

	while (stopped == 0 && read(STDIN_FILENO, &c, 1) == 1) {
		if (c == '\n')
			break;
		if (c == '\0' || len + 1 >= size)
			return -1;
		line[len++] = c;
	}
	if (stopped != 0 || (c != '\n' && len == 0))
		return -1;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return (ssize_t)len;
}

static ssize_t
ask(const char *prompt, char *line)
{
	fputs(prompt, stderr);
	ssize_t len = read_line(line, CTL_PASSWORD_SIZE);
	fputc('\n', stderr);
	return len;
}

static ssize_t
ask_twice(char *password)
{
	char again[CTL_PASSWORD_SIZE] = "";
	ssize_t len = ask("Password: ", password);

	if (len > 0 && (ask("Retype password: ", again) < 0 ||
	    !password_hash_equal(password, again))) {
		if (stopped == 0)
			fputs("Passwords do not match.\n", stderr);
		len = -1;
	}
	explicit_bzero(again, sizeof(again));
	return len;
}

/* Echo is restored even after an interrupt. */
static ssize_t
read_from_terminal(char *password)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP,
		SIGTSTP };
	struct sigaction action = { .sa_handler = stop };
	struct sigaction before[ARRAY_SIZE(signals)];
	struct termios shown, hidden;

	if (tcgetattr(STDIN_FILENO, &shown) < 0)
		return -1;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, &before[i]);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	ssize_t len = ask_twice(password);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
	if (stopped != 0)
		raise(stopped);
	return len;
}

int
ctl_password_read(char *password)
{
	ssize_t len = isatty(STDIN_FILENO) ? read_from_terminal(password) :
		read_line(password, CTL_PASSWORD_SIZE);

	if (len > 0)
		return EX_OK;
	explicit_bzero(password, CTL_PASSWORD_SIZE);
	if (len == 0)
		return ctl_fail(EX_DATAERR, "the password is empty");
	return ctl_fail(EX_DATAERR, "no password: one line of at most %d bytes "
		"is needed", CTL_PASSWORD_SIZE - 1);
}
