# SPDX-License-Identifier: Apache-2.0
"""What a driver of the native protocol does, as TAP lines: native_client.py PORT. Debian: python3-clickhouse-driver."""
import datetime
import decimal
import sys
import uuid

from clickhouse_driver import Client
from clickhouse_driver.errors import ServerException

PORT = int(sys.argv[1])


def connect(**more):
    return Client('127.0.0.1', port=PORT, **more)


def check(name, got, expected):
    print('ok' if got == expected else 'not ok', '-', name, '' if got == expected else '(got %r)' % (got,), flush=True)


def fails(name, code, run):
    try:
        check(name, run(), 'an error')
    except ServerException as e:
        check(name, e.code, code)


ID = uuid.UUID('00000000-0000-0000-0000-00000000002a')
VALUES = (
    ('UInt32', 1), ('Int128', -5), ('Float64', 1.5), ('Bool', True), ('Nullable(String)', None), ('Array(String)', ['x', 'y']),
    ('LowCardinality(String)', 'a'), ('LowCardinality(Nullable(String))', None), ('Array(LowCardinality(String))', ['a', 'b']),
    ('DateTime64(3)', datetime.datetime(2026, 1, 1, 0, 0, 0, 123000)), ('Date', datetime.date(2026, 1, 1)), ('UUID', ID),
    ('Decimal(10,2)', decimal.Decimal('1.25')), ('Map(String,UInt8)', {'a': 1}), ('Tuple(Int8,String)', (1, 't')),
    ("Enum8('x'=1,'y'=2)", 'x'), ('FixedString(3)', 'abc'), ('Array(Array(Nullable(UInt8)))', [[1, None], []]),
)

c = connect(settings={'max_block_size': 1000})
check('names and types', c.execute('SELECT number, toString(number) AS s FROM numbers(2)', with_column_types=True),
      ([(0, '0'), (1, '1')], [('number', 'UInt64'), ('s', 'String')]))
for kind, value in VALUES:
    c.execute('DROP TABLE IF EXISTS v')
    c.execute('CREATE TABLE v (a %s) ENGINE = Memory' % kind)
    c.execute('INSERT INTO v VALUES', [(value,)] * 3)
    check('there and back: ' + kind, c.execute('SELECT * FROM v'), [(value,)] * 3)

c.execute("CREATE TABLE t (a UInt32, b Nullable(String), c Array(String), l UInt8 DEFAULT 7) ENGINE = MergeTree ORDER BY a")
rows = [(i, None if i % 3 == 0 else 'b' * (i % 300), ['x'] * (i % 4), 1) for i in range(50000)]
check('rows inserted', c.execute('INSERT INTO t VALUES', rows), 50000)
check('rows read', c.execute('SELECT count(), sum(a), countIf(b IS NULL), sum(length(b)), sum(length(c)), sum(l) FROM t'),
      [(50000, sum(r[0] for r in rows), sum(r[1] is None for r in rows), sum(len(r[1] or '') for r in rows),
        sum(len(r[2]) for r in rows), 50000)])
c.execute('INSERT INTO t (a) VALUES', [(90000,)])
check('a DEFAULT', c.execute('SELECT l, c FROM t WHERE a = 90000'), [(7, [])])
c.execute('INSERT INTO t (a, l) VALUES (90001, 3)')
check('data inside the statement', c.execute('SELECT l FROM t WHERE a = 90001'), [(3,)])
check('an empty result', c.execute('SELECT a FROM t WHERE 0', with_column_types=True), ([], [('a', 'UInt32')]))
check('a large result', len(c.execute('SELECT number, toString(number) FROM numbers(300000)')), 300000)
check('an external table', c.execute('SELECT b FROM ext WHERE a > 1', external_tables=[
    {'name': 'ext', 'structure': [('a', 'Int32'), ('b', 'String')], 'data': [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]}]), [('y',)])
fails('which is gone afterwards', 60, lambda: c.execute('SELECT * FROM ext'))
fails('an unknown name', 47, lambda: c.execute('SELECT nope FROM t'))
fails('a syntax error', 62, lambda: c.execute('SELEKT 1'))
fails('a failure amid rows', 395, lambda: c.execute('SELECT throwIf(number = 250000) FROM numbers(300000)'))
fails('data of a wrong table', 60, lambda: c.execute('INSERT INTO nowhere VALUES', [(1,)]))
check('and the connection goes on', c.execute('SELECT 1'), [(1,)])
SETTING = "SELECT value FROM system.settings WHERE name = 'max_result_rows'"
check('a setting of a query', c.execute(SETTING, settings={'max_result_rows': 77, 'such_a_setting_there_is_not': 1}), [('77',)])
check('ends with it', c.execute(SETTING), [('0',)])
c.execute('SET max_result_rows = 88')
check('SET lasts', c.execute(SETTING), [('88',)])
c.execute('SET max_result_rows = 0')
progress = c.execute_with_progress('SELECT sum(number) FROM numbers(50000000)')
list(progress)
check('a sum with progress', progress.get_result(), [(1249999975000000,)])
check('progress', progress.progress_totals.rows, 50000000)
fails('a wrong password', 516, lambda: connect(user='nobody', password='x').execute('SELECT 1'))
fails('an unknown database', 81, lambda: connect(database='nowhere').execute('SELECT 1'))
endless = connect()
for row in endless.execute_iter('SELECT number FROM system.numbers'):
    if row[0] > 100000:
        break
endless.cancel()
check('a cancelled query', endless.execute('SELECT 1'), [(1,)])
