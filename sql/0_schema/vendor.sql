-- Words for the adapters' expressions: vendors' ways to write a time, and JSON that holds JSON. A time is given as ISO 8601
-- text, empty where there is none, and as it came where it cannot be read, so that it is judged like any other.
CREATE OR REPLACE TEMPORARY MACRO iso_utc(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S.%fZ');
-- Unix time in seconds, with or without a fraction, or in milliseconds (from 10^11 on: in seconds that would be the year 5138).
-- What lies outside of the years 1 to 9999 is no time.
CREATE OR REPLACE TEMPORARY MACRO unix_time(content) AS CASE
    WHEN trim(content) = '' THEN ''
    WHEN length(trim(content)) = 10 AND try_cast(content AS BIGINT) IS NOT NULL
    THEN strftime(make_timestamp(try_cast(content AS BIGINT) * 1000000), '%Y-%m-%dT%H:%M:%SZ')
    WHEN try_cast(content AS DOUBLE) BETWEEN 1e11 AND 253402300799999
    THEN iso_utc(make_timestamp((try_cast(content AS DOUBLE) * 1000)::BIGINT))
    WHEN try_cast(content AS DOUBLE) BETWEEN -62135596800 AND 1e11
    THEN iso_utc(make_timestamp((try_cast(content AS DOUBLE) * 1000000)::BIGINT))
    ELSE content END;
-- `Mon, 18 Oct 2026 09:12:33 +0200` (RFC 2822), also with UTC or GMT for an offset.
CREATE OR REPLACE TEMPORARY MACRO rfc2822_time(content) AS CASE
    WHEN trim(content) = '' THEN ''
    ELSE coalesce(
        strftime(try_strptime(regexp_replace(regexp_replace(trim(content), '^[A-Za-z]{3}, *', ''), ' *(UTC|GMT)$', ' +0000'),
            '%d %b %Y %H:%M:%S %z')::TIMESTAMPTZ AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
        content) END;
-- A local time in one of the vendor's formats (strptime's), kept local: the feed's zone tells the instant. A date stays a date.
CREATE OR REPLACE TEMPORARY MACRO local_written(content, formats) AS CASE
    WHEN trim(content) = '' THEN ''
    ELSE coalesce(strftime(try_strptime(trim(content), formats), '%Y-%m-%dT%H:%M:%S'), content) END;
-- UTC without saying so: `2026-10-18 09:12:33`, `2026-10-18T09:12:33.1234567`.
CREATE OR REPLACE TEMPORARY MACRO utc_written(content) AS CASE
    WHEN regexp_full_match(trim(content), '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.,]\d{1,9})?') THEN trim(content) || 'Z'
    ELSE coalesce(content, '') END;
-- The text of a JSON string or scalar inside `document`; the elements of a list as JSON, one element for what is no list.
CREATE OR REPLACE TEMPORARY MACRO json_in(content) AS try_cast(content AS JSON);
CREATE OR REPLACE TEMPORARY MACRO json_in_base64(content) AS json_in(try(decode(from_base64(content))));
CREATE OR REPLACE TEMPORARY MACRO json_items(content) AS CASE
    WHEN content IS NULL OR trim(content::VARCHAR) IN ('', 'null') THEN []::JSON[]
    WHEN json_type(try_cast(content::VARCHAR AS JSON)) = 'ARRAY'
    THEN coalesce(from_json(try_cast(content::VARCHAR AS JSON), '["JSON"]'), []::JSON[])
    ELSE [coalesce(try_cast(content::VARCHAR AS JSON), to_json(content::VARCHAR))] END;
-- Whether a cell says yes, in the words that exports use.
CREATE OR REPLACE TEMPORARY MACRO says_yes(content) AS is_yes(coalesce(content, ''));
-- A date in one of the vendor's formats: the whole day.
CREATE OR REPLACE TEMPORARY MACRO day_written(content, formats) AS CASE
    WHEN trim(content) = '' THEN ''
    ELSE coalesce(strftime(try_strptime(trim(content), formats), '%Y-%m-%d'), content) END;
-- What a vendor's word means: the text that the adapter's table has for it, else that of the word around it
-- (`bounce/something new` is a `bounce`), else NULL.
CREATE OR REPLACE TEMPORARY MACRO code_of(label) AS getvariable('codes')[lower(trim(label))];
CREATE OR REPLACE TEMPORARY MACRO code_around(label) AS
    coalesce(code_of(regexp_replace(label, '/[^/]*$', '')), code_of(split_part(label, '/', 1)));
-- A Salesforce id of 15 characters in its form of 18: each of the three more says which of five characters are capitals.
CREATE OR REPLACE TEMPORARY MACRO salesforce_id(content) AS CASE
    WHEN regexp_full_match(trim(content), '[0-9A-Za-z]{15}')
    THEN trim(content) || list_aggregate([substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', (1 + list_sum([
        CASE WHEN substr(trim(content), 5 * part + place + 1, 1) BETWEEN 'A' AND 'Z' THEN 1 << place ELSE 0 END
        FOR place IN range(5)]))::BIGINT, 1) FOR part IN range(3)], 'string_agg', '')
    ELSE content END;
