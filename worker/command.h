/*
 * command.h - the tables of commands: one row for each.
 *
 * A cmd_*.c file holds functions and, at its end, their rows; command.c lists
 * the tables.  Everything else is derived from the row: where the command may
 * be used, which permission it needs, its syntax, HELP, SITE HELP, FEAT, logs,
 * commands_denied.
 *
 * A verb may have several rows for different forms of its argument: the first
 * that matches is used.  A verb of two words, such as SITE CHMOD, is a row like
 * any other; in commands_denied it is written SITE_CHMOD.
 */
#ifndef WORKER_COMMAND_H
#define WORKER_COMMAND_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/permissions.h"
#include "worker/session.h"

enum command_flags {
	COMMAND_BEFORE_LOGIN = 1 << 0,	/* allowed in the greeter */
	COMMAND_AFTER_LOGIN = 1 << 1,	/* allowed in the session */
	COMMAND_ALWAYS = 3,
	COMMAND_ARGUMENT = 1 << 2,	/* an argument is required (501) */
	COMMAND_IF_ARGUMENT = 1 << 3,	/* matches only lines with an
					 * argument */
	COMMAND_IF_TIME = 1 << 4,	/* matches only arguments that begin
					 * with a time */
	COMMAND_MID_TRANSFER = 1 << 5,	/* answered while a transfer runs */
	COMMAND_ABORTS = 1 << 6,	/* ends the running transfer */
	COMMAND_LAST = 1 << 7,		/* the client sends nothing after it
					 * until the reply */
	COMMAND_KEEPS_RESTART = 1 << 8,	/* allowed between REST and RETR */
	COMMAND_KEEPS_RENAME = 1 << 9,	/* allowed before RNTO */
	COMMAND_SECRET = 1 << 10,	/* the argument is never logged */
	COMMAND_TLS = 1 << 11,		/* only if TLS is configured */
	COMMAND_REFUSED = 1 << 12,	/* always refused; not in HELP */
	COMMAND_HASH = 1 << 13,		/* only with hash_commands */
	COMMAND_SYMLINK = 1 << 14,	/* only with allow_site_symlink */
	COMMAND_WHO = 1 << 15,		/* only for administrators, with
					 * allow_site_who */
	COMMAND_WORDS = 1 << 16,	/* the argument is no name: blanks
					 * around it are ignored */
	COMMAND_COPY = 1 << 17,		/* where settings name SITE_COPY, it is
					 * meant as well */
};

struct command {
	const char *verb;	/* upper case; may be two words: "SITE CHMOD" */
	unsigned flags;
	uint32_t permission;	/* PERMISSION_ bits it needs, or 0 */
	const char *syntax;	/* of the argument; "" for none */
	const char *feat;	/* FEAT line, or NULL */
	const char *help;	/* description: "lists a directory" */
	/* NULL: not supported (502); then help is the reason, or what to use
	 * instead */
	void (*run)(struct session *s, char *argument);
};

/* The row for a line, in any letter case.  NULL when there is none, or it is
 * denied; both get the same reply. */
const struct command *command_find(const struct session *s, const char *line,
	size_t len);

/* The argument of a line with this row.  It begins after one blank; if it is a
 * name, it may begin with further blanks.  An argument of blanks only is
 * none. */
const char *command_argument(const struct command *row, const char *line,
	size_t len);

/* The protocol log's entry for a line; row may be NULL. */
void command_log(const struct session *s, const struct command *row,
	const char *line);

/* Iterate over all rows: NULL gives the first; returns NULL after the last. */
const struct command *command_next(const struct command *row);

/* Is it meant by the word of a list?  SITE_CHMOD means SITE CHMOD, and SITE
 * means all SITE commands. */
bool command_is_meant(const struct command *row, const char *word, size_t len);

/* Is the command available: not in commands_denied, TLS is configured if it is
 * a TLS command, and allowed by the settings for its flags? */
bool command_is_offered(const struct session *s, const struct command *row);

/* The same, and does the account have the permission in at least one directory?
 * For FEAT and SITE HELP. */
bool command_is_usable(const struct session *s, const struct command *row);

/* Add verb and syntax, without those forms of the argument (separated by
 * " | ") that the settings switch off. */
void command_add_usage(struct buffer *b, const struct session *s,
	const struct command *row);

/* The tables, each terminated by a row without a verb. */
extern const struct command cmd_login_rows[];
extern const struct command cmd_tls_rows[];
extern const struct command cmd_info_rows[];
extern const struct command cmd_params_rows[];
extern const struct command cmd_data_rows[];
extern const struct command cmd_retr_rows[];
extern const struct command cmd_stor_rows[];
extern const struct command cmd_list_rows[];
extern const struct command cmd_dir_rows[];
extern const struct command cmd_file_rows[];
extern const struct command cmd_facts_rows[];
extern const struct command cmd_hash_rows[];
extern const struct command cmd_quota_rows[];
extern const struct command cmd_site_tree_rows[];
extern const struct command cmd_site_rows[];
extern const struct command cmd_who_rows[];
extern const struct command cmd_refused_rows[];

#endif
