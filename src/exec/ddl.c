// SPDX-License-Identifier: Apache-2.0
/* Which statement is whose, and what ON CLUSTER answers. */
#include "exec/ddl.h"

#include "exec/ddl_impl.h"

bool ddl_handles(const struct ast *ast)
{
	switch (ast->kind) {
	case AST_CREATE_TABLE:
	case AST_CREATE_VIEW:
	case AST_CREATE_DICTIONARY:
	case AST_CREATE_DATABASE:
	case AST_CREATE_INDEX:
	case AST_ALTER:
	case AST_DROP:
	case AST_UNDROP:
	case AST_RENAME:
	case AST_TRUNCATE:
	case AST_CREATE_SEQUENCE:
	case AST_CREATE_TYPE:
	case AST_CREATE_EXTENSION:
	case AST_CREATE_FUNCTION:
	case AST_ROLE:
	case AST_GRANT:
	case AST_COMMENT:
	case AST_RECORDED:
	case AST_OPTIMIZE:
	case AST_SYSTEM:
	case AST_BACKUP:
		return true;
	default:
		return false;
	}
}

static const char *drop_tag(const struct ast_drop *d)
{
	switch (d->object) {
	case OBJECT_DATABASE:
		return "DROP DATABASE";
	case OBJECT_SCHEMA:
		return "DROP SCHEMA";
	case OBJECT_VIEW:
		return "DROP VIEW";
	case OBJECT_MATERIALIZED_VIEW:
		return "DROP MATERIALIZED VIEW";
	case OBJECT_INDEX:
		return "DROP INDEX";
	case OBJECT_SEQUENCE:
		return "DROP SEQUENCE";
	case OBJECT_TYPE:
		return "DROP TYPE";
	case OBJECT_DOMAIN:
		return "DROP DOMAIN";
	case OBJECT_EXTENSION:
		return "DROP EXTENSION";
	case OBJECT_FUNCTION:
		return "DROP FUNCTION";
	case OBJECT_TRIGGER:
		return "DROP TRIGGER";
	case OBJECT_POLICY:
		return "DROP POLICY";
	case OBJECT_RULE:
		return "DROP RULE";
	case OBJECT_USER:
	case OBJECT_ROLE:
	case OBJECT_GROUP:
		return "DROP ROLE";
	case OBJECT_TABLE:
		return "DROP TABLE";
	default:
		return "DROP";
	}
}

