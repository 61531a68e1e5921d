/*
 * fuzz.c - see fuzz.h.
 */
#include "common/base.h"

#include "tests/fuzz/fuzz.h"

void (*fuzz_before_report)(void);

/* The hooks that ASan and UBSan call when they have found something. */
void __asan_on_error(void);
void __ubsan_on_report(void);

/* libFuzzer's. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc UNUSED, char ***argv UNUSED)
{
	const char *obstacle = fuzz_prepare();

	if (obstacle == NULL)
		return 0;
	fprintf(stderr, "%s\n", obstacle);
	exit(2);
}

void
__asan_on_error(void)
{
	if (fuzz_before_report != NULL)
		fuzz_before_report();
}

void
__ubsan_on_report(void)
{
	__asan_on_error();
}

void
fuzz_fail(const char *format, ...)
{
	va_list ap;

	__asan_on_error();
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void
fuzz_must(bool done, const char *what)
{
	if (!done)
		fuzz_fail("%s: %s", what, strerror(errno));
}
