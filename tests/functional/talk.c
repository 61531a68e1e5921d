/*
 * talk.c - a random conversation: its sessions, what was said, and the choice
 * of each step.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/functional.h"

/* --- what was said */

static void
add_said(struct talk *k, const char *text, size_t len)
{
	while (k->said_len + len + 1 > k->said_size) {
		k->said_size = k->said_size * 2 + 1000;
		k->said = realloc(k->said, k->said_size);
		if (k->said == NULL)
			abort();
	}
	memcpy(k->said + k->said_len, text, len);
	k->said_len += len;
	k->said[k->said_len] = '\0';
}

static void
add_escaped(struct talk *k, const char *text, size_t most)
{
	BUFFER(b, 1000);

	size_t len = strlen(text);
	text_escape(&b, text, len < most ? len : most);
	add_said(k, b.data, b.len);
}

void
talk_note(struct talk *k, const char *line)
{
	char who[] = { (char)('1' + (k->w - k->talkers)), ' ', '\0' };

	add_said(k, who, 2);
	add_escaped(k, line, 240);
	add_said(k, "  -> ", 5);
	add_escaped(k, k->w->t.c.text != NULL ? k->w->t.c.text : "", 150);
	add_said(k, "\n", 1);
}

bool
talk_fails(struct talk *k, const char *format, ...)
{
	va_list ap;

	if (k->failure[0] != '\0')
		return false;
	va_start(ap, format);
	vsnprintf(k->failure, sizeof(k->failure), format, ap);
	va_end(ap);
	return false;
}

const char *
talk_line(char *out, size_t size, const char *line)
{
	size_t n = 0;

	for (; *line != '\0' && n + 3 < size; line++) {
		out[n++] = *line;
		if (*line == '\xff')
			out[n++] = *line;
	}
	out[n] = '\0';
	return out;
}

int
talk_say(struct talk *k, const char *format, ...)
{
	char line[2 * TALK_PATH + 100], sent[2 * sizeof(line)];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	ftp_command(&k->w->t.c, "%s", talk_line(sent, sizeof(sent), line));
	talk_note(k, line);
	return k->w->t.c.code;
}

bool
talk_expect(struct talk *k, int code)
{
	return k->w->t.c.code == code || talk_fails(k,
		"the last reply should be %d, not %d", code, k->w->t.c.code);
}

bool
talk_expect_error(struct talk *k, int error, int code)
{
	if (error == 0)
		return talk_expect(k, code);
	if (talk_expect(k, error == ENAMETOOLONG ? 553 : 550))
		return true;
	size_t len = strlen(k->failure);
	snprintf(k->failure + len, sizeof(k->failure) - len, " (%s)",
		strerror(error));
	return false;
}

const char *
talk_text(struct talk *k)
{
	static char text[4 * TALK_PATH];
	const char *from = k->w->t.c.text;
	size_t n = 0;

	for (; *from != '\0' && n + 1 < sizeof(text); from++) {
		text[n++] = *from;
		from += from[0] == '\xff' && from[1] == '\xff';
	}
	text[n] = '\0';
	return text;
}

int64_t
talk_number(const char **text)
{
	const char *at = *text;
	int64_t n;

	while (*at != '\0' && !text_is_digit(*at))
		at++;
	*text = at;
	while (text_is_digit(**text))
		++*text;
	return text_number(at, (size_t)(*text - at), &n) == 0 ? n : -1;
}

void
talk_forget_rename(struct talk *k)
{
	k->w->from[0] = '\0';
}

void
talk_forget(struct talk *k)
{
	k->w->restart = k->w->range_end = 0;
	talk_forget_rename(k);
}

/* --- quotas */

static bool
read_quota(struct talk *k, int64_t *bytes, int64_t *files)
{
	k->w = &k->talkers[0];
	if (talk_say(k, "SITE QUOTA") != 200)
		return talk_fails(k, "SITE QUOTA is refused");
	const char *at = k->w->t.c.text + 4;
	talk_forget(k);
	*bytes = talk_number(&at);
	k->limit_bytes = talk_number(&at);
	*files = talk_number(&at);
	k->limit_files = talk_number(&at);
	return k->limit_files >= 0 ||
		talk_fails(k, "SITE QUOTA is not understood");
}

