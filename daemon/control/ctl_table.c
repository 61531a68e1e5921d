/*
 * ctl_table.c - prints tables with columns as wide as their widest cell.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_table.h"

#include "common/text.h"

static void
begin_cell(struct ctl_row *row, struct buffer *b)
{
	if (row->count >= CTL_TABLE_COLUMNS)
		abort();
	buffer_init(b, row->cells[row->count++], CTL_TABLE_CELL);
}

void
ctl_table_text(struct ctl_row *row, const char *text)
{
	struct buffer b;

	begin_cell(row, &b);
	text_escape(&b, text, strlen(text));
}

void
ctl_table_addf(struct ctl_row *row, const char *format, ...)
{
	BUFFER(text, CTL_TABLE_CELL);
	va_list ap;

	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	ctl_table_text(row, buffer_text(&text));
}

/* Characters, not bytes; escaping has removed characters of other widths. */
static size_t
width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void
ctl_table_measure(struct ctl_table *t, const struct ctl_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		size_t width = width_of(row->cells[i]);
		if (width > t->width[i])
			t->width[i] = width;
	}
}

void
ctl_table_print(const struct ctl_table *t, const struct ctl_row *row,
	FILE *out)
{
	for (size_t i = 0; i < row->count; i++) {
		fputs(row->cells[i], out);
		if (i + 1 == row->count)
			break;
		for (size_t n = width_of(row->cells[i]); n < t->width[i] + 2;
		    n++)
			putc(' ', out);
	}
	putc('\n', out);
}

void
ctl_table_duration(struct buffer *b, int64_t ms)
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	if (s < 60)
		buffer_addf(b, "%" PRId64 "s", s);
	else if (s < 3600)
		buffer_addf(b, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
	else if (s < 86400)
		buffer_addf(b, "%" PRId64 "h%02" PRId64 "m", s / 3600,
			s / 60 % 60);
	else
		buffer_addf(b, "%" PRId64 "d%02" PRId64 "h", s / 86400,
			s / 3600 % 24);
}

void
ctl_table_bytes(struct buffer *b, int64_t bytes)
{
	static const char units[] = "kMGTPE";
	int64_t unit = 1024;
	size_t i = 0;

	if (bytes < unit) {
		buffer_addf(b, "%" PRId64, bytes < 0 ? 0 : bytes);
		return;
	}
	while (bytes / unit >= 1024 && units[i + 1] != '\0') {
		unit *= 1024;
		i++;
	}
	if (bytes / unit < 10)
		buffer_addf(b, "%" PRId64 ".%" PRId64 "%c", bytes / unit,
			bytes % unit / (unit / 1024) * 10 / 1024, units[i]);
	else
		buffer_addf(b, "%" PRId64 "%c", bytes / unit, units[i]);
}
