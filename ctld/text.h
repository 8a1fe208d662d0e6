/* SPDX-License-Identifier: ISC */
/*
 * Peers' texts made printable.  (strnvis() of libbsd 0.11 can write one
 * octet past the end of its buffer.)
 */
#ifndef CTLD_TEXT_H
#define CTLD_TEXT_H

#include <stddef.h>

/* Printable ASCII as it is, all else as \ooo; cut to the size.  Returns out. */
static inline const char *
text_vis(const char *text, char *out, size_t size)
{
	size_t		 n = 0;
	unsigned char	 c;

	for (; (c = (unsigned char)*text) != '\0' && n + 5 <= size; text++) {
		if (c >= ' ' && c <= '~' && c != '\\') {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = (char)('0' + (c >> 6));
		out[n++] = (char)('0' + (c >> 3 & 7));
		out[n++] = (char)('0' + (c & 7));
	}
	out[n] = '\0';
	return (out);
}

#endif
