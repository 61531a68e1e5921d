/*
 * show.c - reports the session's state on its page and in its process title.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/show.h"

#include "common/process/title.h"

/* The percentage in the title; -1: none. */
static int percentage = -1;

static int
percent(const struct page_report *r)
{
	if (r->size <= 0)
		return -1;
	double part = (double)(r->offset + r->moved) / (double)r->size;
	return part >= 1 ? 100 : (int)(100 * part);
}

static void
show_title(const struct page_report *r)
{
	char ending[16] = "";

	percentage = percent(r);
	if (percentage >= 0)
		snprintf(ending, sizeof(ending), " %d%%", percentage);
	title_rest_of(r->verb, r->path, ending);
}

void
show_session(const char *user, const struct address *peer)
{
	char text[ADDRESS_TEXT_SIZE];

	if (title_enabled())
		title_begin("%s@%s", user, address_text(peer, text));
	show_idle();
}

void
show_idle(void)
{
	page_idle();
	if (page_own() != NULL)
		title_rest("IDLE");
}

void
show_command(const char *verb)
{
	page_command(verb);
	if (page_own() != NULL)
		title_rest(verb);
}

void
show_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size)
{
	page_transfer(state, path, offset, size);
	if (page_own() != NULL && title_enabled())
		show_title(page_own());
}

void
show_progress(void)
{
	const struct page_report *r = page_own();

	if (r != NULL && title_enabled() && percent(r) != percentage)
		show_title(r);
}
