/*
 * hidden_name.h - names of temporary files, which listings do not show.
 */
#ifndef WORKER_TREE_HIDDEN_NAME_H
#define WORKER_TREE_HIDDEN_NAME_H

#include "common/base.h"

#define HIDDEN_NAME_SIZE 40

bool hidden_is_name(const char *name);

/* A name that nobody else uses.  0 or -errno. */
int hidden_choose_name(char name[HIDDEN_NAME_SIZE]) MUST_CHECK;

#endif
