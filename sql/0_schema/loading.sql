-- What the loaders of 0_load ask about their file and the configuration. Answers are variables of the connection, not tables:
-- a join does not keep the order of rows, and the order is the row number.
CREATE OR REPLACE TEMPORARY MACRO loading(setting) AS getvariable('loading')[setting];
CREATE OR REPLACE TEMPORARY MACRO received_at() AS getvariable('received_at');
-- One look into a map answers several questions: NULL is an organisation, a scope or a vendor's id that nobody configured.
CREATE OR REPLACE TEMPORARY MACRO known_country(organisation) AS getvariable('country_of')[organisation];
CREATE OR REPLACE TEMPORARY MACRO country_of(organisation) AS coalesce(known_country(organisation), loading('feed_country'));
CREATE OR REPLACE TEMPORARY MACRO is_known_organisation(organisation) AS
    CASE WHEN organisation IS NOT NULL THEN known_country(organisation) IS NOT NULL END;
CREATE OR REPLACE TEMPORARY MACRO scope_owner(scope, scope_id) AS getvariable('scope_organisation')[scope || ' ' || scope_id];
CREATE OR REPLACE TEMPORARY MACRO mapped(vendor_id) AS getvariable('scope_map')[id_of(vendor_id)];
CREATE OR REPLACE TEMPORARY MACRO mapped_scope(vendor_id) AS split_part(mapped(vendor_id), ' ', 1);
CREATE OR REPLACE TEMPORARY MACRO mapped_scope_id(vendor_id) AS split_part(mapped(vendor_id), ' ', 2);
-- An event stays the same one when what it names is called otherwise: its key is made of the oldest names.
CREATE OR REPLACE TEMPORARY MACRO first_called(kind, id) AS coalesce(getvariable('first_called')[kind || ' ' || id], id);
-- The time that an event counts from and until (domain §2): a restrictive one always has both. A system's zero, or its word for
-- no date (0001, 1900, 1970), is no time at which anything happened.
CREATE OR REPLACE TEMPORARY MACRO usable(moment) AS CASE WHEN moment >= TIMESTAMPTZ '1970-01-03 00:00:00+00' THEN moment END;
CREATE OR REPLACE TEMPORARY MACRO counted_from(moment, is_restrictive) AS
    not_later(CASE WHEN is_restrictive THEN coalesce(usable(moment), beginning_of_time()) ELSE usable(moment) END, received_at());
CREATE OR REPLACE TEMPORARY MACRO counted_until(moment, is_restrictive) AS
    not_later(CASE WHEN is_restrictive THEN coalesce(usable(moment), received_at()) ELSE usable(moment) END, received_at());
-- A name as a key: one that says nothing is empty.
CREATE OR REPLACE TEMPORARY MACRO name_key(content) AS CASE WHEN says_nothing(content) THEN '' ELSE folded(content) END;
-- The key of an address's mailbox: mostly the address is its own mailbox, and the same number is not computed twice.
CREATE OR REPLACE TEMPORARY MACRO mailbox_key_of(address, address_key, mailbox) AS CASE
    WHEN NOT contains(address, '@') THEN NULL
    WHEN mailbox = address THEN address_key
    ELSE key_of(mailbox) END;
-- The macros read what is plain; the rest goes to the libraries, by functions that Python registers.
-- CASE keeps the dear questions from rows that the cheap ones have answered; coalesce, too, asks on only where it must.
CREATE OR REPLACE TEMPORARY MACRO email_in(content) AS CASE
    WHEN content <> '' THEN coalesce(plain_email(content), CASE WHEN trim(content) <> '' THEN library_email(content) END) END;
CREATE OR REPLACE TEMPORARY MACRO phone_in(content, country) AS CASE
    WHEN trim(content) = '' THEN NULL
    WHEN plain_phone(content, country) IS NOT NULL
    THEN plain_phone(content, country) || ' ' || plain_line(plain_phone(content, country))
    ELSE library_phone(content, country) END;
-- What the vocabulary says of channels. NULL is `any`, whose addresses are what they look like, and a word that is no channel.
CREATE OR REPLACE TEMPORARY MACRO address_kind_of(channel) AS getvariable('address_kinds')[channel];
CREATE OR REPLACE TEMPORARY MACRO needs_mobile(channel) AS list_contains(getvariable('mobile_channels'), channel);
-- Nobody writes a text from a fixed line: an Argentine number without its 9 is the mobile that has it (libphonenumber's FAQ).
CREATE OR REPLACE TEMPORARY MACRO number_of(number_and_line, channel) AS list_transform([number_and_line], LAMBDA told: CASE
    WHEN needs_mobile(channel) AND starts_with(told, '+54') AND ends_with(told, ' fixed')
    THEN '+549' || substr(split_part(told, ' ', 1), 4)
    ELSE nullif(split_part(told, ' ', 1), '') END)[1];
-- How a register's entries are written: what the file's form says stands before what the feed's YAML says.
CREATE OR REPLACE TEMPORARY MACRO entries_are(setting) AS coalesce(getvariable('entries')[setting], loading(setting));
CREATE OR REPLACE TEMPORARY MACRO is_hash(entry) AS
    regexp_full_match(trim(entry), '[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}');
CREATE OR REPLACE TEMPORARY MACRO algorithm_of(entry) AS
    CASE length(trim(entry)) WHEN 32 THEN 'md5' WHEN 40 THEN 'sha1' WHEN 64 THEN 'sha256' ELSE 'sha512' END;
