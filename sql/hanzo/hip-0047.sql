-- SPDX-License-Identifier: Apache-2.0
-- HIP-0047: the analytics datastore's tables, roll-ups and retention. Loading it again changes nothing.
--
--   hanzo-datastore-client < hip-0047.sql          psql -h 127.0.0.1 -U default -d default -c 'SET dialect = clickhouse' -f hip-0047.sql
--
-- ON CLUSTER and Replicated… run on one machine without a coordinator as a cluster of one.

CREATE TABLE IF NOT EXISTS events ON CLUSTER '{cluster}'
(
    -- Identity
    uuid                UUID DEFAULT generateUUIDv4(),
    team_id             UInt64,
    distinct_id         String,
    session_id          String DEFAULT '',

    -- Event
    event               String,
    timestamp           DateTime64(3, 'UTC'),
    created_at          DateTime64(3, 'UTC') DEFAULT now64(3),

    -- Properties (stored as JSON string, queried via JSONExtract)
    properties          String DEFAULT '{}',

    -- Denormalized property columns for high-cardinality queries
    -- These are extracted from properties at ingestion time
    url                 String DEFAULT '',
    referrer            String DEFAULT '',
    host                String DEFAULT '',
    pathname            String DEFAULT '',

    -- Device
    browser             LowCardinality(String) DEFAULT '',
    browser_version     String DEFAULT '',
    os                  LowCardinality(String) DEFAULT '',
    os_version          String DEFAULT '',
    device_type         LowCardinality(String) DEFAULT '',

    -- Geo (resolved at ingestion from IP)
    country_code        LowCardinality(FixedString(2)) DEFAULT '\0\0',
    city                LowCardinality(String) DEFAULT '',
    region              LowCardinality(String) DEFAULT '',

    -- Attribution
    utm_source          LowCardinality(String) DEFAULT '',
    utm_medium          LowCardinality(String) DEFAULT '',
    utm_campaign        LowCardinality(String) DEFAULT '',

    -- LLM-specific (Hanzo extension)
    model               LowCardinality(String) DEFAULT '',
    provider            LowCardinality(String) DEFAULT '',
    tokens_prompt       UInt32 DEFAULT 0,
    tokens_completion   UInt32 DEFAULT 0,
    cost_usd            Decimal64(8) DEFAULT 0,

    -- Billing
    organization_id     String DEFAULT '',
    project_id          String DEFAULT '',
    api_key_id          String DEFAULT ''
)
ENGINE = ReplicatedMergeTree(
    '/clickhouse/tables/{shard}/events',
    '{replica}'
)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), uuid)
SETTINGS index_granularity = 8192;

-- The roll-ups' targets. A view writes one row per group and inserted block; rows of one key meet in merges, and with
-- finalize_on_read = 1 a plain SELECT sees them merged (as with FINAL) and every aggregate state as its finished value.
-- Where a column is AggregateFunction(f, …), the view may say plain f(…): its state is what is stored. Sums, counts and
-- extremes are SimpleAggregateFunction: a plain number on disk, added up in merges.

