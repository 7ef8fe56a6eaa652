-- SPDX-License-Identifier: Apache-2.0
-- HIP-0047's events table with the codecs of its section "Compression"; the columns that section leaves out get the codec
-- of their kind: ZSTD(3) where values are many, ZSTD(1) where they are few, DoubleDelta for time, Delta for numbers.
-- To use it for new data: load it, then EXCHANGE TABLES events AND events_compressed.

CREATE TABLE IF NOT EXISTS events_compressed ON CLUSTER '{cluster}'
(
    -- Identity
    uuid                UUID DEFAULT generateUUIDv4() CODEC(LZ4),
    team_id             UInt64 CODEC(Delta, LZ4),
    distinct_id         String CODEC(ZSTD(3)),
    session_id          String DEFAULT '' CODEC(ZSTD(3)),

    -- Event
    event               String CODEC(ZSTD(1)),
    timestamp           DateTime64(3, 'UTC') CODEC(DoubleDelta, LZ4),
    created_at          DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(DoubleDelta, LZ4),

    -- Properties (stored as JSON string, queried via JSONExtract)
    properties          String DEFAULT '{}' CODEC(ZSTD(3)),

    -- Denormalized property columns for high-cardinality queries
    -- These are extracted from properties at ingestion time
    url                 String DEFAULT '' CODEC(ZSTD(3)),
    referrer            String DEFAULT '' CODEC(ZSTD(3)),
    host                String DEFAULT '' CODEC(ZSTD(1)),
    pathname            String DEFAULT '' CODEC(ZSTD(3)),

    -- Device
    browser             LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    browser_version     String DEFAULT '' CODEC(ZSTD(1)),
    os                  LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    os_version          String DEFAULT '' CODEC(ZSTD(1)),
    device_type         LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),

    -- Geo (resolved at ingestion from IP)
    country_code        LowCardinality(FixedString(2)) DEFAULT '\0\0' CODEC(LZ4),
    city                LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    region              LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),

    -- Attribution
    utm_source          LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    utm_medium          LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    utm_campaign        LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),

    -- LLM-specific (Hanzo extension)
    model               LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    provider            LowCardinality(String) DEFAULT '' CODEC(ZSTD(1)),
    tokens_prompt       UInt32 DEFAULT 0 CODEC(Delta, LZ4),
    tokens_completion   UInt32 DEFAULT 0 CODEC(Delta, LZ4),
    cost_usd            Decimal64(8) DEFAULT 0 CODEC(Delta, LZ4),

    -- Billing
    organization_id     String DEFAULT '' CODEC(ZSTD(1)),
    project_id          String DEFAULT '' CODEC(ZSTD(1)),
    api_key_id          String DEFAULT '' CODEC(ZSTD(1))
)
ENGINE = ReplicatedMergeTree(
    '/clickhouse/tables/{shard}/events_compressed',
    '{replica}'
)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), uuid)
SETTINGS index_granularity = 8192;