static const char *alter_tag(const struct ast_alter *x)
{
	static const struct {
		enum object_type object;
		const char *tag;
	} tags[] = {
		{OBJECT_VIEW, "ALTER VIEW"}, {OBJECT_MATERIALIZED_VIEW, "ALTER MATERIALIZED VIEW"}, {OBJECT_INDEX, "ALTER INDEX"},
		{OBJECT_SEQUENCE, "ALTER SEQUENCE"}, {OBJECT_TYPE, "ALTER TYPE"}, {OBJECT_DOMAIN, "ALTER DOMAIN"},
		{OBJECT_DATABASE, "ALTER DATABASE"}, {OBJECT_SCHEMA, "ALTER SCHEMA"}, {OBJECT_FUNCTION, "ALTER FUNCTION"},
		{OBJECT_EXTENSION, "ALTER EXTENSION"}, {OBJECT_DEFAULT_PRIVILEGES, "ALTER DEFAULT PRIVILEGES"},
		{OBJECT_USER, "ALTER ROLE"}, {OBJECT_ROLE, "ALTER ROLE"}, {OBJECT_SYSTEM, "ALTER SYSTEM"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(tags); i++)
		if (tags[i].object == x->object)
			return tags[i].tag;
	return "ALTER TABLE";
}

const char *ddl_tag(const struct ast *ast)
{
	switch (ast->kind) {
	case AST_CREATE_TABLE: {
		const struct ast_create_table *x = (const struct ast_create_table *)ast;
		return x->as_query != NULL && !x->no_data ? "CREATE TABLE AS" : "CREATE TABLE";
	}
	case AST_CREATE_VIEW:
		return ((const struct ast_create_view *)ast)->materialized ? "CREATE MATERIALIZED VIEW" : "CREATE VIEW";
	case AST_CREATE_DICTIONARY:
		return "CREATE DICTIONARY";
	case AST_CREATE_DATABASE:
		return ((const struct ast_create_database *)ast)->schema ? "CREATE SCHEMA" : "CREATE DATABASE";
	case AST_CREATE_INDEX:
		return "CREATE INDEX";
	case AST_ALTER:
		return alter_tag((const struct ast_alter *)ast);
	case AST_DROP:
		return drop_tag((const struct ast_drop *)ast);
	case AST_UNDROP:
		return "UNDROP TABLE";
	case AST_RENAME:
		return ((const struct ast_rename *)ast)->exchange ? "EXCHANGE TABLES" : "RENAME TABLE";
	case AST_TRUNCATE:
		return "TRUNCATE TABLE";
	case AST_CREATE_SEQUENCE:
		return "CREATE SEQUENCE";
	case AST_CREATE_TYPE:
		return ((const struct ast_create_type *)ast)->form == TYPE_DOMAIN ? "CREATE DOMAIN" : "CREATE TYPE";
	case AST_CREATE_EXTENSION:
		return "CREATE EXTENSION";
	case AST_CREATE_FUNCTION:
		return ((const struct ast_create_function *)ast)->procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
	case AST_ROLE:
		return ((const struct ast_role *)ast)->alter ? "ALTER ROLE" : "CREATE ROLE";
	case AST_GRANT: {
		const struct ast_grant *g = (const struct ast_grant *)ast;
		return g->is_role ? g->revoke ? "REVOKE ROLE" : "GRANT ROLE" : g->revoke ? "REVOKE" : "GRANT";
	}
	case AST_COMMENT:
		return "COMMENT";
	case AST_RECORDED: {
		const struct ast_recorded *r = (const struct ast_recorded *)ast;
		return r->tag.size != 0 ? r->tag.data : "CREATE";
	}
	case AST_OPTIMIZE:
		return "OPTIMIZE TABLE";
	case AST_SYSTEM:
		return "SYSTEM";
	case AST_BACKUP:
		return "BACKUP";
	default:
		return "";
	}
}

/* ---- ON CLUSTER ---- */
static const struct name *cluster_of(const struct ast *ast)
{
	switch (ast->kind) {
	case AST_CREATE_TABLE:
		return &((const struct ast_create_table *)ast)->cluster;
	case AST_CREATE_VIEW:
		return &((const struct ast_create_view *)ast)->cluster;
	case AST_CREATE_DATABASE:
		return &((const struct ast_create_database *)ast)->cluster;
	case AST_CREATE_INDEX:
		return &((const struct ast_create_index *)ast)->cluster;
	case AST_ALTER:
		return &((const struct ast_alter *)ast)->cluster;
	case AST_DROP:
		return &((const struct ast_drop *)ast)->cluster;
	case AST_RENAME:
		return &((const struct ast_rename *)ast)->cluster;
	case AST_TRUNCATE:
		return &((const struct ast_truncate *)ast)->cluster;
	case AST_ROLE:
		return &((const struct ast_role *)ast)->cluster;
	case AST_GRANT:
		return &((const struct ast_grant *)ast)->cluster;
	case AST_OPTIMIZE:
		return &((const struct ast_optimize *)ast)->cluster;
	case AST_SYSTEM:
		return &((const struct ast_system *)ast)->cluster;
	default:
		return NULL;
	}
}

/* A cluster of one: this server has done it, nobody else is asked. */
static void answer_cluster(struct ddl_context *c, const struct ast *ast, struct ddl_result *out)
{
	const struct name *cluster = cluster_of(ast);
	if (cluster == NULL || cluster->count == 0 || out->query.size != 0 || ddl_is_pg(c))
		return;
	if (str_eq(settings_text(c->settings, SET_distributed_ddl_output_mode), STR("none")))
		return;
	out->query = STR("SELECT 'localhost' AS host, toUInt16(9000) AS port, toInt64(0) AS status, '' AS error, "
	                 "toUInt64(0) AS num_hosts_remaining, toUInt64(0) AS num_hosts_active");
}

/* ---- dispatch ---- */
static enum status run_drop(struct ddl_context *c, const struct ast_drop *x, struct ddl_result *out, struct error *err)
{
	switch (x->object) {
	case OBJECT_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
		return ddl_drop(c, x, out, err);
	case OBJECT_DATABASE:
	case OBJECT_SCHEMA:
		return ddl_drop_database(c, x, err);
	case OBJECT_USER:
	case OBJECT_ROLE:
	case OBJECT_GROUP:
		return ddl_drop_roles(c, x, err);
	default:
		return ddl_drop_object(c, x, err);
	}
}

static enum status run(struct ddl_context *c, const struct ast *ast, struct ddl_result *out, struct error *err)
{
	switch (ast->kind) {
	case AST_CREATE_TABLE:
		return ddl_create_table(c, (const struct ast_create_table *)ast, out, err);
	case AST_CREATE_VIEW:
		return ddl_create_view(c, (const struct ast_create_view *)ast, out, err);
	case AST_CREATE_DICTIONARY:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: dictionaries");
	case AST_CREATE_DATABASE:
		return ddl_create_database(c, (const struct ast_create_database *)ast, err);
	case AST_CREATE_INDEX:
		return ddl_create_index(c, (const struct ast_create_index *)ast, err);
	case AST_ALTER:
		return ddl_alter(c, (const struct ast_alter *)ast, out, err);
	case AST_DROP:
		return run_drop(c, (const struct ast_drop *)ast, out, err);
	case AST_UNDROP:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: UNDROP TABLE");
	case AST_RENAME:
		return ddl_rename(c, (const struct ast_rename *)ast, err);
	case AST_TRUNCATE:
		return ddl_truncate(c, (const struct ast_truncate *)ast, err);
	case AST_CREATE_SEQUENCE:
		return ddl_create_sequence(c, (const struct ast_create_sequence *)ast, err);
	case AST_CREATE_TYPE:
		return ddl_create_type(c, (const struct ast_create_type *)ast, err);
	case AST_CREATE_EXTENSION:
		return ddl_create_extension(c, (const struct ast_create_extension *)ast, err);
	case AST_CREATE_FUNCTION:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: CREATE %s",
		           ((const struct ast_create_function *)ast)->procedure ? "PROCEDURE" : "FUNCTION");
	case AST_ROLE:
		return ddl_role(c, (const struct ast_role *)ast, err);
	case AST_GRANT:
		return ddl_grant(c, (const struct ast_grant *)ast, err);
	case AST_COMMENT:
		return ddl_comment(c, (const struct ast_comment *)ast, err);
	case AST_RECORDED:
		return ddl_recorded(c, (const struct ast_recorded *)ast, out, err);
	case AST_OPTIMIZE:
		return ddl_optimize(c, (const struct ast_optimize *)ast, err);
	case AST_SYSTEM:
		return ddl_system(c, (const struct ast_system *)ast, err);
	case AST_BACKUP:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: BACKUP and RESTORE");
	default:
		return ERR(err, E_LOGICAL_ERROR, "%s is not a definition", ast_kind_name(ast->kind));
	}
}

enum status ddl_run(struct ddl_context *c, const struct ast *ast, struct str text, struct ddl_result *out,
                    struct error *err)
{
	(void)text;
	*out = (struct ddl_result){.query = STR("")};
	if (!settings_bool(c->settings, SET_allow_ddl) && ast->kind != AST_SYSTEM && ast->kind != AST_OPTIMIZE)
		return ERR(err, E_QUERY_IS_PROHIBITED, "Cannot execute query. DDL queries are prohibited for the user");
	if (settings_u64(c->settings, SET_readonly) != 0)
		return ERR(err, E_READONLY, "Cannot execute query in readonly mode");
	TRY(run(c, ast, out, err));
	answer_cluster(c, ast, out);
	return OK;
}