/* What other sessions have changed is reported after a moment. */
bool
talk_compare_quota(struct talk *k)
{
	int64_t bytes = k->base_bytes, files = k->base_files, is, are;
	int64_t deadline = clock_ms() + 5000;

	if (!k->kind->quota)
		return true;
	model_count(k->model.home, &bytes, &files);
	do {
		if (!read_quota(k, &is, &are))
			return false;
		if (is == bytes && are == files)
			return true;
		clock_sleep_until(clock_ms() + 20);
	} while (!clock_passed(deadline));
	return talk_fails(k, "the quota counts %" PRId64 " bytes and %" PRId64
		" files, not %" PRId64 " and %" PRId64, is, are, bytes, files);
}

bool
talk_is_full(struct talk *k, int64_t bytes, int64_t files)
{
	int64_t all = k->base_bytes + bytes, count = k->base_files + files;

	model_count(k->model.home, &all, &count);
	return k->kind->quota &&
		(all > k->limit_bytes || count > k->limit_files);
}

/* --- the conversation */

static bool
enter(struct talk *k, struct talker *w, bool tls)
{
	bool good = tls ? ftps_enter(&w->t, "anna")
			: ftp_enter(&w->t.c, "anna");

	return good || talk_fails(k, "no login");
}

bool
talk_begin(struct talk *k, const struct talk_kind *kind)
{
	*k = (struct talk){ .kind = kind };
	model_begin(&k->model, kind->jailed);
	for (size_t i = 0; i < TALKERS; i++) {
		k->talkers[i] = (struct talker){
			.cwd = k->model.home, .type = 'A',
		};
		ftps_init(&k->talkers[i].t);
	}
	for (size_t i = 0; i < TALKERS; i++)
		if (!enter(k, &k->talkers[i], kind->tls))
			return false;
	return !kind->quota || read_quota(k, &k->base_bytes, &k->base_files);
}

void
talk_close(struct talk *k)
{
	for (size_t i = 0; i < TALKERS; i++)
		ftp_close(&k->talkers[i].t.c);
}

void
talk_end(struct talk *k)
{
	model_end(&k->model);
	free(k->said);
	k->said = NULL;
}

bool
talk_compare(struct talk *k)
{
	const char *differs = model_compare(&k->model);

	return differs[0] == '\0' || talk_fails(k, "%s", differs);
}

/* Paths must not become too long to be sent, or shown. */
static bool
stay_near(struct talk *k)
{
	char path[PATH_MAX];

	model_path(&k->model, k->w->cwd, path, sizeof(path));
	if (strlen(path) < TALK_PATH)
		return true;
	talk_say(k, "CWD %s", k->kind->jailed ? "/" : MODEL_HOME);
	talk_forget(k);
	k->w->cwd = k->model.home;
	return talk_expect(k, 250);
}

bool
talk_step(struct talk *k, uint64_t seed, unsigned i)
{
	static const struct {
		unsigned weight;
		bool (*run)(struct talk *k);
	} steps[] = {
		{ 20, talk_directories }, { 14, talk_names },
		{ 12, talk_facts }, { 12, talk_site }, { 14, talk_parameters },
		{ 5, talk_hash }, { 22, talk_upload }, { 10, talk_download },
		{ 2, talk_abort }, { 10, talk_listing },
	};
	unsigned all = 0;

	k->dice.state = (seed << 20 | i) * UINT64_C(0x9e3779b97f4a7c15);
	(void)dice_throw(&k->dice, 2);
	k->w = &k->talkers[dice_throw(&k->dice, TALKERS)];
	k->w->t.c.mode = (enum ftp_mode)dice_throw(&k->dice, FTP_MODES);
	if (!stay_near(k))
		return false;
	for (size_t s = 0; s < ARRAY_SIZE(steps); s++)
		all += steps[s].weight;
	unsigned which = dice_throw(&k->dice, all);
	for (size_t s = 0;; which -= steps[s++].weight)
		if (which < steps[s].weight)
			return steps[s].run(k) && k->failure[0] == '\0';
}
