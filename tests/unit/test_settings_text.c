/*
 * test_settings_text.c - a dump read back gives the same settings; the sample
 * gives the defaults, uncommented or not; table and manual name every row.
 */
#include "common/base.h"
#include "common/settings/settings_manual.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_text.h"
#include "common/settings/settings_value.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_text";

static char *
text_of(void (*print)(FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out);
	fclose(out);
	return text;
}

static char *
dump_of(const struct settings *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	settings_dump(s, out);
	fclose(out);
	return text;
}

/* Without the comments, which tell where values came from. */
static void
drop_comments(char *text)
{
	char *to = text;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n") + 1;
		if (*text != '#') {
			memmove(to, text, len);
			to += len;
		}
		text += len;
	}
	*to = '\0';
}

/* settings -> dump -> settings -> dump: the two dumps are the same. */
static bool
comes_back(const char *file)
{
	struct complaints c;
	struct settings *s = with_text(file, &c);
	char *first = s != NULL ? dump_of(s) : NULL;
	struct settings *again = first != NULL ? with_text(first, &c) : NULL;
	char *second = again != NULL ? dump_of(again) : NULL;
	bool same = false;

	if (second != NULL) {
		drop_comments(first);
		drop_comments(second);
		same = strcmp(first, second) == 0;
	}
	if (!same)
		printf("\n  %s%s\n  %s", buffer_text(&c.text),
		    first != NULL ? first : "", second != NULL ? second : "");
	free(first);
	free(second);
	settings_free(s);
	settings_free(again);
	return same;
}

static void
test_dump_comes_back(void)
{
	CU_ASSERT(comes_back(""));
	CU_ASSERT(comes_back("[server]\nbanner = # a;b = b [x]  \\n \"y\"\n"
	    "list_times = local\nshutdown_grace = 90\n[listener a-b_C]\n"
	    "address = 192.0.2.1\npassive_ports = 50000-50100\n"
	    "[listener]\naddress = 2001:db8::1\n"
	    "[session]\numask = 027\npermissions =\n"
	    "incomplete_uploads = delete\n"
	    "[log]\nprotocol = /var/log/a b.log\nlevel = error\n"
	    "[user \"anna ]\"]\npermissions = el\n"));
	CU_ASSERT(comes_back("[group \"a b\"]\npermissions = el\n"
	    "[user \"x=y.z\"]\nmsg_login =\numask = 0\n"
	    "idle_timeout = 3h\n[user \"q\"]\n"
	    "[limits]\nidle_timeout = 1d\n"));
	CU_ASSERT(comes_back("[directory \"/a b\"]\npermissions =\n"
	    "users = x y\n[directory \"/a b\"]\npermissions = elr\n"
	    "recursive = yes\ngroups = z\n"));
}

static void
test_long_lists_come_back(void)
{
	static char file[60000];
	struct buffer b;

	buffer_init(&b, file, sizeof(file));
	buffer_add_text(&b, "[auth]\n");
	for (int i = 0; i < 1500; i++)
		buffer_addf(&b, "allowed_users = [u%d] #u%d;\n", i, i);
	buffer_add_text(&b, "rejected_users = root ");
	for (int i = 0; i < 150; i++)
		buffer_add_char(&b, 'x');
	buffer_add_text(&b, " a\n[session]\n");
	/* A line does not end at a blank that is a part of a pattern. */
	for (int i = 0; i < 80; i++)
		buffer_addf(&b, "deny_names = %.*s[a b ]*.c\n", i % 9,
			"12345678");
	CU_ASSERT_FALSE(b.overflow);
	CU_ASSERT(comes_back(file));
}

/* Any allowed values: chosen from the row's own defaults and borders. */
static void
test_random_settings_come_back(void)
{
	uint32_t seed = 7;

	for (int round = 0; round < 60; round++) {
		BUFFER(file, 16384);
		for (size_t i = 0; i < SETTINGS_ROWS; i++) {
			const struct settings_row *row = &settings_table[i];
			if (row->scope == SETTINGS_DIRECTORY)
				continue;
			if (settings_table_begins_section(i))
				buffer_addf(&file, "[%s]\n", row->section);
			seed = seed * 1664525 + 1013904223;
			int64_t span = row->max - row->min + 1;
			if (row->kind == SETTINGS_NUMBER ||
			    row->kind == SETTINGS_SECONDS ||
			    row->kind == SETTINGS_SIZE)
				buffer_addf(&file, "%s = %" PRId64 "\n",
				    row->key, row->min + (seed >> 8) % span);
			else if (row->kind == SETTINGS_BOOL)
				buffer_addf(&file, "%s = %s\n", row->key,
				    seed >> 31 ? "yes" : "no");
		}
		CU_ASSERT_FALSE(file.overflow);
		buffer_add_text(&file,
		    "[server]\nmin_spare_workers = 0\n");
		/* random numbers may not fit together: keep those out */
		char *twice = strstr(file.data, "min_spare_workers");
		*twice = '#';
		CU_ASSERT(comes_back(buffer_text(&file)));
	}
}

