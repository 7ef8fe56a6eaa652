// SPDX-License-Identifier: Apache-2.0
#include "storage/part_name.h"

/* Cuts "_<number>" off the end. */
static bool cut_number(struct str *text, uint64_t *out)
{
	size_t at = text->size;
	while (at > 0 && text->data[at - 1] != '_')
		at--;
	if (at == 0 || !str_to_u64((struct str){text->data + at, text->size - at}, out))
		return false;
	text->size = at - 1;
	return true;
}

bool part_name_parse(struct str text, struct part_name *out)
{
	uint64_t n[4];
	unsigned count = 0;
	struct str rest = text;
	for (size_t i = 0; i < text.size; i++)
		count += text.data[i] == '_';
	/* a partition id has no '_' */
	if (count != 3 && count != 4)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (!cut_number(&rest, &n[i]))
			return false;
	if (rest.size == 0)
		return false;
	uint64_t *level = count == 4 ? &n[1] : &n[0];
	*out = (struct part_name){
		.partition = rest,
		.min_block = level[2],
		.max_block = level[1],
		.level = (uint32_t)level[0],
		.mutation = count == 4 ? n[0] : 0,
	};
	return out->min_block <= out->max_block && level[0] <= UINT32_MAX;
}

void part_name_print(const struct part_name *n, struct strbuf *to)
{
	strbuf_puts(to, n->partition);
	strbuf_putc(to, '_');
	strbuf_put_u64(to, n->min_block);
	strbuf_putc(to, '_');
	strbuf_put_u64(to, n->max_block);
	strbuf_putc(to, '_');
	strbuf_put_u64(to, n->level);
	if (n->mutation != 0) {
		strbuf_putc(to, '_');
		strbuf_put_u64(to, n->mutation);
	}
}

struct str part_name_text(struct arena *a, const struct part_name *n)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	part_name_print(n, &b);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}
