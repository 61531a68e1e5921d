/*
 * ctl_table.h - prints tables with columns as wide as their widest cell.
 *
 * Every row is added twice, once to be measured and once to be printed.  Cells
 * are escaped when they are added, so that nothing in one can look
 * like another.
 */
#ifndef DAEMON_CONTROL_CTL_TABLE_H
#define DAEMON_CONTROL_CTL_TABLE_H

#include "common/base.h"
#include "common/buffer.h"

#define CTL_TABLE_COLUMNS 14
#define CTL_TABLE_CELL    4400	/* a path, escaped */

struct ctl_row {
	size_t count;
	char cells[CTL_TABLE_COLUMNS][CTL_TABLE_CELL];
};

struct ctl_table {
	size_t width[CTL_TABLE_COLUMNS];
};

/* Add a cell to the row: a text, which may contain any byte, or a format. */
void ctl_table_text(struct ctl_row *row, const char *text);
void ctl_table_addf(struct ctl_row *row, const char *format, ...)
	PRINTF_LIKE(2, 3);

void ctl_table_measure(struct ctl_table *t, const struct ctl_row *row);
void ctl_table_print(const struct ctl_table *t, const struct ctl_row *row,
	FILE *out);

/* "12s", "3m12s", "4h05m", "2d03h". */
void ctl_table_duration(struct buffer *b, int64_t ms);

/* A number of bytes, rounded down: "0", "999", "1.2k", "12M", "3.4G". */
void ctl_table_bytes(struct buffer *b, int64_t bytes);

#endif
