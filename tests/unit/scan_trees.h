/*
 * scan_trees.h - what the suites about changes during a scan share.
 */
#ifndef TESTS_UNIT_SCAN_TREES_H
#define TESTS_UNIT_SCAN_TREES_H

#include "common/base.h"
#include "daemon/quota/scan.h"
#include "tests/unit/scratch.h"

extern struct scratch trees_scratch;
extern struct scan trees_scan;

/* Five directories, d0 to d4, with 20 files each, f0 to f19. */
void trees_make_tree(void);

/* A scan of the scratch directory. */
void trees_begin(void);
struct scan_sum trees_finish(void);

/* Step until the directory has been read (or only begun); which of the five
 * comes first is up to the file system. */
void trees_step_until_read(const char *dir, bool begun_only);

/* The scan must have found what is there now; or, if that is allowed, say that
 * it does not know. */
void trees_check(const struct scan_sum *sum, bool exact);

/* Changes, as a session makes and reports them. */
void trees_at_directory(struct quota_change *c, const char *dir);
void trees_remove_file(const char *path);
/* A new file or other content, in one go. */
void trees_store_file(const char *path, off_t size);
void trees_rename_file(const char *from, const char *to);

#endif
