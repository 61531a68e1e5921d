/*
 * quota_print.c - prints the quotas of accounts.
 *
 * Runs in: sureftpd --quota.
 */
#include "common/base.h"
#include "daemon/quota_report/quota_print.h"

#include "common/text.h"
#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_table.h"

static const char *const kinds[KERNEL_QUOTA_KINDS] = {
	"user", "group", "project" };

/* --- cells */

static void
add_bytes(struct buffer *b, int64_t bytes)
{
	if (bytes < 0)
		buffer_add_char(b, '-');
	else
		ctl_table_bytes(b, bytes);
}

static void
cell_bytes(struct ctl_row *row, int64_t bytes)
{
	BUFFER(b, 32);

	add_bytes(&b, bytes);
	ctl_table_text(row, buffer_text(&b));
}

static void
cell_number(struct ctl_row *row, int64_t number)
{
	if (number < 0)
		ctl_table_text(row, "-");
	else
		ctl_table_addf(row, "%" PRId64, number);
}

static void
cell_percent(struct ctl_row *row, int64_t used, int64_t limit)
{
	if (limit <= 0 || used < 0)
		ctl_table_text(row, "-");
	else
		ctl_table_addf(row, "%.0f%%", 100.0 * (double)used /
			(double)limit);
}

static void
add_time(struct buffer *b, int64_t seconds)
{
	struct tm tm;
	time_t t = (time_t)seconds;
	char text[32] = "";

	if (localtime_r(&t, &tm) != NULL)
		(void)!strftime(text, sizeof(text), "%F %T", &tm);
	buffer_add_text(b, text);
}

static const char *
state_of(const struct quota_state *s)
{
	return !s->known ? "not counted" : s->file.open ? "in use" : "-";
}

/* --- the table */

static void
fill_ledger(struct ctl_row *row, const struct quota_line *l)
{
	const struct quota_state *s = &l->state;
	int64_t bytes = s->known ? s->file.count.bytes : -1;

	row->count = 0;
	ctl_table_text(row, l->name);
	ctl_table_text(row, "ledger");
	cell_bytes(row, bytes);
	cell_bytes(row, l->limits.bytes);
	cell_percent(row, bytes, l->limits.bytes);
	cell_number(row, s->known ? s->file.count.files : -1);
	cell_number(row, l->limits.files);
	ctl_table_text(row, state_of(s));
}

static void
fill_kernel(struct ctl_row *row, const struct quota_line *l,
	const struct kernel_quota *q)
{
	row->count = 0;
	ctl_table_text(row, l->name);
	ctl_table_text(row, kinds[q->kind]);
	cell_bytes(row, q->bytes);
	cell_bytes(row, q->max_bytes);
	cell_percent(row, q->bytes, q->max_bytes);
	cell_number(row, q->files);
	cell_number(row, q->max_files);
	ctl_table_text(row, q->bytes_over || q->files_over ? "over" : "-");
}

static void
fill_head(struct ctl_row *row)
{
	static const char *const names[] = { "ACCOUNT", "QUOTA", "USED",
		"LIMIT", "USE%", "FILES", "LIMIT", "STATE" };

	row->count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ctl_table_text(row, names[i]);
}

typedef void row_user(struct ctl_table *t, const struct ctl_row *row,
	FILE *out);

static void
measure(struct ctl_table *t, const struct ctl_row *row, FILE *out UNUSED)
{
	ctl_table_measure(t, row);
}

static void
print(struct ctl_table *t, const struct ctl_row *row, FILE *out)
{
	ctl_table_print(t, row, out);
}

static void
each_row(const struct quota_line *lines, struct ctl_table *t, row_user *use,
	FILE *out)
{
	static struct ctl_row row;

	fill_head(&row);
	use(t, &row, out);
	for (const struct quota_line *l = lines; l != NULL; l = l->next) {
		if (l->engine != QUOTA_ENGINE_KERNEL) {
			fill_ledger(&row, l);
			use(t, &row, out);
		}
		for (size_t i = 0; i < l->state.kernels &&
		    l->engine != QUOTA_ENGINE_LEDGER; i++) {
			fill_kernel(&row, l, &l->state.kernel[i]);
			use(t, &row, out);
		}
	}
}

void
quota_print_table(const struct quota_line *lines, FILE *out)
{
	struct ctl_table table = { { 0 } };

	each_row(lines, &table, measure, out);
	each_row(lines, &table, print, out);
}

/* --- JSON */

static void
json_limit(struct ctl_json *j, const char *key, int64_t limit)
{
	if (limit < 0)
		ctl_json_null(j, key);
	else
		ctl_json_number(j, key, limit);
}

