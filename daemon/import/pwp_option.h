/*
 * pwp_option.h - pwp_options.def as data.
 *
 * One row for every key of ftpd.conf that the PWP server
 * (Net::FTPServer::PWP::Server 1.21) or its base Net::FTPServer (up to 1.125)
 * reads, and what the import does with it.
 */
#ifndef DAEMON_IMPORT_PWP_OPTION_H
#define DAEMON_IMPORT_PWP_OPTION_H

#include "common/base.h"

enum pwp_option {
#define OPTION(name, key, origin, kind, repeated, default_text, map, sentence) \
	PWP_##name,
#include "daemon/import/pwp_options.def"
#undef OPTION
	PWP_OPTIONS,
};

enum pwp_kind {
	PWP_FLAG,	/* 0 or nothing is false, all else is true */
	PWP_NUMBER,
	PWP_TEXT,
	PWP_RULE,	/* a Perl expression */
	PWP_SECRET,	/* not to be shown */
};

enum pwp_origin {
	PWP_OWN,	/* the PWP server's */
	PWP_BASE,	/* Net::FTPServer's */
};

struct pwp_row {
	const char *key;	/* lower case, single spaces */
	enum pwp_origin origin;
	enum pwp_kind kind;
	bool repeated;		/* every line counts; else the first */
	const char *default_text;
	const char *sentence;	/* for the report; the mapping may set one */
};

extern const struct pwp_row pwp_table[PWP_OPTIONS];

/* The option of a key in any letter case, with any number of spaces between
 * its words; PWP_OPTIONS when there is none. */
enum pwp_option pwp_find(const char *key, size_t len);

/* Numbers as Perl understands them: "12 files" is 12, "x" is 0.  Huge ones are
 * limited. */
int64_t pwp_number(const char *text);

/* Is it written in digits only, with or without a minus sign? */
bool pwp_number_is_plain(const char *text);

bool pwp_is_true(const char *text);

#endif
