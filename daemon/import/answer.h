/*
 * answer.h - what a mapping function answers: keys of the new configuration,
 * a verdict and a sentence.
 */
#ifndef DAEMON_IMPORT_ANSWER_H
#define DAEMON_IMPORT_ANSWER_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"

#define ANSWER_SENTENCE_SIZE 2000

struct answer {
	struct draft *draft;
	enum import_verdict verdict;
	struct buffer sentence;		/* empty: the row's */
	bool differs;		/* a key was set to a value other than its
				 * default */
	bool first;		/* ... and nothing else had set it before */
	char storage[ANSWER_SENTENCE_SIZE];
};

/* No sentence yet; the verdict is IMPORT_SAME. */
void answer_begin(struct answer *a, struct draft *draft);

/* Can it be written to the file? */
bool answer_can_put(const char *value);

/* Set a key.  `asked`: print it even if it is the default. */
void answer_put(struct answer *a, const char *section, const char *key,
	const char *value, bool asked);

/* Add a line to a key that can be repeated. */
void answer_add(struct answer *a, const char *section, const char *key,
	const char *value);

/* The verdict and its sentence.  After several, the last one
 * counts, but a refusal is kept. */
void answer_say(struct answer *a, enum import_verdict verdict,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* The number, or the nearest one that the key allows, which is then said. */
int64_t answer_bounded(struct answer *a, const char *section, const char *key,
	int64_t number) MUST_CHECK;

/* The verdict for the report: IMPORT_DEFAULT if it is the same because nothing
 * had to be set. */
enum import_verdict answer_verdict(const struct answer *a);

/* Must the answer about a default be reported? */
bool answer_matters(const struct answer *a);

#endif
