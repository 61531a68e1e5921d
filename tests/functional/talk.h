/*
 * talk.h - random conversations with a server, each command checked against a
 * model of the tree (model.h).
 *
 * A step depends on the seed, its number and the model alone, so that a
 * conversation can be repeated, also without some of its steps.
 */
#ifndef TESTS_FUNCTIONAL_TALK_H
#define TESTS_FUNCTIONAL_TALK_H

#include "common/base.h"
#include "tests/functional/ftps.h"
#include "tests/functional/model.h"

/* What a conversation is held with. */
struct talk_kind {
	const char *name;
	bool jailed, atomic, tls, quota;
	bool deny;		/* overwrite = deny */
	bool deletes;		/* incomplete_uploads = delete */
	const char *options[3];	/* that change nothing of this */
};

/* A generator of its own for each step. */
struct dice {
	uint64_t state;
};

#define TALK_PATH 1200		/* longest path that is sent */

/* One session, and what the model knows of it. */
struct talker {
	struct ftps t;
	struct node *cwd;
	char type;		/* 'A' or 'I' */
	bool type_sent, zipped;
	int64_t restart, range_end;
	char from[TALK_PATH];	/* of RNFR or SITE CPFR */
	bool to_copy;
};

#define TALKERS 2

struct talk {
	const struct talk_kind *kind;
	struct model model;
	struct talker talkers[TALKERS];
	struct dice dice;
	struct talker *w;	/* who speaks in this step */
	int64_t limit_bytes, limit_files;	/* of the quota */
	int64_t base_bytes, base_files;	/* of an empty home */
	char *said;		/* all commands and replies, malloc'd */
	size_t said_len, said_size;
	char failure[2000];	/* "": none */
};

/* Log in with all sessions, in an empty home; close them; forget it all. */
bool talk_begin(struct talk *k, const struct talk_kind *kind);
void talk_close(struct talk *k);
void talk_end(struct talk *k);

/* Step number i with this seed; false after a failure. */
bool talk_step(struct talk *k, uint64_t seed, unsigned i);

/* Compare the disk, and what the quota has counted, with the model. */
bool talk_compare(struct talk *k);
bool talk_compare_quota(struct talk *k);

/* --- for the files that implement the steps */

/* Note what differs; false. */
bool talk_fails(struct talk *k, const char *format, ...) PRINTF_LIKE(2, 3);

/* Send a command (255 is doubled) and read its reply; the code. */
int talk_say(struct talk *k, const char *format, ...) PRINTF_LIKE(2, 3);
/* Note a command that was sent otherwise, and its last reply. */
void talk_note(struct talk *k, const char *line);
/* The same and its code must be this. */
bool talk_expect(struct talk *k, int code);
/* 0: the code on success; an errno: what it gets. */
bool talk_expect_error(struct talk *k, int error, int code);

/* The text of the last reply, without doubled 255. */
const char *talk_text(struct talk *k);

/* What commands that do not keep them do to REST and RNFR. */
void talk_forget(struct talk *k);
void talk_forget_rename(struct talk *k);

/* The next number in a text, which is advanced; -1: none. */
int64_t talk_number(const char **text);

/* A line as it is sent. */
const char *talk_line(char *out, size_t size, const char *line);

/* talk_names.c */
unsigned dice_throw(struct dice *d, unsigned sides);
void talk_choose_path(struct talk *k, char path[TALK_PATH]);
char *talk_choose_data(struct talk *k, size_t *len);	/* malloc'd */
int64_t talk_choose_time(struct talk *k, char text[16]);

/* The steps: talk_directories.c, talk_facts.c, talk_parameters.c,
 * talk_transfers.c, talk_downloads.c, talk_listings.c. */
bool talk_directories(struct talk *k);
bool talk_names(struct talk *k);
bool talk_facts(struct talk *k);
bool talk_chmod(struct talk *k, const char *path);
bool talk_site(struct talk *k);
bool talk_parameters(struct talk *k);
bool talk_hash(struct talk *k);
bool talk_upload(struct talk *k);
bool talk_download(struct talk *k);
bool talk_abort(struct talk *k);
bool talk_listing(struct talk *k);

/* Data that a command sends, malloc'd; NULL if it was refused. */
char *talk_get(struct talk *k, const char *line, size_t *len);

/* Did a refusal for want of room come rightly, with this more? */
bool talk_is_full(struct talk *k, int64_t bytes, int64_t files);

/* Take over from disk what an upload has left: the old content or one that
 * begins as this. */
bool talk_adopt(struct talk *k, const struct place *at, const char *data,
	size_t len, size_t offset);
#endif
