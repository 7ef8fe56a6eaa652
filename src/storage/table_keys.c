// SPDX-License-Identifier: Apache-2.0
#include "storage/table_keys.h"

enum { TOKENS_KEPT = 1000, TOKENS_MAX = 1000000 };

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/hash.h"
#include "func/cast.h"
#include "catalog/settings.h"
#include "storage/key_text.h"
#include "storage/serial.h"
#include "storage/skip_filter.h"

enum status (*expr_bind_hook)(struct arena *a, const struct stored_sql *sql, const struct table_def *def,
                              struct expr ***exprs, uint32_t *count, struct error *err);

const struct eval_session *storage_session(enum dialect dialect)
{
	static struct eval_session sessions[2];
	struct eval_session *s = &sessions[dialect == DIALECT_POSTGRESQL];
	s->dialect = dialect;
	s->tz = timezone_utc();
	s->text = &value_options_default;
	return s;
}

static enum status bind(struct table_keys *k, const struct stored_sql *sql, struct expr ***out, uint32_t *count,
                        struct error *err)
{
	*out = NULL;
	*count = 0;
	if (sql->text.size == 0 || str_eq_nocase(sql->text, STR("tuple()")) || str_eq(sql->text, STR("()")))
		return OK;
	if (expr_bind_hook == NULL)
		return ERR(err, E_LOGICAL_ERROR, "no binder for key expressions");
	return expr_bind_hook(&k->arena, sql, k->def, out, count, err);
}

