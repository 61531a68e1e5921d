/*
 * settings.h - the settings as the program uses them.
 *
 * Five structs, one for each scope, whose fields are the rows of settings.def.
 * A `struct settings` is loaded once (settings_load.h) and replaced as a whole
 * by a reload; processes inherit theirs by fork.  Only the master changes
 * numbers in its own, by order of an administrator (daemon/control/orders.h).
 */
#ifndef COMMON_SETTINGS_SETTINGS_H
#define COMMON_SETTINGS_SETTINGS_H

#include "common/address.h"
#include "common/base.h"

struct port_range {
	uint16_t from, to;	/* both 0: any port */
};

#define SETTINGS_MAX_SIZE (INT64_C(1) << 60)	/* of a kind SIZE: 1024^2 T */
#define SETTINGS_MAX_RATE (INT64_C(1) << 40)	/* 1 T a second */

#define SETTINGS_TYPE_BOOL    bool
#define SETTINGS_TYPE_NUMBER  int64_t
#define SETTINGS_TYPE_SECONDS int64_t
#define SETTINGS_TYPE_SIZE    int64_t
#define SETTINGS_TYPE_MODE    int
#define SETTINGS_TYPE_TEXT    char *
#define SETTINGS_TYPE_LIST    char *
#define SETTINGS_TYPE_LINES   char *
#define SETTINGS_TYPE_PATH    char *
#define SETTINGS_TYPE_CHOICE  int
#define SETTINGS_TYPE_ADDRESS struct address
#define SETTINGS_TYPE_PORTS   struct port_range
#define SETTINGS_TYPE_LETTERS uint32_t
#define SETTINGS_TYPE_TEMPLATE char *
#define SETTINGS_TYPE_NETWORKS char *
#define SETTINGS_TYPE_HASH    char *
#define SETTINGS_TYPE_SECRET  char *
#define SETTINGS_TYPE_GLOBS char *

#define SETTINGS_FIELD_SERVER(kind, key)
#define SETTINGS_FIELD_LISTENER(kind, key)
#define SETTINGS_FIELD_TLS(kind, key)
#define SETTINGS_FIELD_USER(kind, key)
#define SETTINGS_FIELD_DIRECTORY(kind, key)
#define SETTING(scope, section, key, kind, def, min, max, unit, vsftpd, text) \
	SETTINGS_FIELD_##scope(kind, key)

struct server_settings {
#undef SETTINGS_FIELD_SERVER
#define SETTINGS_FIELD_SERVER(kind, key) SETTINGS_TYPE_##kind key;
#include "common/settings/settings.def"
#undef SETTINGS_FIELD_SERVER
#define SETTINGS_FIELD_SERVER(kind, key)
};

struct listener_settings {
	char *name;	/* "" for [listener] */
#undef SETTINGS_FIELD_LISTENER
#define SETTINGS_FIELD_LISTENER(kind, key) SETTINGS_TYPE_##kind key;
#include "common/settings/settings.def"
#undef SETTINGS_FIELD_LISTENER
#define SETTINGS_FIELD_LISTENER(kind, key)
};

struct tls_settings {
	char *name;	/* the host name (SNI); "" for [tls] */
#undef SETTINGS_FIELD_TLS
#define SETTINGS_FIELD_TLS(kind, key) SETTINGS_TYPE_##kind key;
#include "common/settings/settings.def"
#undef SETTINGS_FIELD_TLS
#define SETTINGS_FIELD_TLS(kind, key)
};

struct user_settings {
	const char *limited_group; /* the [group] section whose max_group_ and
				 * max_per_group limits apply; NULL: none */
#undef SETTINGS_FIELD_USER
#define SETTINGS_FIELD_USER(kind, key) SETTINGS_TYPE_##kind key;
#include "common/settings/settings.def"
#undef SETTINGS_FIELD_USER
#define SETTINGS_FIELD_USER(kind, key)
};

struct directory_settings {
#undef SETTINGS_FIELD_DIRECTORY
#define SETTINGS_FIELD_DIRECTORY(kind, key) SETTINGS_TYPE_##kind key;
#include "common/settings/settings.def"
#undef SETTINGS_FIELD_DIRECTORY
};