-- Sessions. session_start is a plain value under min, because the partition key needs a value. duration_seconds is
-- computed from the merged start and end; the view's column of that name is accepted and dropped.
-- A session that crosses a month: rows lie in the partition of the earliest event of their own inserted block. A query
-- over both months merges them; dropping one month's partition, or filtering on session_start so that the other
-- partition is skipped, leaves what the remaining partition knows about the session.
CREATE TABLE IF NOT EXISTS sessions ON CLUSTER '{cluster}'
(
    team_id                 UInt64,
    session_id              String,
    distinct_id             String,
    session_start           SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    session_end             SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    duration_seconds        Int64 ALIAS dateDiff('second', session_start, session_end),
    event_count             SimpleAggregateFunction(sum, UInt64),
    pageview_count          SimpleAggregateFunction(sum, UInt64),
    entry_url               AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    exit_url                AggregateFunction(argMax, String, DateTime64(3, 'UTC')),
    initial_referrer        AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    initial_utm_source      AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    initial_utm_medium      AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    initial_utm_campaign    AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    browser                 AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    os                      AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    device_type             AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC')),
    country_code            AggregateFunction(argMin, LowCardinality(FixedString(2)), DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/sessions', '{replica}')
PARTITION BY toYYYYMM(session_start)
ORDER BY (team_id, session_id, distinct_id)
SETTINGS index_granularity = 8192, finalize_on_read = 1;

CREATE TABLE IF NOT EXISTS events_hourly ON CLUSTER '{cluster}'
(
    team_id                 UInt64,
    event                   String,
    hour                    DateTime('UTC'),
    count                   SimpleAggregateFunction(sum, UInt64),
    unique_users            AggregateFunction(uniqHLL12, String)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/events_hourly', '{replica}')
PARTITION BY toYYYYMM(hour)
ORDER BY (team_id, event, hour)
SETTINGS index_granularity = 8192, finalize_on_read = 1;

CREATE TABLE IF NOT EXISTS token_usage_daily ON CLUSTER '{cluster}'
(
    organization_id         String,
    model                   LowCardinality(String),
    provider                LowCardinality(String),
    day                     Date,
    total_prompt_tokens     SimpleAggregateFunction(sum, UInt64),
    total_completion_tokens SimpleAggregateFunction(sum, UInt64),
    total_cost_usd          SimpleAggregateFunction(sum, Decimal(38, 8)),
    request_count           SimpleAggregateFunction(sum, UInt64)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/token_usage_daily', '{replica}')
PARTITION BY toYYYYMM(day)
ORDER BY (organization_id, day, model, provider)
SETTINGS index_granularity = 8192, finalize_on_read = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_mv ON CLUSTER '{cluster}'
TO sessions
AS SELECT
    team_id,
    session_id,
    distinct_id,
    min(timestamp)                          AS session_start,
    max(timestamp)                          AS session_end,
    dateDiff('second', min(timestamp),
             max(timestamp))                AS duration_seconds,
    count()                                 AS event_count,
    countIf(event = '$pageview')            AS pageview_count,
    argMin(url, timestamp)                  AS entry_url,
    argMax(url, timestamp)                  AS exit_url,
    argMin(referrer, timestamp)             AS initial_referrer,
    argMin(utm_source, timestamp)           AS initial_utm_source,
    argMin(utm_medium, timestamp)           AS initial_utm_medium,
    argMin(utm_campaign, timestamp)         AS initial_utm_campaign,
    argMin(browser, timestamp)              AS browser,
    argMin(os, timestamp)                   AS os,
    argMin(device_type, timestamp)          AS device_type,
    argMin(country_code, timestamp)         AS country_code
FROM events
GROUP BY team_id, session_id, distinct_id;

-- Hourly event counts by team, event type
CREATE MATERIALIZED VIEW IF NOT EXISTS events_hourly_mv ON CLUSTER '{cluster}'
TO events_hourly
AS SELECT
    team_id,
    event,
    toStartOfHour(timestamp)                AS hour,
    count()                                 AS count,
    uniqHLL12(distinct_id)                  AS unique_users
FROM events
GROUP BY team_id, event, hour;

-- Daily token usage by organization, model
CREATE MATERIALIZED VIEW IF NOT EXISTS token_usage_daily_mv ON CLUSTER '{cluster}'
TO token_usage_daily
AS SELECT
    organization_id,
    model,
    provider,
    toDate(timestamp)                       AS day,
    sum(tokens_prompt)                      AS total_prompt_tokens,
    sum(tokens_completion)                  AS total_completion_tokens,
    sum(cost_usd)                           AS total_cost_usd,
    count()                                 AS request_count
FROM events
WHERE event = '$llm_request'
GROUP BY organization_id, model, provider, day;

-- Retention
ALTER TABLE events ON CLUSTER '{cluster}'
    MODIFY TTL timestamp + INTERVAL 12 MONTH DELETE;

ALTER TABLE events_hourly ON CLUSTER '{cluster}'
    MODIFY TTL hour + INTERVAL 36 MONTH DELETE;

ALTER TABLE token_usage_daily ON CLUSTER '{cluster}'
    MODIFY TTL day + INTERVAL 36 MONTH DELETE;