static const struct type **types_of(struct table_keys *k, struct expr **exprs, uint32_t n)
{
	const struct type **types = ARENA_ARRAY(&k->arena, const struct type *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		types[i] = exprs[i]->type;
	return types;
}

/* ---- columns ---- */

static void find_stored(struct table_keys *k)
{
	const struct table_def *d = k->def;
	k->stored = ARENA_ARRAY(&k->arena, uint32_t, d->column_count + 1);
	k->stored_of = ARENA_ARRAY(&k->arena, uint32_t, d->column_count + 1);
	for (uint32_t i = 0; i < d->column_count; i++) {
		enum column_default kind = d->columns[i].default_kind;
		bool stored = kind != COLUMN_ALIAS && kind != COLUMN_EPHEMERAL;
		k->stored_of[i] = stored ? k->stored_count : UINT32_MAX;
		if (stored)
			k->stored[k->stored_count++] = i;
	}
}

void table_keys_inputs(const struct table_keys *k, struct vector *const *stored, struct vector **inputs)
{
	for (uint32_t i = 0; i < k->def->column_count; i++)
		inputs[i] = k->stored_of[i] == UINT32_MAX ? NULL : stored[k->stored_of[i]];
}

static enum status stored_by_name(const struct table_keys *k, struct str name, uint32_t *out, struct error *err)
{
	for (uint32_t i = 0; i < k->stored_count; i++)
		if (str_eq(k->def->columns[k->stored[i]].name, name)) {
			*out = i;
			return OK;
		}
	return ERR(err, E_NO_SUCH_COLUMN, "the engine's argument names column %.*s, which the table does not store",
	           STR_ARG(name));
}

/* ---- engine ---- */

/* A Nested is named as a whole. */
static bool is_nested_table(const struct table_keys *k, struct str name)
{
	for (uint32_t i = 0; i < k->stored_count; i++) {
		struct str column = k->def->columns[k->stored[i]].name;
		if (column.size > name.size && str_starts_with(column, name) && column.data[name.size] == '.')
			return true;
	}
	return false;
}

static enum status set_summed(struct table_keys *k, const struct str *names, uint32_t count, bool numbers,
                              struct error *err)
{
	for (uint32_t i = 0; i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		const struct type *t = c->type;
		bool in_key = false;
		for (uint32_t s = 0; s < k->sort_count && !in_key; s++)
			in_key = k->sort[s]->kind == EXPR_COLUMN && k->sort[s]->column == k->stored[i];
		for (uint32_t p = 0; p < k->minmax_count && numbers && !in_key; p++)
			in_key = k->minmax[p] == i;
		bool merges = t->id == TYPE_AGGSTATE || t->simple_aggregate.size != 0;
		k->summed[i] = !in_key && (merges || (numbers && count == 0 && type_is_number(t) && t->id != TYPE_BOOL));
	}
	/* what is named and is no number stays as the first row has it, as in ClickHouse */
	for (uint32_t n = 0; n < count; n++) {
		uint32_t column;
		if (is_nested_table(k, names[n]))
			continue;
		if (str_find_char(names[n], '.') >= 0)
			return ERR(err, E_NO_SUCH_COLUMN, "Column %.*s listed in columns to sum does not exist in table declaration.",
			           STR_ARG(names[n]));
		TRY(stored_by_name(k, names[n], &column, err));
		const struct type *t = k->def->columns[k->stored[column]].type;
		for (uint32_t s = 0; s < k->sort_count; s++)
			if (k->sort[s]->kind == EXPR_COLUMN && k->sort[s]->column == k->stored[column])
				return ERR(err, E_BAD_ARGUMENTS, "Columns: %.*s listed both in columns to sum and in sorting key. That is not "
				           "allowed", STR_ARG(names[n]));
		k->summed[column] = type_is_number(t) && t->id != TYPE_BOOL;
	}
	return OK;
}

static bool map_key_name(struct str name)
{
	return str_ends_with(name, STR("ID")) || str_ends_with(name, STR("Key")) || str_ends_with(name, STR("Type"));
}

/* Integers, what is stored as such, and texts. */
static bool map_key_type(const struct type *t)
{
	return !t->nullable && (type_is_integer(t) || type_is_string(t) || t->id == TYPE_DATE || t->id == TYPE_DATE32
	                        || t->id == TYPE_DATETIME || t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16 || t->id == TYPE_BOOL
	                        || t->id == TYPE_UUID || t->id == TYPE_IPV4);
}

/* The map that begins at a stored column: all columns of one Nested whose name ends in Map. */
static void find_map(struct table_keys *k, uint32_t first)
{
	struct str name = k->def->columns[k->stored[first]].name;
	ptrdiff_t dot = str_find_char(name, '.');
	struct str table = dot < 0 ? STR("") : str_make(name.data, (size_t)dot + 1);
	if (dot < 0 || !str_ends_with(str_make(name.data, (size_t)dot), STR("Map")))
		return;
	struct summed_map *m = ARENA_NEW(&k->arena, struct summed_map);
	m->columns = ARENA_ARRAY(&k->arena, uint32_t, k->stored_count);
	uint32_t *values = ARENA_ARRAY(&k->arena, uint32_t, k->stored_count);
	uint32_t value_count = 0;
	bool fits = true;
	for (uint32_t i = first; i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		if (!str_starts_with(c->name, table) || c->type->id != TYPE_ARRAY)
			continue;
		const struct type *t = c->type->children[0];
		bool key = i == first || map_key_name(c->name);
		fits = fits && (key ? map_key_type(t) : type_is_number(t) && !t->nullable && t->id != TYPE_BOOL);
		for (uint32_t s = 0; s < k->sort_count; s++)
			fits = fits && !(k->sort[s]->kind == EXPR_COLUMN && k->sort[s]->column == k->stored[i]);
		if (key)
			m->columns[m->key_count++] = i;
		else
			values[value_count++] = i;
	}
	if (!fits || value_count == 0)
		return;
	memcpy(m->columns + m->key_count, values, value_count * sizeof *values);
	m->count = m->key_count + value_count;
	for (uint32_t i = 0; i < m->count; i++) {
		k->map_of[m->columns[i]] = m;
		k->summed[m->columns[i]] = true;
	}
}

static void find_maps(struct table_keys *k)
{
	for (uint32_t i = 0; i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		ptrdiff_t dot = str_find_char(c->name, '.');
		bool first = c->type->id == TYPE_ARRAY && dot > 0;
		for (uint32_t e = 0; e < i && first; e++) {
			const struct column_def *before = &k->def->columns[k->stored[e]];
			first = before->type->id != TYPE_ARRAY || !str_starts_with(before->name, str_make(c->name.data, (size_t)dot + 1));
		}
		if (first)
			find_map(k, i);
	}
}

static enum status wrong_args(const struct table_keys *k, const char *what, struct error *err)
{
	return ERR(err, E_NUMBER_OF_ARGUMENTS, "Storage %.*s takes %s", STR_ARG(k->def->engine), what);
}

static enum status integer_column(const struct table_keys *k, uint32_t column, const char *what, bool byte,
                                  struct error *err)
{
	const struct type *t = k->def->columns[k->stored[column]].type;
	bool fits = byte ? t->id == (what[0] == 's' ? TYPE_INT8 : TYPE_UINT8)
	                 : type_is_integer(t) || type_is_temporal(t) || type_is_float(t) || type_is_decimal(t)
	                       || t->id == TYPE_UUID;
	if (!fits || t->nullable)
		return ERR(err, E_BAD_TYPE_OF_FIELD, "the %s column %.*s has a type that it cannot have", what,
		           STR_ARG(k->def->columns[k->stored[column]].name));
	return OK;
}

static enum status read_engine(struct table_keys *k, struct error *err)
{
	struct str engine = k->def->engine;
	struct key_args args;
	TRY(key_args_parse(&k->arena, k->def->engine_args, &args, err));
	if (str_starts_with(engine, STR("Replicated"))) {
		engine = (struct str){engine.data + 10, engine.size - 10};
		/* '/path' and 'replica', or neither: then defaults are meant */
		if (args.count >= 2 && args.args[0].quoted && args.args[1].quoted) {
			args.args += 2;
			args.count -= 2;
		} else if (args.count == 1 && args.args[0].quoted) {
			return wrong_args(k, "a path and a replica name", err);
		}
	}
	k->version = k->sign = k->deleted = UINT32_MAX;
	k->summed = ARENA_ARRAY(&k->arena, bool, k->stored_count + 1);
	k->map_of = ARENA_ARRAY(&k->arena, struct summed_map *, k->stored_count + 1);
	struct key_arg *a = args.args;
	if (str_eq(engine, STR("MergeTree")) || str_ends_with(engine, STR("Log")))
		return args.count == 0 ? OK : wrong_args(k, "no arguments", err);
	if (str_eq(engine, STR("ReplacingMergeTree"))) {
		k->mode = MERGE_REPLACING;
		if (args.count > 2)
			return wrong_args(k, "at most a version and an is_deleted column", err);
		if (args.count > 0)
			TRY(stored_by_name(k, a[0].text, &k->version, err));
		if (args.count > 0)
			TRY(integer_column(k, k->version, "version", false, err));
		if (args.count > 1)
			TRY(stored_by_name(k, a[1].text, &k->deleted, err));
		if (args.count > 1 && k->deleted == k->version)
			return ERR(err, E_BAD_ARGUMENTS, "The version and is_deleted column cannot be the same column (%.*s)",
			           STR_ARG(a[1].text));
		return args.count > 1 ? integer_column(k, k->deleted, "is_deleted", true, err) : OK;
	}
	if (str_eq(engine, STR("CollapsingMergeTree")) || str_eq(engine, STR("VersionedCollapsingMergeTree"))) {
		bool versioned = engine.data[0] == 'V';
		k->mode = versioned ? MERGE_VERSIONED_COLLAPSING : MERGE_COLLAPSING;
		if (args.count != (versioned ? 2u : 1u))
			return wrong_args(k, versioned ? "a sign and a version column" : "a sign column", err);
		TRY(stored_by_name(k, a[0].text, &k->sign, err));
		TRY(integer_column(k, k->sign, "sign", true, err));
		if (versioned)
			TRY(stored_by_name(k, a[1].text, &k->version, err));
		return versioned ? integer_column(k, k->version, "version", false, err) : OK;
	}
	if (str_eq(engine, STR("SummingMergeTree"))) {
		k->mode = MERGE_SUMMING;
		if (args.count > 1)
			return wrong_args(k, "at most one column or tuple of columns", err);
		struct str one = args.count == 1 && !a[0].is_list ? a[0].text : (struct str){0};
		if (args.count == 1 && a[0].is_list)
			TRY(set_summed(k, a[0].list, a[0].list_count, true, err));
		else
			TRY(set_summed(k, &one, args.count, true, err));
		find_maps(k);
		return OK;
	}
	if (str_eq(engine, STR("AggregatingMergeTree"))) {
		k->mode = MERGE_AGGREGATING;
		return args.count == 0 ? set_summed(k, NULL, 0, false, err) : wrong_args(k, "no arguments", err);
	}
	return ERR(err, E_UNKNOWN_STORAGE, "Unknown table engine %.*s", STR_ARG(k->def->engine));
}

/* ---- settings ---- */

static struct str setting_text(const struct table_keys *k, const char *name)
{
	const char *v = table_def_setting(k->def, name);
	if (v != NULL)
		return str_of(v);
	const struct merge_tree_setting *s = merge_tree_setting_find(str_of(name));
	return s == NULL ? (struct str){0} : str_of(s->default_value);
}

static enum status setting_u64(const struct table_keys *k, const char *name, uint64_t *out, struct error *err)
{
	struct str v = setting_text(k, name);
	if (str_eq_nocase(v, STR("true")))
		*out = 1;
	else if (str_eq_nocase(v, STR("false")) || v.size == 0)
		*out = 0;
	else if (!setting_size(v, out))
		return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse input: the setting %s has no number for a value: %.*s", name,
		           STR_ARG(v));
	return OK;
}

