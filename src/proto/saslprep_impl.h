// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_SASLPREP_IMPL_H
#define PROTO_SASLPREP_IMPL_H
/*
 * SASLprep (RFC 4013) of a password, as far as it changes one: other spaces become U+0020, invisible characters vanish,
 * NFKC follows. A text that is ASCII, not UTF-8, longer than SASLPREP_MAX or holds prohibited characters is returned
 * as it is: both ends do so, and then agree.
 */
#include "base/str.h"

enum { SASLPREP_MAX = 1024 };

/* The result borrows `password` or `room`. */
struct str saslprep(struct str password, char room[SASLPREP_MAX]);

#endif