static void
json_kernel(struct ctl_json *j, const struct kernel_quota *q)
{
	ctl_json_open(j, NULL, '{');
	ctl_json_text(j, "kind", kinds[q->kind]);
	ctl_json_number(j, "id", q->id);
	ctl_json_number(j, "bytes", q->bytes);
	json_limit(j, "max_bytes", q->max_bytes);
	json_limit(j, "soft_bytes", q->soft_bytes);
	ctl_json_number(j, "files", q->files);
	json_limit(j, "max_files", q->max_files);
	json_limit(j, "soft_files", q->soft_files);
	ctl_json_close(j, '}');
}

void
quota_print_json(const struct quota_line *l, const char *root,
	const char *file, FILE *out)
{
	const struct quota_state *s = &l->state;
	struct ctl_json j;

	ctl_json_begin(&j, out);
	ctl_json_text(&j, "account", l->name);
	ctl_json_text(&j, "root", root);
	ctl_json_text(&j, "file", file);
	json_limit(&j, "bytes", s->known ? s->file.count.bytes : -1);
	json_limit(&j, "max_bytes", l->limits.bytes);
	json_limit(&j, "soft_bytes", l->limits.soft_bytes);
	json_limit(&j, "files", s->known ? s->file.count.files : -1);
	json_limit(&j, "max_files", l->limits.files);
	json_limit(&j, "soft_files", l->limits.soft_files);
	json_limit(&j, "counted", s->known && s->file.counted_at > 0 ?
		s->file.counted_at : -1);
	ctl_json_bool(&j, "in_use", s->known && s->file.open);
	ctl_json_open(&j, "kernel", '[');
	for (size_t i = 0; i < s->kernels; i++)
		json_kernel(&j, &s->kernel[i]);
	ctl_json_close(&j, ']');
	ctl_json_end(&j);
}

/* --- one account */

static void
print_text(const char *what, const char *text, FILE *out)
{
	BUFFER(shown, 4 * PATH_MAX);

	text_escape(&shown, text, strlen(text));
	fprintf(out, "  %-14s %s\n", what, buffer_text(&shown));
}

/* Bytes or files; -1: not counted, or no limit. */
struct amount {
	int64_t used, limit, soft;
};

static void
add_limits(struct buffer *b, const struct amount *a)
{
	if (a->limit >= 0)
		buffer_addf(b, " of %" PRId64, a->limit);
	if (a->soft >= 0)
		buffer_addf(b, ", soft limit %" PRId64, a->soft);
	if (a->limit < 0 && a->soft < 0)
		buffer_add_text(b, ", no limit");
}

static void
add_used(struct buffer *b, const struct amount *a)
{
	if (a->used < 0)
		buffer_add_text(b, "not counted");
	else
		buffer_addf(b, "%" PRId64, a->used);
}

static void
print_bytes(const struct amount *a, FILE *out)
{
	BUFFER(b, 256);

	add_used(&b, a);
	if (a->used >= 1000) {
		buffer_add_text(&b, " (");
		add_bytes(&b, a->used);
		buffer_add_text(&b, ")");
	}
	add_limits(&b, a);
	print_text("bytes", buffer_text(&b), out);
}

static void
print_files(const struct amount *a, FILE *out)
{
	BUFFER(b, 256);

	add_used(&b, a);
	add_limits(&b, a);
	print_text("files", buffer_text(&b), out);
}

static void
print_kernel(const struct kernel_quota *q, FILE *out)
{
	fprintf(out, "Disk quota of %s %" PRIu32 ":\n", kinds[q->kind],
		q->id);
	print_bytes(&(struct amount){ q->bytes, q->max_bytes, q->soft_bytes },
		out);
	print_files(&(struct amount){ q->files, q->max_files, q->soft_files },
		out);
}

static void
print_ledger(const struct quota_account *a, const struct quota_state *s,
	FILE *out)
{
	bool known = s->known;
	BUFFER(counted, 64);

	print_text("quota_root", a->place.root, out);
	print_text("quota_file", a->place.file, out);
	print_bytes(&(struct amount){ known ? s->file.count.bytes : -1,
		a->limits.bytes, a->limits.soft_bytes }, out);
	print_files(&(struct amount){ known ? s->file.count.files : -1,
		a->limits.files, a->limits.soft_files }, out);
	if (known && s->file.counted_at > 0)
		add_time(&counted, s->file.counted_at);
	else
		buffer_add_text(&counted, "never");
	print_text("counted", buffer_text(&counted), out);
	print_text("in use", known && s->file.open ? "yes" : "no", out);
}

void
quota_print_details(const struct quota_account *a,
	const struct quota_state *s, FILE *out)
{
	BUFFER(name, 4 * IDENTITY_NAME_SIZE);

	text_escape(&name, a->identity.user, strlen(a->identity.user));
	fprintf(out, "Quota of %s:\n", buffer_text(&name));
	print_ledger(a, s, out);
	for (size_t i = 0; i < s->kernels; i++)
		print_kernel(&s->kernel[i], out);
}