/* A replicated table knows equal blocks again, others where they are asked to; tokens are known by all. */
static enum status read_token_settings(struct table_keys *k, struct error *err)
{
	struct merge_settings *s = &k->settings;
	bool replicated = str_starts_with(k->def->engine, STR("Replicated"));
	TRY(setting_u64(k, replicated ? "replicated_deduplication_window" : "non_replicated_deduplication_window",
	                &s->token_window, err));
	s->token_by_rows = s->token_window != 0;
	if (replicated)
		TRY(setting_u64(k, "replicated_deduplication_window_seconds", &s->token_seconds, err));
	if (s->token_window == 0)
		s->token_window = TOKENS_KEPT;
	if (s->token_window > TOKENS_MAX)
		return ERR(err, E_INVALID_SETTING_VALUE, "the deduplication window is larger than %d", TOKENS_MAX);
	return OK;
}

static enum status read_settings(struct table_keys *k, struct error *err)
{
	struct merge_settings *s = &k->settings;
	uint64_t flag;
	TRY(setting_u64(k, "index_granularity", &s->index_granularity, err));
	TRY(setting_u64(k, "index_granularity_bytes", &s->index_granularity_bytes, err));
	TRY(setting_u64(k, "min_bytes_for_wide_part", &s->min_bytes_for_wide_part, err));
	TRY(setting_u64(k, "min_rows_for_wide_part", &s->min_rows_for_wide_part, err));
	TRY(setting_u64(k, "parts_to_delay_insert", &s->parts_to_delay, err));
	TRY(setting_u64(k, "parts_to_throw_insert", &s->parts_to_throw, err));
	TRY(setting_u64(k, "min_delay_to_insert_ms", &s->delay_min_us, err));
	TRY(setting_u64(k, "max_delay_to_insert", &s->delay_max_us, err));
	s->delay_min_us *= 1000;
	s->delay_max_us *= 1000000;
	TRY(setting_u64(k, "max_bytes_to_merge_at_max_space_in_pool", &s->max_bytes_to_merge, err));
	TRY(setting_u64(k, "ttl_only_drop_parts", &flag, err));
	s->ttl_only_drop_parts = flag != 0;
	TRY(setting_u64(k, "finalize_on_read", &flag, err));
	s->finalize_on_read = flag != 0;
	s->max_partitions_per_insert = 100;
	TRY(read_token_settings(k, err));
	s->memory_rows = 65536;
	s->memory_bytes = 8 << 20;
	if (table_def_setting(k->def, "min_rows_for_compact_part") != NULL)
		TRY(setting_u64(k, "min_rows_for_compact_part", &s->memory_rows, err));
	if (table_def_setting(k->def, "min_bytes_for_compact_part") != NULL)
		TRY(setting_u64(k, "min_bytes_for_compact_part", &s->memory_bytes, err));
	if (s->index_granularity == 0 || s->index_granularity > 65536 * 16)
		return ERR(err, E_INVALID_SETTING_VALUE, "index_granularity is out of range");
	struct str ratio = setting_text(k, "ratio_of_defaults_for_sparse_serialization");
	s->sparse_ratio = ratio.size == 0 ? 0.9375 : strtod(ratio.data, NULL);
	s->classic_layout = str_eq(setting_text(k, "part_layout"), STR("24"));
	TRY(setting_u64(k, "adaptive_codecs", &flag, err));
	s->adaptive_codecs = flag != 0;
	struct str codec = setting_text(k, "default_compression_codec");
	s->default_codec = codec_chain_lz4;
	if (codec.size != 0) {
		struct codec_chain c;
		TRY(codec_chain_parse(codec, (struct codec_value){0}, true, &c, err));
		s->default_codec = codec_chain_resolve(&c, &codec_chain_lz4);
	}
	for (uint32_t i = 0; i < k->stored_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[i]];
		struct codec_chain chain;
		if (c->codec.size != 0)
			TRY(codec_chain_parse(c->codec, type_codec_value(c->type), true, &chain, err));
	}
	return OK;
}

/* ---- skip indexes ---- */

static bool index_number(const struct key_args *args, uint32_t i, double *out)
{
	char *end;
	char text[64];
	snprintf(text, sizeof text, "%.*s", STR_ARG(args->args[i].text));
	*out = strtod(text, &end);
	return end != text && *end == '\0' && *out >= 0;
}

static enum status index_error(const struct skip_index *s, enum status code, const char *what, struct error *err)
{
	return ERR(err, code, "%s: When validating secondary index `%.*s`.", what, STR_ARG(s->name));
}

static bool is_later_index(struct str name)
{
	static const char *const later[] = {"full_text", "inverted", "vector_similarity", "sparse_grams",
	                                    "hypothesis"};
	for (size_t i = 0; i < ARRAY_COUNT(later); i++)
		if (str_eq_nocase(name, str_of(later[i])))
			return true;
	return false;
}

