/*
 * text.h - the program's own ASCII: numbers, letter case, escaping, words.
 *
 * Nothing here depends on the locale; bytes above 127 are never letters,
 * digits or blanks.  All functions take explicit lengths.
 */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include "common/base.h"
#include "common/buffer.h"

/* Does the text in an array end there?  One from another process may not. */
#define TEXT_ENDS(array) (memchr((array), '\0', sizeof(array)) != NULL)

/*
 * The only number parser: decimal digits, nothing else, all of
 * text[len].  Returns 0 and the number, -EINVAL for an empty text or a byte
 * that is not a digit, -ERANGE above 2^63-1.
 */
int text_number(const char *text, size_t len, int64_t *number) MUST_CHECK;

/* The same for octal digits, 0..07777 (file modes). */
int text_octal(const char *text, size_t len, unsigned *number) MUST_CHECK;

/*
 * A duration: decimal digits, optionally followed by s (the default), m, h or
 * d.  The errors are those of text_number().
 */
int text_seconds(const char *text, size_t len, int64_t *seconds) MUST_CHECK;

/* Append a duration in the largest of these units that divides it: "90m",
 * "0". */
void text_add_seconds(struct buffer *b, int64_t seconds);

/*
 * A number of bytes: decimal digits, optionally followed by k, M, G or T
 * (powers of 1024, in either case).  The errors are those of text_number().
 */
int text_size(const char *text, size_t len, int64_t *bytes) MUST_CHECK;

/* Append a size in the largest of these units that divides it: "10M", "0". */
void text_add_size(struct buffer *b, int64_t bytes);

bool text_is_alpha(char c);
bool text_is_digit(char c);
bool text_is_blank(char c);	/* space or tab */
bool text_is_separator(char c);	/* of words in a list: a blank or a comma */
char text_upper(char c);
char text_lower(char c);

/* Are the texts equal, ignoring letter case? */
bool text_same(const char *a, size_t alen, const char *b, size_t blen);

/* text_same() for two C strings. */
bool text_is(const char *a, const char *b);

/*
 * Append data[len] escaped for a log line, a title, a message or a script's
 * environment: printable ASCII and well-formed UTF-8 are not
 * changed; C0, DEL, C1, malformed UTF-8, bidirectional controls, line and
 * paragraph separators and the backslash become \xNN, byte by byte.  If it does
 * not fit, it is truncated after a whole character, and `overflow` is set.
 */
void text_escape(struct buffer *b, const char *data, size_t len);

/* Append the lines of a text, escaped, separated by '\n', and without blanks at
 * their ends: at most `max` lines, each truncated to less than `width` bytes
 * (at most 1024).  Empty lines, and those that do not fit, are left out. The
 * number of lines added. */
int text_escape_lines(struct buffer *to, const char *text, int max,
	size_t width);

/* Length (1-4) of the well-formed UTF-8 character at data; 0 for none. */
size_t text_utf8(const char *data, size_t len);

/* The code point of the character of this length, which text_utf8() found. */
uint32_t text_code_point(const char *data, size_t len);

/* Is it "." or ".."? */
bool text_is_dots(const char *name, size_t len);

/* Remove blanks and line ends at both ends of a C string, in place; returns the
 * start of the rest. */
char *text_trim(char *text);

/*
 * Step through the words of a list separated by blanks or commas.  *at is the
 * rest of the list; returns the next word (not terminated) and its length, or
 * NULL at the end.
 */
const char *text_word(const char **at, size_t *len);

/* Is `word` one of the list's words?  Case-sensitive. */
bool text_list_has(const char *list, const char *word);

/* Copy a C string into to[size]; -ENAMETOOLONG (and "") if it does not fit. */
int text_copy(char *to, size_t size, const char *from) MUST_CHECK;

#endif
