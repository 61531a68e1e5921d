/*
 * imports.h - common code of the fuzzers of imports: files in a jail (jail.h),
 * and the checks of every result.
 *
 * A line "==> NAME" in an input begins another file: "list", or "users/anna".
 * There is no /proc in the jail: the linker redirects memfd_create() to
 * imports.c (-Wl,--wrap), which creates an ordinary file with the name that the
 * descriptor would have in /proc.
 */
#ifndef TESTS_FUZZ_IMPORTS_H
#define TESTS_FUZZ_IMPORTS_H

#include "common/base.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"

/* In the jail: directories, and accounts. */
void imports_make_place(void);

void imports_write_file(const char *path, const void *data, size_t len);

/* The first part of an input becomes `path`, the others are files beside it. */
void imports_write_files(const char *path, const char *data, size_t size);

/* sureftpd accepts the draft as it is printed. */
void imports_check_draft(struct draft *draft);

/* Each of these lines has one verdict, and all forms of the report are clean
 * text. */
void imports_check_report(const struct report *report);

#endif