static enum status check_skip_types(const struct skip_index *s, struct error *err)
{
	struct arena a;
	const struct type *t = s->exprs[0]->type;
	if (t->id == TYPE_ARRAY)
		t = t->children[0];
	if (s->kind == SKIP_TEXT && (s->expr_count != 1 || !type_is_string(t)))
		return index_error(s, E_BAD_ARGUMENTS, "Text index must be created on columns of type with base type of String or "
		                   "FixedString", err);
	if ((s->kind == SKIP_TOKEN || s->kind == SKIP_NGRAM) && (s->expr_count != 1 || !type_is_string(t) || t->nullable))
		return index_error(s, E_BAD_ARGUMENTS, "Ngram and token bloom filter indexes can only be used with column types "
		                   "`String`, `FixedString`, `LowCardinality(String)`, `LowCardinality(FixedString)`, "
		                   "`Array(String)` or `Array(FixedString)`", err);
	for (uint32_t i = 0; s->kind == SKIP_BLOOM && i < s->expr_count; i++) {
		t = s->exprs[i]->type;
		if (bloom_type_allowed(t))
			continue;
		bool inner = t->id == TYPE_ARRAY && (t->children[0]->nullable || t->children[0]->id == TYPE_ARRAY);
		arena_init(&a, NULL);
		enum status st = ERR(err, inner ? E_BAD_ARGUMENTS : E_ILLEGAL_COLUMN,
		                     "Unexpected type %.*s of bloom filter index: When validating secondary index `%.*s`.",
		                     STR_ARG(type_name(&a, t)), STR_ARG(s->name));
		arena_fini(&a);
		return st;
	}
	return OK;
}

/* tokenbf_v1(bytes, functions, seed), ngrambf_v1(n, bytes, functions, seed) */
static enum status read_text_index(struct skip_index *s, const struct key_args *args, const double *n, bool numbers,
                                   struct error *err)
{
	bool ngram = s->kind == SKIP_NGRAM;
	if (args->count != (ngram ? 4u : 3u))
		return index_error(s, E_BAD_ARGUMENTS, ngram ? "`ngrambf` index must have exactly 4 arguments"
		                                             : "`tokenbf` index must have exactly 3 arguments", err);
	if (!numbers)
		return index_error(s, E_BAD_ARGUMENTS, "All parameters of the index must be unsigned integers", err);
	if (ngram && n[0] < 1)
		return index_error(s, E_BAD_ARGUMENTS, "ngram length must be at least 1", err);
	if (n[ngram] < 1 || n[ngram] > 1u << 30)
		return index_error(s, E_BAD_ARGUMENTS, n[ngram] < 1 ? "The size of bloom filter cannot be zero"
		                   : "The size of bloom filter cannot be more than 1073741824", err);
	if (n[ngram + 1] < 1)
		return index_error(s, E_BAD_ARGUMENTS, "The number of hash functions for bloom filter cannot be zero", err);
	s->n = ngram ? (uint64_t)n[0] : 0;
	s->bytes = (uint64_t)n[ngram];
	s->hashes = (uint64_t)n[ngram + 1];
	s->seed = (uint64_t)n[ngram + 2];
	return OK;
}

/* splitByNonAlpha, 'array', ngrams(4) */
static enum status read_tokenizer(struct skip_index *s, struct str text, struct error *err)
{
	ptrdiff_t open = str_find_char(text, '(');
	struct str name = open < 0 ? text : (struct str){text.data, (size_t)open};
	if (str_eq(name, STR("splitByNonAlpha")) || str_eq(name, STR("default"))) {
		s->n = TOKENS_WORDS;
	} else if (str_eq(name, STR("array"))) {
		s->n = TOKENS_WHOLE;
	} else if (str_eq(name, STR("ngrams")) || str_eq(name, STR("ngram"))) {
		s->n = open < 0 ? 3 : strtoull(text.data + open + 1, NULL, 10);
		if (s->n < 1 || s->n > 8)
			return index_error(s, E_BAD_ARGUMENTS, "Incorrect params of tokenizer `ngrams`: from 1 to 8 characters", err);
	} else if (str_eq(name, STR("splitByString")) || str_eq(name, STR("sparseGrams"))) {
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: text indexes of tokenizer %.*s", STR_ARG(name));
	} else {
		return ERR(err, E_BAD_ARGUMENTS, "Unknown tokenizer: '%.*s': When validating secondary index `%.*s`.", STR_ARG(name),
		           STR_ARG(s->name));
	}
	return OK;
}

/* text(tokenizer = …, and how ClickHouse lays out its own files) */
static enum status read_token_index(struct skip_index *s, const struct key_args *args, struct error *err)
{
	static const char *const layout[] = {"dictionary_block_size", "dictionary_block_frontcoding_compression",
	                                     "max_cardinality_for_embedded_postings", "bloom_filter_false_positive_rate",
	                                     "posting_list_block_size", "posting_list_codec"};
	bool found = false;
	s->kind = SKIP_TEXT;
	s->bloom_rate = 0.01;
	s->granularity = 1;  /* ClickHouse's is the part; ours tells granules apart */
	for (uint32_t i = 0; i < args->count; i++) {
		struct str text = args->args[i].text;
		ptrdiff_t equal = str_find_char(text, '=');
		struct str name = str_trim((struct str){text.data, equal < 0 ? text.size : (size_t)equal});
		struct str value = equal < 0 ? STR("") : str_trim((struct str){text.data + equal + 1, text.size - (size_t)equal - 1});
		bool known = false;
		for (size_t k = 0; k < ARRAY_COUNT(layout); k++)
			known |= str_eq(name, str_of(layout[k]));
		if (value.size >= 2 && value.data[0] == '\'')
			value = (struct str){value.data + 1, value.size - 2};
		if (str_eq(name, STR("tokenizer")))
			TRY(read_tokenizer(s, value, err));
		else if (str_eq(name, STR("preprocessor")))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: preprocessor of text indexes");
		else if (!known)
			return index_error(s, E_BAD_ARGUMENTS, "Unexpected text index arguments", err);
		found |= str_eq(name, STR("tokenizer"));
	}
	return found ? OK : index_error(s, E_BAD_ARGUMENTS, "Text index argument 'tokenizer' is required", err);
}

