/*
 * fuzz_ledger.c - any bytes as a quota file of the PWP server: the sum is that
 * of its lines, or an invalid line is reported; and a written sum is read as
 * the same.
 */
#include "common/base.h"

#include "daemon/quota/ledger_file.h"
#include "tests/fuzz/fuzz.h"

const char *
fuzz_prepare(void)
{
	return NULL;
}

/* The line as a number, in another way. */
static bool
other_line(const uint8_t *at, const uint8_t *end, int64_t *number)
{
	bool minus = false, digits = false;

	while (at < end && strchr(" \t\r", *at) != NULL && *at != '\0')
		at++;
	while (at < end && strchr(" \t\r", end[-1]) != NULL && end[-1] != '\0')
		end--;
	*number = 0;
	if (at == end)
		return true;
	if (*at == '-' || *at == '+')
		minus = *at++ == '-';
	for (; at < end; at++, digits = true) {
		if (*at < '0' || *at > '9' ||
		    __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, *at - '0', number))
			return false;
	}
	if (!digits)
		return false;
	*number = minus ? -*number : *number;
	return true;
}

static bool
other_sum(const uint8_t *at, const uint8_t *end, int64_t *sum)
{
	int64_t number;

	*sum = 0;
	while (at < end) {
		const uint8_t *lf = memchr(at, '\n', (size_t)(end - at));
		const uint8_t *next = lf != NULL ? lf : end;
		if (!other_line(at, next, &number))
			return false;
		if (__builtin_add_overflow(*sum, number, sum))
			return false;
		at = next + (lf != NULL);
	}
	return true;
}

static size_t
count_lines(const uint8_t *data, size_t size)
{
	size_t lines = size > 0 && data[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ledger l;
	int64_t sum;
	size_t line, lines = count_lines(data, size);
	int error = ledger_parse((const char *)data, size, &l, &line);
	bool good = other_sum(data, data + size, &sum);

	if (line > lines)
		fuzz_fail("line %zu of %zu", line, lines);
	if (error == 0 && (!good || sum != l.bytes))
		fuzz_fail("the sum is %" PRId64, l.bytes);
	if (error == 0 &&
	    (uint64_t)l.changes + 1 + (uint64_t)l.empty_lines != lines)
		fuzz_fail("%zu lines, %" PRId64 " changes", lines, l.changes);
	/* Without a number there is no ledger. */
	if (error < 0 && good && (uint64_t)l.empty_lines != lines)
		fuzz_fail("line %zu is not wrong", line);
	return 0;
}
