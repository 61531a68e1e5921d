/*
 * ctl_json.h - writing JSON (RFC 8259), an object a line.
 *
 *	struct ctl_json j;
 *	ctl_json_begin(&j, stdout);
 *	ctl_json_number(&j, "session", 3);
 *	ctl_json_open(&j, "list", '[');
 *	ctl_json_text(&j, NULL, "in an array there is no key");
 *	ctl_json_close(&j, ']');
 *	ctl_json_end(&j);
 *
 * What comes out is ASCII, whatever bytes the texts hold: other characters are
 * \u escapes, and a byte that is no UTF-8 becomes U+FFFD.
 */
#ifndef DAEMON_CONTROL_CTL_JSON_H
#define DAEMON_CONTROL_CTL_JSON_H

#include "common/base.h"

struct ctl_json {
	FILE *out;
	bool more;	/* a comma comes before the next */
};

void ctl_json_begin(struct ctl_json *j, FILE *out);
void ctl_json_end(struct ctl_json *j);

void ctl_json_text(struct ctl_json *j, const char *key, const char *text);
void ctl_json_number(struct ctl_json *j, const char *key, int64_t number);
void ctl_json_bool(struct ctl_json *j, const char *key, bool value);
void ctl_json_null(struct ctl_json *j, const char *key);

/* An object '{' or array '[' inside, and its end '}' or ']'. */
void ctl_json_open(struct ctl_json *j, const char *key, char bracket);
void ctl_json_close(struct ctl_json *j, char bracket);

#endif
