/*
 * cmd_refused.c - commands of the RFCs and of other servers that this one does
 * not support: clients get 502 with the reason, not 500.
 *
 * Runs in: nothing; contains only rows.
 */
#include "common/base.h"

#include "worker/command.h"

const struct command cmd_refused_rows[] = {
	/* RFC 959 */
	{ "SMNT", COMMAND_ALWAYS, 0, "<path>", NULL,
		"there is one tree of files", NULL },
	/* RFC 1639 */
	{ "LPRT", COMMAND_ALWAYS, 0, "<address>", NULL, "use EPRT", NULL },
	{ "LPSV", COMMAND_ALWAYS, 0, "", NULL, "use EPSV", NULL },
	/* draft-somers-ftp-mfxx */
	{ "MFCT", COMMAND_ALWAYS, 0, "<YYYYMMDDHHMMSS> <path>", NULL,
		"the creation time of a file cannot be set", NULL },
	/* TLS between two servers needs one of them to be the TLS client */
	{ "SSCN", COMMAND_ALWAYS, 0, "ON | OFF", NULL,
		"this server is never the client of a TLS connection", NULL },
	{ "CPSV", COMMAND_ALWAYS, 0, "", NULL,
		"this server is never the client of a TLS connection", NULL },
	/* distributed servers */
	{ "PRET", COMMAND_ALWAYS, 0, "<command>", NULL,
		"PASV and EPSV need no announcement", NULL },
	{ .verb = NULL },
};