static void
test_dump_tells_origins(void)
{
	char option[] = "limits.max_clients=5", *options[] = { option };
	struct complaints c;
	char want[128];

	with_no_complaints(&c);
	CU_ASSERT_FATAL(with_file("[server]\n\nbanner = x\n", 21));
	struct settings *s = settings_load(with_path, false, options, 1,
	    with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	char *text = dump_of(s);
	snprintf(want, sizeof(want), "# %s:3\nbanner = x\n", with_path);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, want));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "# -o\nmax_clients = 5\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "# default\nlist_times = gmt\n"));
	free(text);
	settings_free(s);
	with_no_file();
}

/* The text loads, and gives the defaults. */
static bool
is_default(const char *text, bool but_overrides)
{
	struct complaints c;
	struct settings *s = with_text(text, &c);
	struct settings *plain = with_text("", &c);
	bool same = false;

	if (s != NULL && plain != NULL) {
		char *a = dump_of(s), *b = dump_of(plain);
		drop_comments(a);
		drop_comments(b);
		same = strncmp(a, b, strlen(b)) == 0 &&
		    (but_overrides ? s->override_count > 0 :
		    strlen(a) == strlen(b));
		free(a);
		free(b);
	}
	if (!same)
		printf("\n  %s", buffer_text(&c.text));
	settings_free(s);
	settings_free(plain);
	return same;
}

static void
test_sample(void)
{
	char *text = text_of(settings_sample);

	CU_ASSERT(is_default(text, false));
	/* switched on: "#key = value" and "#[user ..."; "# " stays */
	char *from = text, *to = text;
	while (*from != '\0') {
		bool begins = from == text || from[-1] == '\n';
		if (begins && *from == '#' && from[1] != ' ' && from[1] != '\n')
			from++;
		else
			*to++ = *from++;
	}
	*to = '\0';
	CU_ASSERT(is_default(text, true));
	free(text);
}

/* One that no line can be broken around, such as a default of 70 bytes. */
static bool
has_long_word(const char *line, size_t len)
{
	const char *end = line + len;

	while (line < end) {
		size_t word = strcspn(line, " \n");
		if (word > 60)
			return true;
		line += word + 1;
	}
	return false;
}

static void
test_lines_are_short(void)
{
	char *text = text_of(settings_sample);

	for (char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		CU_ASSERT(len <= 80 || has_long_word(line, len));
		line += len + (line[len] == '\n');
	}
	free(text);
}

static void
test_every_row_is_told(void)
{
	char *sample = text_of(settings_sample);
	char *table = text_of(settings_describe);
	char *manual = text_of(settings_manual);
	char want[128];

	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		snprintf(want, sizeof(want), "\n#%s =", row->key);
		CU_ASSERT_PTR_NOT_NULL(strstr(sample, want));
		snprintf(want, sizeof(want), "%c %s ",
		    row->scope == SETTINGS_USER ? '*' :
		    row->scope == SETTINGS_TLS ? '+' : ' ', row->key);
		CU_ASSERT_PTR_NOT_NULL(strstr(table, want));
		snprintf(want, sizeof(want), "\n.It Ic %s\n", row->key);
		CU_ASSERT_PTR_NOT_NULL(strstr(manual, want));
		snprintf(want, sizeof(want), "\n.Ss Section %s\n",
		    row->section);
		CU_ASSERT(i == 0 || strstr(manual, want) != NULL ||
		    strcmp(row->section, settings_table[0].section) == 0);
	}
	free(sample);
	free(table);
	free(manual);
}

/* No text of the table may act as a macro or an escape. */
static void
test_manual_is_harmless(void)
{
	char *text = text_of(settings_manual);

	for (char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		CU_ASSERT(*line != '\'');
		CU_ASSERT(*line != '.' || (line[1] >= 'A' && line[1] <= 'Z'));
		for (size_t i = 0; i < len; i++)
			CU_ASSERT(line[i] != '\\' || line[i + 1] == 'e' ||
			    line[i + 1] == '&');
		CU_ASSERT(len <= 80 || has_long_word(line, len));
		line += len + (line[len] == '\n');
	}
	free(text);
}

CU_TestInfo unit_tests[] = {
	{ "a dump read back gives the same", test_dump_comes_back },
	{ "long lists come back", test_long_lists_come_back },
	{ "random settings come back", test_random_settings_come_back },
	{ "a dump tells where values came from", test_dump_tells_origins },
	{ "the sample gives the defaults, on or off", test_sample },
	{ "the sample's lines are short", test_lines_are_short },
	{ "every setting is documented everywhere", test_every_row_is_told },
	{ "texts in the manual contain no macros", test_manual_is_harmless },
	CU_TEST_INFO_NULL,
};