static enum status read_skip(struct table_keys *k, const struct index_def *d, struct skip_index *s, struct error *err)
{
	ptrdiff_t open = str_find_char(d->type, '(');
	struct str name = open < 0 ? d->type : (struct str){d->type.data, (size_t)open};
	struct key_args args = {0};
	if (open >= 0)
		TRY(key_args_parse(&k->arena, (struct str){d->type.data + open + 1, d->type.size - (size_t)open - 2}, &args, err));
	double n[4] = {0};
	bool numbers = true;
	*s = (struct skip_index){.name = d->name, .granularity = d->granularity == 0 ? 1 : d->granularity};
	for (uint32_t i = 0; i < args.count && i < ARRAY_COUNT(n); i++)
		numbers = index_number(&args, i, &n[i]) && numbers;
	if (str_eq_nocase(name, STR("minmax"))) {
		s->kind = SKIP_MINMAX;
	} else if (str_eq_nocase(name, STR("set"))) {
		s->kind = SKIP_SET;
		if (args.count != 1)
			return index_error(s, E_INCORRECT_QUERY, "Set index must have exactly one argument", err);
		s->set_max = (uint64_t)n[0];
		if (!numbers || n[0] > UINT32_MAX || (double)s->set_max < n[0])
			return index_error(s, E_INCORRECT_QUERY, "Set index argument must be positive integer", err);
	} else if (str_eq_nocase(name, STR("bloom_filter"))) {
		s->kind = SKIP_BLOOM;
		s->bloom_rate = args.count > 0 ? n[0] : 0.025;
		if (args.count > 1)
			return index_error(s, E_NUMBER_OF_ARGUMENTS, "BloomFilter index cannot have more than one parameter", err);
		if (!numbers || s->bloom_rate <= 0 || s->bloom_rate >= 1)
			return index_error(s, E_BAD_ARGUMENTS,
			                   "The BloomFilter false positive must be a double number between 0 and 1", err);
	} else if (str_eq_nocase(name, STR("tokenbf_v1")) || str_eq_nocase(name, STR("ngrambf_v1"))) {
		s->kind = str_eq_nocase(name, STR("tokenbf_v1")) ? SKIP_TOKEN : SKIP_NGRAM;
		TRY(read_text_index(s, &args, n, numbers, err));
	} else if (str_eq_nocase(name, STR("text"))) {
		TRY(read_token_index(s, &args, err));
	} else if (is_later_index(name)) {
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: indexes of type %.*s", STR_ARG(d->type));
	} else {
		return ERR(err, E_INCORRECT_QUERY, "Unknown Index type '%.*s'", STR_ARG(name));
	}
	TRY(bind(k, &d->expr, &s->exprs, &s->expr_count, err));
	if (s->expr_count == 0)
		return ERR(err, E_BAD_ARGUMENTS, "index %.*s has no expression", STR_ARG(d->name));
	TRY(check_skip_types(s, err));
	return program_compile(&k->arena, s->exprs, s->expr_count, &s->program, err);
}

