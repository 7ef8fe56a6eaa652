// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_DIALECT_H
#define PARSE_DIALECT_H
/*
 * The dialect of a session or of a stored expression. It decides spelling and the places where the two grammars
 * collide; everything else of either language is understood in both.
 */
enum dialect { DIALECT_CLICKHOUSE, DIALECT_POSTGRESQL };

#endif
