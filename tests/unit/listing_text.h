/*
 * listing_text.h - a whole listing as one text, for suites.
 */
#ifndef TESTS_UNIT_LISTING_TEXT_H
#define TESTS_UNIT_LISTING_TEXT_H

#include "common/base.h"
#include "worker/tree/listing.h"

/* A request with everybody's names as numbers, GMT and generous bounds, in the
 * directory's order. */
struct listing_request listing_text_request(enum listing_format format,
	const char *path);

/*
 * Fill buffers of `size` bytes until the end; every fill must give whole
 * lines.  Returns the text, valid until the next call, "(error N)" when the
 * listing could not be opened or failed; *cut says whether it was cut, when it
 * is not NULL.
 */
const char *listing_text(const struct listing_request *request, size_t size,
	bool *cut);

size_t listing_text_lines(const char *text);

/* The same with its lines in order and '|' for each line's end. */
const char *listing_text_sorted(const struct listing_request *request);

#endif