#undef SETTING
#undef SETTINGS_FIELD_SERVER
#undef SETTINGS_FIELD_LISTENER
#undef SETTINGS_FIELD_TLS
#undef SETTINGS_FIELD_USER

#define SETTINGS_MAX_DIRECTORIES 200
#define SETTINGS_MAX_LISTENERS 16
#define SETTINGS_MAX_TLS       16

/* CHOICE values in the order of settings.def. */
enum { OVERWRITE_ALLOW, OVERWRITE_DENY, OVERWRITE_RENAME };
enum { INCOMPLETE_KEEP, INCOMPLETE_DELETE };
enum { LOG_TO_STDERR, LOG_TO_SYSLOG, LOG_TO_JOURNALD };
enum { RUN_AS_RUNNER, RUN_AS_SESSION };
enum { TLS_EXPLICIT, TLS_IMPLICIT, TLS_OFF };
enum { PROXY_PROTOCOL_NO, PROXY_PROTOCOL_REQUIRE };
enum { PROXY_DATA_PROXY, PROXY_DATA_HEADER, PROXY_DATA_CLIENT };
enum { MIN_VERSION_1_2, MIN_VERSION_1_3 };
enum { CLIENT_CERTIFICATE_NO, CLIENT_CERTIFICATE_REQUEST,
	CLIENT_CERTIFICATE_REQUIRE };
enum { RADIUS_PAP, RADIUS_CHAP, RADIUS_MSCHAPV2 };
enum { GUESTS_UNKNOWN, GUESTS_ALL };
enum { CERTIFICATE_USER_CN, CERTIFICATE_USER_EMAIL, CERTIFICATE_USER_MAP };
enum { REQUIRE_TLS_NO, REQUIRE_TLS_LOGIN, REQUIRE_TLS_DATA, REQUIRE_TLS_BOTH };
enum { REUSE_STRICT, REUSE_REQUIRE, REUSE_PREFER, REUSE_OFF };
enum { CLOSE_NOTIFY_NO, CLOSE_NOTIFY_UPLOAD, CLOSE_NOTIFY_DOWNLOAD,
	CLOSE_NOTIFY_BOTH };
enum { CODE_IN_PASSWORD_NO, CODE_IN_PASSWORD_COMMA,
	CODE_IN_PASSWORD_APPEND };
enum { ASCII_CONVERT, ASCII_PRETEND, ASCII_REFUSE };
enum { ASCII_SIZE_REFUSE, ASCII_SIZE_COUNT };
enum { LIST_TIMES_GMT, LIST_TIMES_LOCAL };
enum { LIST_SORT_NAME, LIST_SORT_NONE };
enum { UPLOAD_HASH_NO };	/* then those of worker/data/hash.h */
enum { LIST_LINKS_TARGET, LIST_LINKS_LINK };
enum { LIST_OWNERS_NAMES, LIST_OWNERS_NUMBERS, LIST_OWNERS_HIDDEN };
enum { SYMLINKS_FOLLOW, SYMLINKS_INSIDE, SYMLINKS_DENY };
enum { QUOTA_ENGINE_LEDGER, QUOTA_ENGINE_KERNEL, QUOTA_ENGINE_BOTH };
enum { QUOTA_FORMAT_TEXT, QUOTA_FORMAT_LEDGER };
enum { SITE_QUOTA_PLAIN, SITE_QUOTA_PWP };
enum { SHOW_HIDDEN_ASKED, SHOW_HIDDEN_ALWAYS, SHOW_HIDDEN_NO };
enum { ANONYMOUS_PASSWORD_NONE, ANONYMOUS_PASSWORD_ANY,
	ANONYMOUS_PASSWORD_EMAIL, ANONYMOUS_PASSWORD_LIST };
enum { LOGIN_WITH_PASSWORD, LOGIN_WITH_CERTIFICATE,
	LOGIN_WITH_CERTIFICATE_AND_PASSWORD };

/* The number of each row of settings.def: SETTINGS_ROW_server_banner... */
enum {
#define SETTING(scope, section, key, kind, def, min, max, unit, vsftpd, text) \
	SETTINGS_ROW_##section##_##key,
#include "common/settings/settings.def"
#undef SETTING
	SETTINGS_ROWS
};