static enum status read_skips(struct table_keys *k, struct error *err)
{
	const struct table_def *d = k->def;
	k->skips = ARENA_ARRAY(&k->arena, struct skip_index, d->index_count + 1);
	for (uint32_t i = 0; i < d->index_count; i++)
		if (d->indexes[i].type.size != 0)
			TRY(read_skip(k, &d->indexes[i], &k->skips[k->skip_count++], err));
	for (uint32_t i = 0; i < k->skip_count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (k->skips[i].kind == SKIP_TEXT && k->skips[j].kind == SKIP_TEXT &&
			    expr_equal(k->skips[i].exprs[0], k->skips[j].exprs[0]))
				return ERR(err, E_BAD_ARGUMENTS, "Column `%.*s` must not have more than one text index.",
				           STR_ARG(k->skips[i].exprs[0]->name));
	return OK;
}

/* ---- TTL ---- */

/* Expired values of a column become its DEFAULT. */
static enum status bind_filler(struct table_keys *k, struct table_ttl *t, struct error *err)
{
	const struct column_def *c = &k->def->columns[t->column];
	struct expr **exprs;
	uint32_t n;
	if (c->default_kind != COLUMN_DEFAULT || c->default_expr.text.size == 0)
		return OK;
	TRY(bind(k, &c->default_expr, &exprs, &n, err));
	if (n != 1)
		return OK;
	struct bind_env env = {.arena = &k->arena, .session = storage_session(k->def->dialect), .err = err};
	TRY(expr_cast(&env, exprs[0], c->type, CAST_INSERT, &t->filler));
	return program_compile(&k->arena, &t->filler, 1, &t->filler_program, err);
}

static enum status read_action(struct table_keys *k, struct table_ttl *t, const struct ttl_text *text,
                               struct error *err)
{
	t->rule = text->moves ? TTL_RULE_MOVE : text->recompress.size != 0 ? TTL_RULE_RECOMPRESS : TTL_RULE_DELETE;
	if (t->rule == TTL_RULE_RECOMPRESS) {
		struct codec_chain c;
		TRY(codec_chain_parse(text->recompress, (struct codec_value){0}, true, &c, err));
		t->codec = codec_chain_resolve(&c, &codec_chain_lz4);
	}
	if (t->column != UINT32_MAX && t->rule != TTL_RULE_DELETE)
		return ERR(err, E_BAD_TTL_EXPRESSION, "only DELETE is for the TTL of a column");
	for (uint32_t i = 0; t->column == UINT32_MAX && i + 1 < k->ttl_count; i++)
		if (t->rule == TTL_RULE_DELETE && text->where.size == 0 && k->ttls[i].column == UINT32_MAX &&
		    k->ttls[i].rule == TTL_RULE_DELETE && k->ttls[i].where == NULL)
			return ERR(err, E_BAD_TTL_EXPRESSION,
			           "More than one DELETE TTL expression without WHERE expression is not allowed");
	return OK;
}

static enum status add_ttl(struct table_keys *k, const struct stored_sql *sql, uint32_t column, struct error *err)
{
	struct ttl_text *list;
	uint32_t count;
	TRY(ttl_text_split(&k->arena, sql->text, &list, &count, err));
	for (uint32_t i = 0; i < count; i++) {
		struct table_ttl *t = &k->ttls[k->ttl_count++];
		struct stored_sql part = *sql;
		struct expr **exprs;
		uint32_t n;
		t->column = column;
		part.text = list[i].expires;
		TRY(bind(k, &part, &exprs, &n, err));
		TRY(read_action(k, t, &list[i], err));
		if (column != UINT32_MAX)
			TRY(bind_filler(k, t, err));
		if (n == 1 && exprs[0]->type->nullable)
			return ERR(err, E_BAD_TTL_EXPRESSION,
			           "TTL expression result column should have Date, Date32, DateTime or DateTime64 type, but has %.*s",
			           STR_ARG(type_name(&k->arena, exprs[0]->type)));
		if (n != 1 || !type_is_temporal(exprs[0]->type))
			return ERR(err, E_BAD_TTL_EXPRESSION, "a TTL expression must be one Date or DateTime: %.*s", STR_ARG(part.text));
		t->expires = exprs[0];
		bool *used = ARENA_ARRAY(&k->arena, bool, k->def->column_count + 1);
		bool any = false;
		expr_columns(exprs[0], used);
		for (uint32_t c = 0; c < k->def->column_count; c++)
			any |= used[c];
		if (!any)
			return ERR(err, E_BAD_ARGUMENTS, "TTL expression %.*s does not depend on any of the columns of the table",
			           STR_ARG(part.text));
		for (uint32_t s = 0; column != UINT32_MAX && s < k->sort_count; s++)
			if (k->sort[s]->kind == EXPR_COLUMN && k->sort[s]->column == column)
				return ERR(err, E_ILLEGAL_COLUMN, "Trying to set TTL for key column %.*s",
				           STR_ARG(k->def->columns[column].name));
		if (list[i].where.size != 0) {
			part.text = list[i].where;
			TRY(bind(k, &part, &exprs, &n, err));
			if (n != 1)
				return ERR(err, E_BAD_ARGUMENTS, "the WHERE of a TTL must be one condition: %.*s", STR_ARG(part.text));
			t->where = exprs[0];
		}
		struct expr *both[2] = {t->expires, t->where};
		TRY(program_compile(&k->arena, both, t->where != NULL ? 2 : 1, &t->program, err));
	}
	return OK;
}

static enum status read_ttls(struct table_keys *k, struct error *err)
{
	const struct table_def *d = k->def;
	uint32_t most = 0;
	for (size_t i = 0; i < d->ttl.text.size; i++)
		most += d->ttl.text.data[i] == ',';
	k->ttls = ARENA_ARRAY(&k->arena, struct table_ttl, most + 1 + d->column_count);
	if (d->ttl.text.size != 0)
		TRY(add_ttl(k, &d->ttl, UINT32_MAX, err));
	for (uint32_t i = 0; i < d->column_count; i++)
		if (d->columns[i].ttl.text.size != 0)
			TRY(add_ttl(k, &d->columns[i].ttl, i, err));
	return OK;
}

/* ---- keys ---- */

static enum status compile_keys(struct table_keys *k, struct error *err)
{
	uint32_t n = k->sort_count + k->partition_count;
	k->all = ARENA_ARRAY(&k->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		k->all[i] = i < k->sort_count ? k->sort[i] : k->partition[i - k->sort_count];
	if (n != 0)
		TRY(program_compile(&k->arena, k->all, n, &k->program, err));
	if (k->sort_count != 0)
		TRY(program_compile(&k->arena, k->sort, k->sort_count, &k->sort_program, err));
	if (k->primary_count != 0)
		TRY(program_compile(&k->arena, k->sort, k->primary_count, &k->primary_program, err));
	if (k->partition_count != 0)
		TRY(program_compile(&k->arena, k->partition, k->partition_count, &k->partition_program, err));
	return OK;
}

static enum status refuse_volatile(struct expr *const *key, uint32_t count, const char *what, struct error *err)
{
	for (uint32_t i = 0; i < count; i++)
		if (key[i]->is_volatile)
			return ERR(err, E_BAD_ARGUMENTS, "Expression must be deterministic for %s key", what);
	return OK;
}

/* ClickHouse's tables say allow_nullable_key where they mean it; PostgreSQL's columns are nullable by nature. */
static enum status refuse_nullable(struct table_keys *k, struct expr *const *key, uint32_t count, const char *what,
                                   struct error *err)
{
	uint64_t allowed;
	TRY(setting_u64(k, "allow_nullable_key", &allowed, err));
	for (uint32_t i = 0; !allowed && k->def->dialect == DIALECT_CLICKHOUSE && i < count; i++)
		if (key[i]->type->nullable)
			return ERR(err, E_ILLEGAL_COLUMN, "%s key contains nullable columns, but merge tree setting "
			           "`allow_nullable_key` is disabled", what);
	return OK;
}

/* Aggregates that a type names exist, and those of SimpleAggregateFunction are their own states. */
static enum status check_aggregates(const struct table_keys *k, const struct type *t, struct error *err)
{
	static const char *const simple[] = {"any", "any_respect_nulls", "anyLast", "anyLast_respect_nulls", "min", "max",
		"sum", "sumWithOverflow", "groupBitAnd", "groupBitOr", "groupBitXor", "sumMap", "sumMappedArrays", "minMap",
		"minMappedArrays", "maxMap", "maxMappedArrays", "groupArrayArray", "groupArrayLastArray", "groupUniqArrayArray",
		"groupUniqArrayArrayMap", "argMin", "argMax"};
	struct arena a;
	arena_init(&a, NULL);
	struct bind_env env = {.arena = &a, .session = storage_session(k->def->dialect), .err = err};
	struct aggregator *aggregator;
	enum status st = t->id == TYPE_AGGSTATE ? aggregate_of_type(&env, t, &aggregator)
	                 : t->simple_aggregate.size != 0 ? aggregate_of_simple(&env, t, &aggregator) : OK;
	if (st == OK && t->simple_aggregate.size != 0) {
		bool known = false;
		ptrdiff_t args = str_find_char(t->simple_aggregate, '(');
		struct str name = args < 0 ? t->simple_aggregate : str_make(t->simple_aggregate.data, (size_t)args);
		for (size_t i = 0; i < ARRAY_COUNT(simple) && !known; i++)
			known = str_eq_nocase(name, str_of(simple[i]));
		if (!known)
			st = ERR(err, E_BAD_ARGUMENTS, "Unsupported aggregate function %.*s for SimpleAggregateFunction", STR_ARG(name));
	}
	arena_fini(&a);
	for (uint32_t i = 0; st == OK && t->id != TYPE_AGGSTATE && i < t->child_count; i++)
		st = check_aggregates(k, t->children[i], err);
	return st;
}

static enum status read_keys(struct table_keys *k, struct error *err)
{
	const struct table_def *d = k->def;
	TRY(bind(k, &d->order_by, &k->sort, &k->sort_count, err));
	k->sort_types = types_of(k, k->sort, k->sort_count);
	k->primary_count = k->sort_count;
	if (d->primary_key.text.size != 0) {
		struct expr **primary;
		TRY(bind(k, &d->primary_key, &primary, &k->primary_count, err));
		if (k->sort_count == 0) {
			k->sort = primary;
			k->sort_count = k->primary_count;
			k->sort_types = types_of(k, primary, k->sort_count);
		}
		for (uint32_t i = 0; i < k->primary_count; i++)
			if (i >= k->sort_count || !expr_equal(primary[i], k->sort[i]))
				return ERR(err, E_BAD_ARGUMENTS, "the primary key must be a prefix of the sorting key");
	}
	for (uint32_t i = 0; i < k->sort_count; i++)
		if (type_physical(k->sort[i]->type) == PHYS_MAP || k->sort[i]->type->id == TYPE_AGGSTATE)
			return ERR(err, E_DATA_TYPE_CANNOT_BE_USED_IN_KEY, "the sorting key has an expression of type %.*s, which has no "
			           "order", STR_ARG(type_name(&k->arena, k->sort[i]->type)));
	TRY(refuse_volatile(k->sort, k->sort_count, "Sorting", err));
	TRY(refuse_nullable(k, k->sort, k->sort_count, "Sorting", err));
	TRY(bind(k, &d->partition_by, &k->partition, &k->partition_count, err));
	k->partition_types = types_of(k, k->partition, k->partition_count);
	TRY(refuse_nullable(k, k->partition, k->partition_count, "Partition", err));
	TRY(refuse_volatile(k->partition, k->partition_count, "Partition", err));
	for (uint32_t i = 0; i < k->partition_count; i++)
		if (type_is_float(k->partition[i]->type))
			return ERR(err, E_BAD_ARGUMENTS, "Floating point partition key is not supported");
	bool *used = ARENA_ARRAY(&k->arena, bool, d->column_count + 1);
	for (uint32_t i = 0; i < k->partition_count; i++)
		expr_columns(k->partition[i], used);
	k->minmax = ARENA_ARRAY(&k->arena, uint32_t, d->column_count + 1);
	for (uint32_t i = 0; i < d->column_count; i++)
		if (used[i])
			k->minmax[k->minmax_count++] = k->stored_of[i];
	TRY(compile_keys(k, err));
	struct expr **sample;
	uint32_t sample_count;
	TRY(bind(k, &d->sample_by, &sample, &sample_count, err));
	k->sample = sample_count == 1 ? sample[0] : NULL;
	bool in_key = k->sample == NULL;
	for (uint32_t i = 0; !in_key && i < k->primary_count; i++)
		in_key = expr_equal(k->sort[i], k->sample);
	if (!in_key)
		return ERR(err, E_BAD_ARGUMENTS, "Sampling expression must be present in the primary key");
	return OK;
}

/* VersionedCollapsing sorts by the version too, behind what its key says. */
static enum status sort_by_version(struct table_keys *k, struct error *err)
{
	uint32_t column = k->stored[k->version];
	for (uint32_t i = 0; i < k->sort_count; i++)
		if (k->sort[i]->kind == EXPR_COLUMN && k->sort[i]->column == column)
			return OK;
	struct expr **sort = ARENA_ARRAY(&k->arena, struct expr *, k->sort_count + 1);
	for (uint32_t i = 0; i < k->sort_count; i++)
		sort[i] = k->sort[i];
	sort[k->sort_count++] = expr_column(&k->arena, column, k->def->columns[column].type, k->def->columns[column].name);
	k->sort = sort;
	k->sort_types = types_of(k, sort, k->sort_count);
	return compile_keys(k, err);
}

enum status table_keys_new(const struct table_def *def, struct table_keys **out, struct error *err)
{
	struct table_keys *k = calloc(1, sizeof *k);
	if (k == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	k->references = 1;
	arena_init(&k->arena, NULL);
	k->def = table_def_ref(def);
	find_stored(k);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < k->stored_count; i++)
		st = check_aggregates(k, def->columns[k->stored[i]].type, err);
	if (st == OK)
		st = read_keys(k, err);
	if (st == OK)
		st = read_engine(k, err);
	if (st == OK && k->mode == MERGE_VERSIONED_COLLAPSING)
		st = sort_by_version(k, err);
	if (st == OK)
		st = read_settings(k, err);
	if (st == OK)
		st = read_skips(k, err);
	if (st == OK)
		st = read_ttls(k, err);
	if (st != OK) {
		table_keys_unref(k);
		return st;
	}
	*out = k;
	return OK;
}

struct table_keys *table_keys_ref(struct table_keys *k)
{
	k->references++;
	return k;
}

void table_keys_unref(struct table_keys *k)
{
	if (k == NULL || --k->references != 0)
		return;
	table_def_unref(k->def);
	arena_fini(&k->arena);
	free(k);
}

/* ---- partition ids ---- */

/* ClickHouse's numbers of field kinds, as they go into the hash. */
enum { FIELD_NULL = 0, FIELD_U64 = 1, FIELD_I64 = 2, FIELD_F64 = 3, FIELD_U128 = 4, FIELD_I128 = 5, FIELD_STRING = 16,
       FIELD_D32 = 19, FIELD_D64 = 20, FIELD_D128 = 21, FIELD_D256 = 23, FIELD_U256 = 24, FIELD_I256 = 25,
       	FIELD_UUID = 27,
       FIELD_IPV4 = 30, FIELD_IPV6 = 31 };

static int64_t signed_at(const struct vector *v, uint32_t i)
{
	switch (type_physical(v->type)) {
	case PHYS_I8:
		return ((const int8_t *)v->data)[i];
	case PHYS_I16:
		return ((const int16_t *)v->data)[i];
	case PHYS_I32:
		return ((const int32_t *)v->data)[i];
	default:
		return ((const int64_t *)v->data)[i];
	}
}

static uint64_t unsigned_at(const struct vector *v, uint32_t i)
{
	switch (type_physical(v->type)) {
	case PHYS_U8:
		return ((const uint8_t *)v->data)[i];
	case PHYS_U16:
		return ((const uint16_t *)v->data)[i];
	case PHYS_U32:
		return ((const uint32_t *)v->data)[i];
	default:
		return ((const uint64_t *)v->data)[i];
	}
}

static bool is_signed(const struct vector *v)
{
	enum physical p = type_physical(v->type);
	return p >= PHYS_I8 && p <= PHYS_I64;
}

/* Integers of up to 64 bits stand for themselves in an id; everything else makes it a hash. */
static bool is_plain(const struct vector *v, uint32_t i)
{
	enum physical p = type_physical(v->type);
	bool integer = (p >= PHYS_I8 && p <= PHYS_I64) || (p >= PHYS_U8 && p <= PHYS_U64);
	bool null = v->nulls != NULL && bit_get(v->nulls, i);
	return integer && !null && !type_is_decimal(v->type) && v->type->id != TYPE_DATETIME64 && v->type->id != TYPE_TIME64;
}

static void hash_field(struct siphash *h, uint8_t kind, const void *data, size_t size)
{
	siphash_update(h, &kind, 1);
	siphash_update(h, data, size);
}

static void hash_value(struct siphash *h, const struct vector *v, uint32_t i)
{
	const struct type *t = v->type;
	enum physical p = type_physical(t);
	if (v->nulls != NULL && bit_get(v->nulls, i)) {
		uint8_t kind = FIELD_NULL;
		siphash_update(h, &kind, 1);
		return;
	}
	if (p == PHYS_STR) {
		struct str s = strview_str((const struct strview *)v->data + i);
		uint64_t size = s.size;
		hash_field(h, FIELD_STRING, &size, 8);
		siphash_update(h, s.data, s.size);
		return;
	}
	size_t width = physical_size(p);
	const uint8_t *at = (const uint8_t *)v->data + i * width;
	if (type_is_decimal(t) || t->id == TYPE_DATETIME64 || t->id == TYPE_TIME64) {
		uint32_t scale = t->scale;
		hash_field(h, width == 4 ? FIELD_D32 : width == 8 ? FIELD_D64 : width == 16 ? FIELD_D128 : FIELD_D256, at, width);
		(void)scale;
	} else if (t->id == TYPE_UUID) {
		hash_field(h, FIELD_UUID, at, 16);
	} else if (t->id == TYPE_IPV4) {
		hash_field(h, FIELD_IPV4, at, 4);
	} else if (t->id == TYPE_IPV6) {
		uint8_t turned[16];
		for (int k = 0; k < 16; k++)
			turned[k] = at[15 - k];
		hash_field(h, FIELD_IPV6, turned, 16);
	} else if (p == PHYS_F32 || p == PHYS_F64) {
		double d = p == PHYS_F64 ? ((const double *)v->data)[i] : (double)((const float *)v->data)[i];
		hash_field(h, FIELD_F64, &d, 8);
	} else if (width > 8) {
		hash_field(h, p == PHYS_U128 ? FIELD_U128 : p == PHYS_I128 ? FIELD_I128 : p == PHYS_U256 ? FIELD_U256 : FIELD_I256,
		           at, width);
	} else if (is_signed(v)) {
		int64_t x = signed_at(v, i);
		hash_field(h, FIELD_I64, &x, 8);
	} else {
		uint64_t x = unsigned_at(v, i);
		hash_field(h, FIELD_U64, &x, 8);
	}
}

static void put_plain(struct strbuf *to, const struct vector *v, uint32_t i)
{
	if (v->type->id == TYPE_DATE) {
		struct civil_date d = days_to_civil((int64_t)unsigned_at(v, i));
		strbuf_printf(to, "%04d%02u%02u", d.year, d.month, d.day);
	} else if (is_signed(v)) {
		strbuf_put_i64(to, signed_at(v, i));
	} else {
		strbuf_put_u64(to, unsigned_at(v, i));
	}
}

struct str partition_id(struct arena *a, const struct vector *const *values, uint32_t count, uint32_t row)
{
	if (count == 0)
		return STR("all");
	struct strbuf b;
	struct siphash h;
	bool plain = true;
	strbuf_init(&b, NULL);
	siphash_init(&h, 0, 0);
	for (uint32_t k = 0; k < count; k++) {
		const struct vector *at;
		uint32_t i = vector_index(values[k], row, &at);
		plain = plain && is_plain(at, i);
	}
	for (uint32_t k = 0; k < count; k++) {
		const struct vector *at;
		uint32_t i = vector_index(values[k], row, &at);
		if (!plain) {
			hash_value(&h, at, i);
			continue;
		}
		if (k != 0)
			strbuf_putc(&b, '-');
		put_plain(&b, at, i);
	}
	if (!plain) {
		struct hash128 v = siphash_final128(&h);
		uint8_t bytes[16];
		memcpy(bytes, &v.low, 8);
		memcpy(bytes + 8, &v.high, 8);
		for (int i = 0; i < 16; i++)
			strbuf_printf(&b, "%02x", bytes[i]);
	}
	struct str id = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return id;
}
