/*
 * import_manual.c - the reference of vsftpd's options, in mdoc.
 *
 * Runs in: sureftpd --import-vsftpd --manual.
 */
#include "common/base.h"
#include "daemon/import/import_manual.h"

#include "common/settings/settings_format.h"
#include "daemon/import/vsftpd_option.h"

#define WIDTH 78

static int
compare_rows(const void *a, const void *b)
{
	const struct vsftpd_row *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
print_row(const struct vsftpd_row *row, FILE *out)
{
	fprintf(out, ".It Ic %s\n", row->name);
	settings_format_wrap(out, "", WIDTH, row->sentence);
	if (row->origin != VSFTPD_ALL)
		fprintf(out, ".Pq only in %s\n",
			vsftpd_origin_name(row->origin));
}

void
import_manual(FILE *out)
{
	const struct vsftpd_row *rows[VSFTPD_OPTIONS];

	for (size_t i = 0; i < VSFTPD_OPTIONS; i++)
		rows[i] = &vsftpd_table[i];
	qsort(rows, VSFTPD_OPTIONS, sizeof(rows[0]), compare_rows);
	fputs(".Sh OPTIONS OF VSFTPD\n"
	    "Each entry names the setting of\n.Xr sureftpd.conf 5\nthat an "
	    "option becomes,\nor says why none is needed.\n"
	    "Options that work in a file of\n.Ic user_config_dir\n"
	    "become settings of that user's section.\n"
	    ".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < VSFTPD_OPTIONS; i++)
		print_row(rows[i], out);
	fputs(".El\n", out);
}
