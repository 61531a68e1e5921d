/*
 * command.h - a command is a row (design section 6).
 *
 * A cmd_*.c file holds functions and, at its end, their rows; command.c lists
 * the tables.  Everything else follows from the row: where the command may be
 * used, which permission letter it needs, HELP, FEAT, logs.
 */
#ifndef WORKER_COMMAND_H
#define WORKER_COMMAND_H

#include "common/base.h"
#include "worker/session.h"

enum command_flags {
	COMMAND_BEFORE_LOGIN = 1 << 0,	/* allowed in the greeter */
	COMMAND_AFTER_LOGIN = 1 << 1,	/* allowed in the session */
	COMMAND_ALWAYS = 3,
	COMMAND_ARGUMENT = 1 << 2,	/* 501 without one */
	COMMAND_NO_ARGUMENT = 1 << 3,	/* 501 with one */
	COMMAND_IN_TRANSFER = 1 << 4,	/* answered while a transfer runs */
	COMMAND_KEEPS_RESTART = 1 << 5,	/* may stand between REST and RETR */
	COMMAND_SECRET = 1 << 6,	/* the argument is never logged */
	COMMAND_KEEPS_RENAME = 1 << 7,	/* may stand before RNTO */
	COMMAND_TLS = 1 << 8,		/* only where TLS is set up */
};

struct command {
	const char *verb;	/* upper case */
	unsigned flags;
	char letter;		/* permission it needs, or 0 */
	const char *syntax;	/* of the argument, "" for none */
	const char *feat;	/* FEAT line, or NULL */
	const char *help;	/* one sentence, without full stop */
	/* NULL: known to the RFCs, not served here (502) */
	void (*run)(struct session *s, char *argument);
};

/* Carry out a line: find the row, check state, argument, permission, run. */
void command_run(struct session *s, const char *line, size_t len);

/* During a transfer: carry out the waiting lines that have
 * COMMAND_IN_TRANSFER.  True when another line waits for the transfer's end. */
bool command_run_waiting(struct session *s);

/* The row of a verb of any letter case, or NULL. */
const struct command *command_find(const char *verb, size_t len);

/* Step through all rows: NULL gives the first, NULL comes after the last. */
const struct command *command_next(const struct command *row);

/* Is the command served here: not on the administrator's commands_denied list,
 * and, for those of TLS, with TLS set up? */
bool command_offered(const struct session *s, const struct command *row);

/* The tables, each ended by a row without verb. */
extern const struct command cmd_login_rows[];
extern const struct command cmd_tls_rows[];
extern const struct command cmd_info_rows[];
extern const struct command cmd_params_rows[];
extern const struct command cmd_data_rows[];
extern const struct command cmd_transfer_rows[];
extern const struct command cmd_list_rows[];
extern const struct command cmd_dir_rows[];
extern const struct command cmd_file_rows[];
extern const struct command cmd_site_rows[];

#endif
