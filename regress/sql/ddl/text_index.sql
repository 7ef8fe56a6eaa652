-- over: http
-- Text indexes never change an answer.
CREATE TABLE t (id UInt32, body String, lower_body String MATERIALIZED lower(body), tags Array(String), m Map(LowCardinality(String), String),
    INDEX ib body TYPE text(tokenizer = splitByNonAlpha),
    INDEX il lower(body) TYPE text(tokenizer = 'splitByNonAlpha') GRANULARITY 4,
    INDEX it tags TYPE text(tokenizer = 'array'),
    INDEX ik mapKeys(m) TYPE text(tokenizer = array),
    INDEX ig lower_body TYPE text(tokenizer = ngrams(4))
) ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 64, index_granularity_bytes = '64Mi';
INSERT INTO t SELECT number, 'Word' || toString(number % 97) || ', row ' || toString(number) || '; at ' || toString(number % 7), ['tag ' || toString(number % 300), 'all'], map('k' || toString(number % 250), 'v') FROM numbers(1000);
SELECT count(), sum(id) FROM t WHERE hasToken(body, '777');
SELECT count(), sum(id) FROM t WHERE hasAllTokens(body, 'row 777');
SELECT count(), sum(id) FROM t WHERE hasAllTokens(body, ['row', '778']);
SELECT count(), sum(id) FROM t WHERE hasAnyTokens(body, ['555', '778', 'nothing']);
SELECT count(), sum(id) FROM t WHERE hasAnyTokens(body, 'nothing 12');
SELECT count(), sum(id) FROM t WHERE hasAnyTokens(body, 'nothing here');
SELECT count(), sum(id) FROM t WHERE body LIKE '%row 99;%';
SELECT count(), sum(id) FROM t WHERE body LIKE '%ow 99%';
SELECT count(), sum(id) FROM t WHERE body LIKE 'Word1%';
SELECT count(), sum(id) FROM t WHERE startsWith(body, 'Word9');
SELECT count(), sum(id) FROM t WHERE lower(body) LIKE '%word96,%';
SELECT count(), sum(id) FROM t WHERE body = 'Word3, row 100; at 2';
SELECT count(), sum(id) FROM t WHERE body IN ('Word3, row 100; at 2', 'Word4, row 101; at 3', 'none');
SELECT count(), sum(id) FROM t WHERE has(tags, 'tag 299');
SELECT count(), sum(id) FROM t WHERE has(tags, 'tag');
SELECT count(), sum(id) FROM t WHERE has(tags, 'all') AND id < 10;
SELECT count(), sum(id) FROM t WHERE hasAny(tags, ['tag 1', 'tag 2', 'x']);
SELECT count(), sum(id) FROM t WHERE mapContains(m, 'k249');
SELECT count(), sum(id) FROM t WHERE m['k7'] = 'v';
SELECT count(), sum(id) FROM t WHERE NOT hasToken(body, '777');
SELECT name, type, expr, granularity FROM system.data_skipping_indices WHERE table = 't' AND database = currentDatabase() ORDER BY name;
ALTER TABLE t DROP INDEX ig;
ALTER TABLE t ADD INDEX ig lower_body TYPE text(tokenizer = ngrams(3));
ALTER TABLE t MATERIALIZE INDEX ig SETTINGS mutations_sync = 2;
SELECT count(), sum(id) FROM t WHERE lower_body LIKE '%ord5, row 10%';
OPTIMIZE TABLE t FINAL;
SELECT count(), sum(id) FROM t WHERE hasToken(body, '777');
CREATE TABLE bad0 (a String, INDEX i a TYPE text(tokenizer = array), INDEX j a TYPE text(tokenizer = ngrams(3))) ENGINE = MergeTree ORDER BY a;
CREATE TABLE bad1 (a String, INDEX i a TYPE text) ENGINE = MergeTree ORDER BY a;
CREATE TABLE bad2 (a String, INDEX i a TYPE text(tokenizer = foo)) ENGINE = MergeTree ORDER BY a;
CREATE TABLE bad3 (a Int32, INDEX i a TYPE text(tokenizer = array)) ENGINE = MergeTree ORDER BY a;
CREATE TABLE bad4 (a String, INDEX i a TYPE text(tokenizer = ngrams(3), x = 3)) ENGINE = MergeTree ORDER BY a;
CREATE TABLE bad5 (a String) ENGINE = MergeTree ORDER BY a SETTINGS index_granularity_bytes = '64Mx';
DROP TABLE t;
