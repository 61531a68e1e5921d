/*
 * model.h - what a tree of files should be after some commands: directories and
 * files in memory, and names resolved in them as the kernel does it.
 *
 * Directories that are not the account's (those above its home) can be read and
 * entered, and hold nothing else that the model knows.
 */
#ifndef TESTS_FUNCTIONAL_MODEL_H
#define TESTS_FUNCTIONAL_MODEL_H

#include "common/base.h"

#define MODEL_HOME	"/home/anna"	/* on disk */
#define MODEL_NAME_MAX	255

struct node {
	struct node *parent;	/* stays when it is removed, as in the kernel */
	struct node *first, *next;	/* what is in it; beside it */
	struct node *all;		/* of all that were ever made */
	char *name;
	char *link;		/* of a symbolic link: what is in it */
	bool is_dir, foreign, removed;
	char *data;
	size_t len;
	int mode;		/* -1: not known */
	int64_t mtime;		/* -1: not known */
};

struct model {
	struct node *root, *home;	/* as the client sees them */
	struct node *all;
	bool jailed;
};

void model_begin(struct model *m, bool jailed);
void model_end(struct model *m);

/* What a path names.  error: why nothing can be there, ENOENT if it is only the
 * last component that is missing and can_make says that it may be made. */
struct place {
	struct node *dir;	/* of the last component */
	struct node *node;	/* or NULL */
	char name[MODEL_NAME_MAX + 1];	/* "": not a name (".", "..", "/") */
	bool slash;		/* at its end */
	bool broken;		/* a link that leads to nothing */
	int error;
};

struct place model_find(const struct model *m, struct node *cwd,
	const char *path);

/* The same with what a symbolic link at the end of the path leads to. */
struct place model_follow(const struct model *m, struct node *cwd,
	const char *path);

/* The same of a directory to enter or list: NULL and *error. */
struct node *model_find_directory(const struct model *m, struct node *cwd,
	const char *path, int *error);

/* What the commands do: 0 or an errno.  model_make() makes one directory,
 * model_file() finds or makes the file of an upload. */
int model_make(struct model *m, const struct place *at);
int model_link(struct model *m, const struct place *at, const char *text);
int model_file(const struct place *at);
int model_remove_directory(const struct place *at);
int model_delete(const struct place *at);
int model_rename(const struct place *from, const struct place *to);
int model_remove_tree(const struct model *m, const struct place *at);

/* Give the place this content, which is taken over; it must have passed
 * model_file(). */
struct node *model_store(struct model *m, const struct place *at, char *data,
	size_t len);

/* The path that the client sees, with this before it (on disk the home). */
void model_path(const struct model *m, const struct node *n, char *text,
	size_t size);

/* Bytes and files as quotas count them. */
void model_count(const struct node *dir, int64_t *bytes, int64_t *files);

/* Compare it with what is on disk: "" or what differs first. */
const char *model_compare(const struct model *m);

/* The content of a file on disk, malloc'd; NULL if there is none. */
char *model_on_disk(const struct model *m, const struct node *dir,
	const char *name, size_t *len);
#endif
