/*
 * ctl_json.h - writes JSON (RFC 8259), one object per line.
 *
 * 	struct ctl_json j;
 * 	ctl_json_begin(&j, stdout);
 * 	ctl_json_number(&j, "session", 3);
 * 	ctl_json_open(&j, "list", '[');
 * 	ctl_json_text(&j, NULL, "in an array there is no key");
 * 	ctl_json_close(&j, ']');
 * 	ctl_json_end(&j);
 *
 * The output is ASCII, whatever bytes the texts contain: other characters
 * become \u escapes, and bytes that are not UTF-8 become U+FFFD.
 */
#ifndef DAEMON_CONTROL_CTL_JSON_H
#define DAEMON_CONTROL_CTL_JSON_H

#include "common/base.h"

struct ctl_json {
	FILE *out;
	bool more;	/* the next item needs a comma before it */
};

void ctl_json_begin(struct ctl_json *j, FILE *out);
void ctl_json_end(struct ctl_json *j);

void ctl_json_text(struct ctl_json *j, const char *key, const char *text);
void ctl_json_number(struct ctl_json *j, const char *key, int64_t number);
void ctl_json_bool(struct ctl_json *j, const char *key, bool value);
void ctl_json_null(struct ctl_json *j, const char *key);

/* Begin a nested object '{' or array '[', and end it with '}' or ']'. */
void ctl_json_open(struct ctl_json *j, const char *key, char bracket);
void ctl_json_close(struct ctl_json *j, char bracket);

#endif
