-- The shape of the ledger's Parquet files: what stands in for a kind of rows that no file has brought yet.
CREATE TABLE profile_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, record_number BIGINT, fault VARCHAR,
    operation VARCHAR, organisation VARCHAR, profile_id VARCHAR,
    profile_key DECIMAL(38, 0),
    email VARCHAR, email_address VARCHAR, email_key DECIMAL(38, 0), mailbox_key DECIMAL(38, 0), phone VARCHAR, phone_number VARCHAR,
    phone_line VARCHAR, phone_key DECIMAL(38, 0), mobile_name_key DECIMAL(38, 0), external_key DECIMAL(38, 0),
    first_name VARCHAR, last_name VARCHAR,
    birth_date VARCHAR, street VARCHAR, postal_code VARCHAR, city VARCHAR, country VARCHAR, language VARCHAR, updated_at TIMESTAMPTZ,
    updated_until TIMESTAMPTZ, external_id VARCHAR, flags VARCHAR, attributes MAP(VARCHAR, VARCHAR), region VARCHAR
);
CREATE TABLE consent_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, record_number BIGINT, is_standing BOOLEAN, fault VARCHAR,
    event_id VARCHAR, action VARCHAR, channel VARCHAR,
    raw_address VARCHAR, address VARCHAR,
    address_key DECIMAL(38, 0), mailbox_key DECIMAL(38, 0), profile_id VARCHAR, profile_organisation VARCHAR, profile_key DECIMAL(38, 0),
    organisation VARCHAR, scope VARCHAR, scope_id VARCHAR, actor VARCHAR, via VARCHAR, legal_basis VARCHAR, explanation VARCHAR,
    reason VARCHAR,
    reason_text VARCHAR, evidence VARCHAR, paused_until TIMESTAMPTZ, max_messages INTEGER, per_days INTEGER, occurred_from TIMESTAMPTZ,
    occurred_until TIMESTAMPTZ, vendor_label VARCHAR, unknown VARCHAR, region VARCHAR, event_key DECIMAL(38, 0)
);
CREATE TABLE delivery_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, record_number BIGINT, is_standing BOOLEAN, fault VARCHAR,
    event_id VARCHAR, type VARCHAR, channel VARCHAR, raw_address VARCHAR,
    address VARCHAR,
    address_key DECIMAL(38, 0), mailbox_key DECIMAL(38, 0), bounce_class VARCHAR, reason VARCHAR, status_code VARCHAR, diagnostic VARCHAR,
    campaign VARCHAR, organisation VARCHAR, is_known_organisation BOOLEAN, actor VARCHAR, explanation VARCHAR, occurred_from TIMESTAMPTZ,
    occurred_until TIMESTAMPTZ, vendor_label VARCHAR, unknown VARCHAR, region VARCHAR, event_key DECIMAL(38, 0)
);
CREATE TABLE register_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, fault VARCHAR, register VARCHAR, entry_kind VARCHAR, algorithm VARCHAR, normalisation VARCHAR,
    entry VARCHAR, region VARCHAR, value VARCHAR, address_key DECIMAL(38, 0), event_key DECIMAL(38, 0)
);
CREATE TABLE answer_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, record_number BIGINT, fault VARCHAR, review_id VARCHAR, answer VARCHAR, answered_by VARCHAR,
    unknown VARCHAR, event_key DECIMAL(38, 0)
);
CREATE TABLE review_parquet_empty (
    file_row_number BIGINT, load_key BIGINT, record_number BIGINT, fault VARCHAR, event_id VARCHAR, channel VARCHAR, raw_address VARCHAR,
    address VARCHAR, address_key DECIMAL(38, 0), body VARCHAR, scope VARCHAR, scope_id VARCHAR, occurred_from TIMESTAMPTZ,
    occurred_until TIMESTAMPTZ, vendor_label VARCHAR, unknown VARCHAR, region VARCHAR, event_key DECIMAL(38, 0)
);
