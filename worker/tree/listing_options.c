/*
 * listing_options.c - the letters of LIST, as far as clients use them.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/listing.h"

static void
take_letters(const char *letters, size_t n, struct listing_request *request)
{
	for (size_t i = 0; i < n; i++) {
		switch (letters[i]) {
		case 'a':
			request->all = true;
			break;
		case 'l':
			request->format = LISTING_LONG;
			break;
		case '1':
			request->format = LISTING_NAMES;
			break;
		case 't':
			request->by_time = true;
			break;
		case 'r':
			request->reverse = true;
			break;
		case 'S':
			request->by_size = true;
			break;
		case 'R':
			request->recursive = true;
			break;
		case 'd':
			request->directory_itself = true;
			break;
		}
	}
}

const char *
listing_options(const char *argument, struct listing_request *request)
{
	bool last = false;

	while (!last && argument[0] == '-' && argument[1] != '\0' &&
	    argument[1] != ' ') {
		size_t len = strcspn(argument, " ");
		last = len == 2 && argument[1] == '-';
		if (argument[1] != '-')
			take_letters(argument + 1, len - 1, request);
		argument += len;
		argument += *argument == ' ';
	}
	return argument;
}