/* Where the value of each row came from: a line of the file, or one of
 * these. */
enum { SETTINGS_FROM_DEFAULT = 0, SETTINGS_FROM_COMMAND_LINE = -1,
	SETTINGS_FROM_RADIUS = -2 };

struct settings_origin {
	int line[SETTINGS_ROWS];
};

/* The origins in struct settings: first those of server, user and [tls]; then
 * of each listener and of each [tls NAME] (the first is not used). */
#define SETTINGS_ORIGIN_LISTENER(i) (1 + (i))
#define SETTINGS_ORIGIN_TLS(i)      (1 + SETTINGS_MAX_LISTENERS + (i))
#define SETTINGS_ORIGINS            SETTINGS_ORIGIN_TLS(SETTINGS_MAX_TLS)

/* One [user NAME], [group NAME] or [client NAME]: the rows whose origin is not
 * the default are set. */
#define SETTINGS_OVERRIDES 3
struct settings_override {
	enum { OVERRIDE_USER, OVERRIDE_GROUP, OVERRIDE_CLIENT } kind;
	char *name;
	struct user_settings values;
	struct settings_origin origin;
};

/* One [directory "PATH"]; the same path may have several. */
struct settings_directory {
	char *path;
	struct directory_settings values;
	struct settings_origin origin;
};

struct settings {
	struct server_settings server;
	struct settings_override anonymous;	/* what [anonymous] sets for
						 * its sessions */
	struct user_settings user;	/* before [user] and [group] */
	struct listener_settings listeners[SETTINGS_MAX_LISTENERS];
	size_t listener_count;		/* at least 1 */
	struct tls_settings tls[SETTINGS_MAX_TLS];
	size_t tls_count;		/* at least 1: the first is [tls] */
	struct settings_override *overrides;
	size_t override_count;
	struct settings_directory *directories;	/* in the order of the file */
	size_t directory_count;
	struct settings_origin *origins; /* SETTINGS_ORIGINS of them */
	struct settings_message *messages;	/* settings_messages.h */
	size_t message_count;
	char *path;			/* the file read, or "" */
};

/* One mistake or warning, as text for the administrator.  `where` is
 * "FILE:LINE", "FILE" or "-o ASSIGNMENT"; control characters in both are
 * escaped. */
typedef void settings_complaint(void *context, const char *where,
	const char *sentence);

/* The first word of the heading of each kind. */
extern const char *const settings_override_words[SETTINGS_OVERRIDES];

/* Set in *out what the override sets; strings remain the override's. */
void settings_apply(const struct settings_override *o,
	struct user_settings *out);

/*
 * The settings of this account: the general values, then its [group] sections
 * in the order of the file, then its [user] section.  Strings
 * in *out belong to settings.
 */
void settings_for_user(const struct settings *settings, const char *user,
	const char *const *groups, size_t ngroups, struct user_settings *out);
bool settings_is_member(const char *const *groups, size_t ngroups,
	const char *name);

/* The listener of this name ("": [listener]); NULL if there is none. */
const struct listener_settings *settings_listener(
	const struct settings *settings, const char *name);

/* Does require_tls, in these settings, apply to logins, to data
 * connections? */
bool settings_tls_login(const struct user_settings *user);
bool settings_tls_data(const struct user_settings *user);

/* Does require_tls_close_notify apply? */
bool settings_close_notify_upload(const struct user_settings *user);
bool settings_close_notify_download(const struct user_settings *user);

/* Is a data connection to this address (active) or from it (passive) allowed,
 * although it is not the client's (allow_fxp)? */
bool settings_allow_fxp(const struct listener_settings *listener,
	const struct address *other, bool active);

/* May an active data connection go to this address, for a client at `peer` that
 * is connected to `local`?  0; -EPERM for another host than the
 * client (allow_fxp); -EACCES for a port below 1024 and for port 0;
 * -EAFNOSUPPORT for the other IP version. */
int settings_check_active(const struct listener_settings *rules,
	const struct address *local, const struct address *peer,
	const struct address *to) MUST_CHECK;

/* Does what a client needs to log in depend on more than its name: on groups,
 * on the accounts file, on [anonymous]? */
bool settings_tls_by_account(const struct settings *settings);

#endif
