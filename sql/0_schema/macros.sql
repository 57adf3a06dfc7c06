-- Readings of text that every loader shares. Times follow domain §2 "Time is an interval"; keys are md5 numbers cut to
-- 126 bits, so that they are a DECIMAL(38, 0) in Parquet, in DuckDB and in Spark alike.
CREATE OR REPLACE MACRO key_of(content) AS (md5_number(content) >> 2)::DECIMAL(38, 0);
CREATE OR REPLACE MACRO filled(content) AS nullif(trim(content), '');
CREATE OR REPLACE MACRO is_filled(content) AS CASE WHEN content BETWEEN '!' AND '~' THEN true ELSE trim(content) <> '' END;
-- Ids compare without surrounding and invisible characters, in NFC; other white space in them is a plain space (domain §8).
CREATE OR REPLACE MACRO visible(content) AS regexp_replace(
    regexp_replace(content, '[\t\n\v\f\r\x{85}\pZ]', ' ', 'g'),
    '[\p{Cc}\p{Cf}\x{34F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{3164}\x{2800}\x{FE00}-\x{FE0F}\x{FFA0}\x{E0100}-\x{E01EF}]',
    '', 'g');
CREATE OR REPLACE MACRO id_of(content) AS CASE
    WHEN content = '' THEN NULL
    WHEN regexp_full_match(content, '[!-~]+') THEN content  -- plain ASCII, by far the most
    ELSE nullif(trim(nfc_normalize(visible(content))), '') END;
CREATE OR REPLACE MACRO word(content) AS lower(trim(content));
-- Names compare folded: lower case, no accents, ß as ss, ø ł đ æ œ þ ð as their usual spellings.
CREATE OR REPLACE MACRO folded(content) AS CASE
    WHEN strlen(content) = length(content) THEN lower(trim(content))  -- ASCII, by far the most
    ELSE lower(strip_accents(replace(replace(replace(replace(replace(replace(lower(trim(content)),
        'ß', 'ss'), 'ø', 'o'), 'ł', 'l'), 'đ', 'd'), 'æ', 'ae'), 'œ', 'oe'))) END;

-- The offset of a zone at an instant, and the readings of a local time: one, or two where a clock change makes it
-- ambiguous, or both offsets where the change skips it.
CREATE OR REPLACE MACRO offset_at(moment, zone) AS timezone(zone, moment) - timezone('UTC', moment);
CREATE OR REPLACE MACRO offset_before(local_time, zone) AS offset_at(timezone(zone, local_time) - INTERVAL 3 HOUR, zone);
CREATE OR REPLACE MACRO offset_after(local_time, zone) AS offset_at(timezone(zone, local_time) + INTERVAL 3 HOUR, zone);
CREATE OR REPLACE MACRO reading_at(local_time, zone_offset) AS timezone('UTC', local_time - zone_offset);
CREATE OR REPLACE MACRO is_reading(local_time, zone_offset, zone) AS
    offset_at(reading_at(local_time, zone_offset), zone) = zone_offset;
CREATE OR REPLACE MACRO only_reading(local_time, zone) AS CASE
    WHEN offset_before(local_time, zone) = offset_after(local_time, zone) THEN timezone(zone, local_time)
    WHEN is_reading(local_time, offset_before(local_time, zone), zone) = is_reading(local_time, offset_after(local_time, zone), zone)
    THEN NULL
    WHEN is_reading(local_time, offset_before(local_time, zone), zone) THEN reading_at(local_time, offset_before(local_time, zone))
    ELSE reading_at(local_time, offset_after(local_time, zone)) END;
CREATE OR REPLACE MACRO local_from(local_time, zone) AS coalesce(only_reading(local_time, zone), least(
    reading_at(local_time, offset_before(local_time, zone)), reading_at(local_time, offset_after(local_time, zone))));
CREATE OR REPLACE MACRO local_until(local_time, zone) AS coalesce(only_reading(local_time, zone), greatest(
    reading_at(local_time, offset_before(local_time, zone)), reading_at(local_time, offset_after(local_time, zone))));

-- A written time. What is not ISO 8601 is not usable. The comma and the space before an offset are seen in real exports.
CREATE OR REPLACE MACRO tidy_time(content) AS CASE
    WHEN regexp_full_match(content, '\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z') THEN content  -- by far the most: nothing to tidy
    WHEN content = '' THEN NULL
    WHEN regexp_full_match(trim(content), '\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|z|[+-]\d{2}(:?\d{2})?))?)?')
    THEN replace(replace(replace(replace(upper(trim(content)), ',', '.'), ' +', '+'), ' -', '-'), ' Z', 'Z') END;
-- CASE and not OR: that would run the pattern over every row.
CREATE OR REPLACE MACRO has_offset(tidy) AS CASE
    WHEN ends_with(tidy, 'Z') THEN true
    ELSE regexp_matches(substr(tidy, 11), '[+-]\d{2}(:?\d{2})?$') END;
CREATE OR REPLACE MACRO has_seconds(tidy) AS substr(tidy, 17, 1) = ':';
CREATE OR REPLACE MACRO exact_time(tidy) AS CASE WHEN has_offset(tidy) THEN try_cast(tidy AS TIMESTAMPTZ) END;
CREATE OR REPLACE MACRO local_time(tidy) AS CASE WHEN NOT has_offset(tidy) THEN try_cast(tidy AS TIMESTAMP) END;
-- What was written covers a day, a minute or an instant; this is how far its end lies behind its beginning.
CREATE OR REPLACE MACRO written_day(tidy) AS CASE WHEN length(tidy) = 10 THEN INTERVAL 1 DAY ELSE INTERVAL 0 SECOND END;
CREATE OR REPLACE MACRO written_rest(tidy) AS CASE
    WHEN length(tidy) = 10 THEN -INTERVAL 1 MICROSECOND
    WHEN has_seconds(tidy) THEN INTERVAL 0 SECOND
    ELSE INTERVAL '59.999999' SECOND END;
-- `least` would take NULL for later than anything.
CREATE OR REPLACE MACRO not_later(moment, bound) AS CASE WHEN moment > bound THEN bound ELSE moment END;
CREATE OR REPLACE MACRO beginning_of_time() AS TIMESTAMPTZ '0001-01-01 00:00:00+00';
-- HMAC-SHA-256 in hex (RFC 2104); the pads are made from PRESEND_KEY and never stored.
CREATE OR REPLACE MACRO keyed_hash(inner_pad, outer_pad, content) AS
    sha256(outer_pad || unhex(sha256(inner_pad || encode(content))));
