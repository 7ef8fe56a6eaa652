// SPDX-License-Identifier: Apache-2.0
#ifndef IO_FILE_IMPL_H
#define IO_FILE_IMPL_H
/* What file.c and file_path.c share: the table in use, and the one place that turns an errno into a message. */
#include "io/file_ops.h"

extern const struct file_ops *file_ops_now;

/* code is a negative errno; `usual` the status where it says nothing more special. "cannot <verb> '<path>': …" */
enum status file_fail(enum status usual, int code, const char *verb, const char *path, struct error *err);

#endif
