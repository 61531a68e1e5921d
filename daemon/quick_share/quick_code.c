/*
 * quick_code.c - a QR code in characters; the only user of libqrencode.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_code.h"

#include <qrencode.h>

#define MARGIN 2	/* light modules around it, which scanners need */

/* Colours of its own: white on black, whatever the terminal has. */
#define BEGIN "\033[97;40m"
#define END   "\033[0m"

static bool
is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return x >= -MARGIN && y >= -MARGIN &&
			x < code->width + MARGIN && y < code->width + MARGIN;
	return !(code->data[y * code->width + x] & 1);
}

/* A character is two modules high. */
static void
print_row(const QRcode *code, int y, FILE *out)
{
	static const char *const halves[2][2] = {
		{ " ", "\xe2\x96\x84" }, { "\xe2\x96\x80", "\xe2\x96\x88" },
	};

	fputs("  " BEGIN, out);
	for (int x = -MARGIN; x < code->width + MARGIN; x++)
		fputs(halves[is_light(code, x, y)][is_light(code, x, y + 1)],
			out);
	fputs(END "\n", out);
}

bool
quick_code_print(const char *text, int columns, FILE *out)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);

	if (code == NULL)
		return false;
	bool fits = code->width + 2 * MARGIN + 2 <= columns;
	for (int y = -MARGIN; fits && y < code->width + MARGIN; y += 2)
		print_row(code, y, out);
	QRcode_free(code);
	return fits;
}
