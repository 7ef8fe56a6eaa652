-- SPDX-License-Identifier: Apache-2.0
-- The unified analytics schema: tenants, web analytics, AI observability, business and infrastructure metrics.
-- Clients name these tables, columns and types. Loading it again changes nothing.

CREATE DATABASE IF NOT EXISTS hanzo;

-- Tenants

CREATE TABLE IF NOT EXISTS hanzo.organizations
(
    id UUID,
    name String,
    slug String,
    created_at DateTime64(3) DEFAULT now(),
    updated_at DateTime64(3) DEFAULT now(),
    settings Map(String, String),
    INDEX idx_slug slug TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (id);

CREATE TABLE IF NOT EXISTS hanzo.projects
(
    id UUID,
    organization_id UUID,
    name String,
    slug String,
    type LowCardinality(String),
    created_at DateTime64(3) DEFAULT now(),
    updated_at DateTime64(3) DEFAULT now(),
    settings Map(String, String),
    INDEX idx_org organization_id TYPE bloom_filter GRANULARITY 1,
    INDEX idx_slug slug TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (organization_id, id);

-- Web analytics

CREATE TABLE IF NOT EXISTS hanzo.website_events
(
    project_id UUID,
    session_id UUID,
    visit_id UUID,
    event_id UUID,
    hostname LowCardinality(String),
    browser LowCardinality(String),
    os LowCardinality(String),
    device LowCardinality(String),
    screen LowCardinality(String),
    language LowCardinality(String),
    country LowCardinality(String),
    region LowCardinality(String),
    city String,
    url_path String,
    url_query String,
    page_title String,
    referrer_path String,
    referrer_query String,
    referrer_domain String,
    utm_source String,
    utm_medium String,
    utm_campaign String,
    utm_content String,
    utm_term String,
    gclid String,
    fbclid String,
    msclkid String,
    ttclid String,
    li_fat_id String,
    twclid String,
    event_type UInt32 COMMENT '1 page view, 2 custom event',
    event_name String,
    tag String,
    distinct_id String,
    created_at DateTime64(3) DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(created_at)
PRIMARY KEY (project_id, toStartOfHour(created_at), session_id)
ORDER BY (project_id, toStartOfHour(created_at), session_id, created_at);

CREATE TABLE IF NOT EXISTS hanzo.event_properties
(
    project_id UUID,
    session_id UUID,
    event_id UUID,
    url_path String,
    event_name String,
    property_key String,
    string_value Nullable(String),
    number_value Nullable(Decimal64(4)),
    date_value Nullable(DateTime64(3)),
    data_type UInt32,
    created_at DateTime64(3) DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (project_id, event_id, property_key, created_at);

CREATE TABLE IF NOT EXISTS hanzo.session_properties
(
    project_id UUID,
    session_id UUID,
    property_key String,
    string_value Nullable(String),
    number_value Nullable(Decimal64(4)),
    date_value Nullable(DateTime64(3)),
    data_type UInt32,
    distinct_id String,
    created_at DateTime64(3) DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, session_id, property_key);

-- AI observability

CREATE TABLE IF NOT EXISTS hanzo.ai_traces
(
    id String,
    project_id UUID,
    timestamp DateTime64(3),
    name String,
    user_id Nullable(String),
    session_id Nullable(String),
    metadata Map(LowCardinality(String), String),
    release Nullable(String),
    version Nullable(String),
    public Bool DEFAULT false,
    bookmarked Bool DEFAULT false,
    tags Array(String),
    input Nullable(String) CODEC(ZSTD(3)),
    output Nullable(String) CODEC(ZSTD(3)),
    total_cost Nullable(Decimal64(12)),
    latency_ms Nullable(UInt64),
    created_at DateTime64(3) DEFAULT now(),
    updated_at DateTime64(3) DEFAULT now(),
    event_ts DateTime64(3),
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_id id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_user_id user_id TYPE bloom_filter GRANULARITY 1,
    INDEX idx_session_id session_id TYPE bloom_filter GRANULARITY 1,
    INDEX idx_metadata_keys mapKeys(metadata) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_metadata_values mapValues(metadata) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(event_ts, is_deleted)
PARTITION BY toYYYYMM(timestamp)
PRIMARY KEY (project_id, toDate(timestamp))
ORDER BY (project_id, toDate(timestamp), id);

CREATE TABLE IF NOT EXISTS hanzo.ai_observations
(
    id String,
    trace_id String,
    project_id UUID,
    type LowCardinality(String),
    parent_observation_id Nullable(String),
    start_time DateTime64(3),
    end_time Nullable(DateTime64(3)),
    name String,
    metadata Map(LowCardinality(String), String),
    level LowCardinality(String),
    status_message Nullable(String),
    version Nullable(String),
    input Nullable(String) CODEC(ZSTD(3)),
    output Nullable(String) CODEC(ZSTD(3)),
    model_name Nullable(String),
    model_id Nullable(String),
    model_parameters Nullable(String),
    prompt_tokens Nullable(UInt64),
    completion_tokens Nullable(UInt64),
    total_tokens Nullable(UInt64),
    usage_details Map(LowCardinality(String), UInt64),
    cost_details Map(LowCardinality(String), Decimal64(12)),
    total_cost Nullable(Decimal64(12)),
    completion_start_time Nullable(DateTime64(3)),
    latency_ms Nullable(UInt64),
    time_to_first_token_ms Nullable(UInt64),
    prompt_id Nullable(String),
    prompt_name Nullable(String),
    prompt_version Nullable(UInt16),
    created_at DateTime64(3) DEFAULT now(),
    updated_at DateTime64(3) DEFAULT now(),
    event_ts DateTime64(3),
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_id id TYPE bloom_filter GRANULARITY 1,
    INDEX idx_trace_id trace_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(event_ts, is_deleted)
PARTITION BY toYYYYMM(start_time)
PRIMARY KEY (project_id, type, toDate(start_time))
ORDER BY (project_id, type, toDate(start_time), id);

CREATE TABLE IF NOT EXISTS hanzo.ai_scores
(
    id String,
    project_id UUID,
    trace_id String,
    observation_id Nullable(String),
    name String,
    value Decimal64(6),
    string_value Nullable(String),
    source LowCardinality(String),
    comment Nullable(String),
    data_type LowCardinality(String),
    config_id Nullable(String),
    created_at DateTime64(3) DEFAULT now(),
    updated_at DateTime64(3) DEFAULT now(),
    event_ts DateTime64(3),
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_trace_id trace_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(event_ts, is_deleted)
PARTITION BY toYYYYMM(created_at)
ORDER BY (project_id, name, toDate(created_at), id);

-- Business

CREATE TABLE IF NOT EXISTS hanzo.business_events
(
    id UUID DEFAULT generateUUIDv4(),
    project_id UUID,
    organization_id UUID,
    event_type LowCardinality(String),
    event_name String,
    user_id Nullable(String),
    session_id Nullable(UUID),
    revenue Nullable(Decimal64(4)),
    currency LowCardinality(String) DEFAULT 'USD',
    quantity Nullable(UInt32),
    source LowCardinality(String),
    channel LowCardinality(String),
    product_id Nullable(String),
    product_name Nullable(String),
    properties Map(String, String),
    created_at DateTime64(3) DEFAULT now(),
    INDEX idx_user_id user_id TYPE bloom_filter GRANULARITY 1,
    INDEX idx_product_id product_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(created_at)
ORDER BY (project_id, event_type, toStartOfHour(created_at), created_at);

CREATE TABLE IF NOT EXISTS hanzo.api_metrics
(
    id UUID DEFAULT generateUUIDv4(),
    project_id UUID,
    organization_id UUID,
    timestamp DateTime64(3) DEFAULT now(),
    endpoint String,
    method LowCardinality(String),
    status_code UInt16,
    latency_ms UInt32,
    user_id Nullable(String),
    api_key_id Nullable(String),
    ip_address Nullable(String),
    user_agent Nullable(String),
    tokens_used Nullable(UInt64),
    compute_units Nullable(Decimal64(4)),
    cost Nullable(Decimal64(12)),
    error_type Nullable(String),
    error_message Nullable(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY (project_id, endpoint, toStartOfHour(timestamp), timestamp);

-- Infrastructure

CREATE TABLE IF NOT EXISTS hanzo.base_metrics
(
    instance_id UUID,
    project_id UUID,
    timestamp DateTime64(3) DEFAULT now(),
    cpu_percent Float32,
    memory_used_mb UInt32,
    memory_total_mb UInt32,
    disk_used_mb UInt64,
    disk_total_mb UInt64,
    network_rx_bytes UInt64,
    network_tx_bytes UInt64,
    active_connections UInt32,
    requests_per_second Float32,
    avg_response_time_ms Float32,
    error_rate Float32
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY (instance_id, timestamp)
TTL timestamp + INTERVAL 90 DAY;

CREATE TABLE IF NOT EXISTS hanzo.app_metrics
(
    app_id UUID,
    project_id UUID,
    timestamp DateTime64(3) DEFAULT now(),
    cpu_percent Float32,
    memory_used_mb UInt32,
    memory_limit_mb UInt32,
    desired_replicas UInt8,
    running_replicas UInt8,
    requests_total UInt64,
    requests_per_second Float32,
    avg_latency_ms Float32,
    p99_latency_ms Float32,
    error_count UInt32,
    error_rate Float32,
    restarts UInt32,
    uptime_seconds UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY (app_id, timestamp)
TTL timestamp + INTERVAL 90 DAY;

-- Prices are per million tokens.
CREATE TABLE IF NOT EXISTS hanzo.model_catalog
(
    id String,
    provider LowCardinality(String),
    model_name String,
    display_name String,
    input_price Decimal64(12),
    output_price Decimal64(12),
    context_window UInt32,
    max_output UInt32,
    supports_vision Bool DEFAULT false,
    supports_function_calling Bool DEFAULT false,
    updated_at DateTime64(3) DEFAULT now()
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (provider, id);

-- Roll-ups

CREATE MATERIALIZED VIEW IF NOT EXISTS hanzo.website_events_hourly_mv
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour)
AS SELECT
    project_id,
    toStartOfHour(created_at) AS hour,
    uniqState(session_id) AS unique_sessions,
    uniqState(distinct_id) AS unique_visitors,
    countState() AS total_events,
    sumStateIf(1, event_type = 1) AS pageviews,
    sumStateIf(1, event_type = 2) AS custom_events
FROM hanzo.website_events
GROUP BY project_id, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS hanzo.ai_usage_daily_mv
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project_id, day, model_name)
SETTINGS allow_nullable_key = 1
AS SELECT
    project_id,
    toDate(start_time) AS day,
    model_name,
    countState() AS total_calls,
    sumState(total_tokens) AS total_tokens,
    sumState(total_cost) AS total_cost,
    avgState(latency_ms) AS avg_latency
FROM hanzo.ai_observations
WHERE type = 'generation'
GROUP BY project_id, day, model_name;

CREATE MATERIALIZED VIEW IF NOT EXISTS hanzo.api_metrics_hourly_mv
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, endpoint, hour)
AS SELECT
    project_id,
    endpoint,
    toStartOfHour(timestamp) AS hour,
    countState() AS total_requests,
    sumStateIf(1, status_code >= 200 AND status_code < 300) AS success_count,
    sumStateIf(1, status_code >= 400) AS error_count,
    avgState(latency_ms) AS avg_latency,
    quantileState(0.99)(latency_ms) AS p99_latency,
    sumState(tokens_used) AS total_tokens,
    sumState(cost) AS total_cost
FROM hanzo.api_metrics
GROUP BY project_id, endpoint, hour;
