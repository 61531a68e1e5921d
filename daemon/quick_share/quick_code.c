/*
 * quick_code.c - a QR code in characters; the only user of libqrencode.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_code.h"

#include <dlfcn.h>
#include <qrencode.h>

/* Not linked, so that the processes of the server do not have it: each library
 * makes their forks slower. */
#define LIBQRENCODE "libqrencode.so.4"

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

static bool
print_code(const QRcode *code, int columns, FILE *out)
{
	if (code->width + 2 * MARGIN + 2 > columns)
		return false;
	for (int y = -MARGIN; y < code->width + MARGIN; y += 2)
		print_row(code, y, out);
	return true;
}

bool
quick_code_print(const char *text, int columns, FILE *out)
{
	void *library = dlopen(LIBQRENCODE, RTLD_NOW | RTLD_LOCAL);
	bool printed = false;

	if (library == NULL)
		return false;
	__typeof__(&QRcode_encodeString8bit) encode =
		dlsym(library, "QRcode_encodeString8bit");
	__typeof__(&QRcode_free) release = dlsym(library, "QRcode_free");
	QRcode *code = encode == NULL || release == NULL ? NULL :
		encode(text, 0, QR_ECLEVEL_L);
	if (code != NULL) {
		printed = print_code(code, columns, out);
		release(code);
	}
	dlclose(library);
	return printed;
}
