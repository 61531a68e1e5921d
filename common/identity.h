/*
 * identity.h - the identity of a session: determined by the monitor during
 * the login, inherited by the session process, and applied to it by
 * role_enter().
 */
#ifndef COMMON_IDENTITY_H
#define COMMON_IDENTITY_H

#include "common/base.h"

#define IDENTITY_NAME_SIZE 256	/* LOGIN_NAME_MAX with its NUL */
#define IDENTITY_KEY_SIZE  (IDENTITY_NAME_SIZE + 32)

/* An account with a longer home directory or jail is refused: every page that
 * its paths reach into costs memory in each session. */
#define IDENTITY_PATH_SIZE 1024

enum identity_class {
	IDENTITY_SYSTEM,	/* an account of the host */
	IDENTITY_FILE,		/* of the accounts file */
	IDENTITY_ANONYMOUS,
	IDENTITY_GUEST,		/* guest: known to PAM only */
	IDENTITY_RADIUS,	/* accepted by a RADIUS server */
};

struct user_settings;		/* common/settings/settings.h */

/* A [directory] section that applies to the account. */
struct identity_directory {
	const char *path;	/* belongs to the settings */
	uint32_t permissions;	/* letters, as in user_settings */
	bool recursive;
	int fd;			/* open while the session process enters its
				 * place; -1 otherwise */
};

struct identity {
	char user[IDENTITY_NAME_SIZE];
	enum identity_class class;
	/* The account of the host with these ids: `user` itself, or the one
	 * that it is mapped to.  "" for IDENTITY_RADIUS with the ids of map_uid
	 * and map_gid: the session has no other groups. */
	char account[IDENTITY_NAME_SIZE];
	/* Sessions are counted and limited by this key, which is the same for
	 * every name of an account ("system 1000", "file anna"). */
	char key[IDENTITY_KEY_SIZE];
	uid_t uid;
	gid_t gid;
	uint64_t run_pass;	/* the master's, of session and uid */
	gid_t *groups;		/* supplementary, as PAM left them; malloc'd */
	size_t ngroups;
	char group[IDENTITY_NAME_SIZE];	/* whose [group] section applies, too;
					 * "": none */
	char home[IDENTITY_PATH_SIZE];
	size_t subdirectory;	/* where in `home` and `jail` the setting
				 * root_subdir begins; 0: not used */
	char shell[IDENTITY_PATH_SIZE];
	/* Set by common/accounts/place.h: the directory that becomes the root,
	 * or "" for the host's root; the home and start directories as the
	 * client sees them. */
	char jail[IDENTITY_PATH_SIZE];
	char client_home[IDENTITY_PATH_SIZE];
	char start[IDENTITY_PATH_SIZE];
	int root;		/* the jail's descriptor; -1: not open, or no
				 * jail */
	uint32_t permissions;	/* letters, as in user_settings */
	struct identity_directory *directories;	/* malloc'd */
	size_t ndirectories;
	const struct user_settings *settings;	/* with [group] and [user] */
};

#endif
