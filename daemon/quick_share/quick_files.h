/*
 * quick_files.h - the temporary files of a quick share, in a directory that
 * only the user can enter:
 *
 *	shared		symbolic link to the directory, so that its name need
 *			not be quoted in settings
 *	accounts	the accounts file
 *	certificate.pem	certificate and key
 *	control		the control socket
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_FILES_H
#define DAEMON_QUICK_SHARE_QUICK_FILES_H

#include "common/base.h"

#define QUICK_FILES_PATH 100	/* short enough for a socket's address */

enum quick_file {
	QUICK_SHARED,
	QUICK_ACCOUNTS,
	QUICK_CERTIFICATE,
	QUICK_CONTROL,
	QUICK_FILES
};

struct quick_files {
	char base[QUICK_FILES_PATH / 2];	/* "": there is none */
	char path[QUICK_FILES][QUICK_FILES_PATH];
};

struct quick_account {
	const char *user;	/* its name; NULL: anonymous only */
	const char *account;	/* of the host */
	const char *password;
	bool writable;
};

/* Make the directory, and the link to `shared`.  0 or -errno. */
int quick_files_open(struct quick_files *f, const char *shared) MUST_CHECK;

/* Write the accounts file; without an account it is empty.  0 or -errno. */
int quick_files_write_account(const struct quick_files *f,
	const struct quick_account *a) MUST_CHECK;

/* The listening control socket, or -errno. */
int quick_files_listen(const struct quick_files *f) MUST_CHECK;

/* Remove all of them. */
void quick_files_remove(struct quick_files *f);

#endif
