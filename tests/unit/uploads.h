/*
 * uploads.h - a tree to upload to, in a directory of its own.
 */
#ifndef TESTS_UNIT_UPLOADS_H
#define TESTS_UNIT_UPLOADS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "worker/tree/file_end.h"

extern struct user_settings settings;	/* of the account; set by each enter */
extern struct tree tree;

/* Begin in an empty directory, with every permission; leave it again. */
void uploads_enter(void);
void uploads_leave(void);

/* The same with atomic_uploads; `named`: temporary files have names. */
void uploads_enter_atomic(bool named);

/* That directory. */
const char *uploads_top(void);

/* Make a file of this text, or replace what is in it. */
void uploads_write(const char *path, const char *text);

void uploads_check(const char *path, const char *text);

/* Begin a STOR of this path and write the text, without ending it; then end
 * it and close *f: the result of file_end_upload(). */
void uploads_begin(struct file *f, const char *path, const char *text);
int uploads_end(struct file *f, bool complete);

bool uploads_is_link(const char *path);

#endif
