/*
 * listing_request.c - parses the argument of LIST.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/listing_request.h"

#include "common/settings/settings.h"

/* Letters of ls that clients send, and that are ignored. */
#define IGNORED "CHNbcgkhopqsuwxX"

static bool
read_letter(char letter, struct listing_request *request)
{
	switch (letter) {
	case 'a':
		request->all = true;
		break;
	case 'A':
		request->almost_all = true;
		break;
	case 'l':
		request->format = LISTING_LONG;
		break;
	case 'n':
		request->format = LISTING_LONG;
		if (request->owners == LIST_OWNERS_NAMES)
			request->owners = LIST_OWNERS_NUMBERS;
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
	case 'F':
		request->classify = true;
		break;
	case 'L':
		request->targets = true;
		break;
	default:
		return memchr(IGNORED, letter, strlen(IGNORED)) != NULL;
	}
	return true;
}

/* Is it the name of an existing file that begins with a dash?  Words that
 * consist of letters of ls are never names: otherwise another user could change
 * what "LIST -la" does by creating a file "-la". */
static bool
is_name(const char *rest, size_t len, const struct listing_request *request)
{
	struct listing_request unused = { .format = LISTING_LONG };
	struct stat st;
	bool letters = len > 1;

	for (size_t i = 1; i < len && letters; i++)
		letters = read_letter(rest[i], &unused);
	return !letters && request->tree != NULL &&
		tree_stat(request->tree, rest, &st) == 0;
}

const char *
listing_request_options(const char *argument, struct listing_request *request)
{
	argument += strspn(argument, " ");
	while (argument[0] == '-' && argument[1] != '\0' &&
	    argument[1] != ' ') {
		size_t len = strcspn(argument, " ");
		bool last = len == 2 && argument[1] == '-';
		if (last)
			return argument + len + (argument[len] == ' ');
		if (is_name(argument, len, request))
			return argument;
		for (size_t i = 1; i < len && argument[1] != '-'; i++)
			read_letter(argument[i], request);
		argument += len;
		argument += strspn(argument, " ");
	}
	return argument;
}
