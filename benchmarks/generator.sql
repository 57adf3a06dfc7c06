-- Macros of the benchmark's invented world. Every draw comes from the digest of a row's number: the same size gives the
-- same files on every version of DuckDB, which hash() does not promise.
CREATE OR REPLACE MACRO digest(number, salt) AS md5_number_lower(salt || number);
CREATE OR REPLACE MACRO draw(bits, shift, n) AS ((bits >> shift) % n)::INTEGER;
CREATE OR REPLACE MACRO pick(words, n) AS words[n + 1];

-- Rows 2k and 2k + 1 are neighbours: one organisation, sometimes one mailbox, sometimes one customer twice.
CREATE OR REPLACE MACRO organisation_of(i) AS CASE WHEN (i // 2) % 25 < 20 THEN 'ufer' WHEN (i // 2) % 25 < 23 THEN 'burg' ELSE 'hof' END;
CREATE OR REPLACE MACRO mailbox_number(i) AS CASE WHEN (i // 2) % 50 = 0 THEN i - i % 2 ELSE i END;
CREATE OR REPLACE MACRO first_name(bits) AS pick(
    ['Anna', 'Bert', 'Clara', 'Daan', 'Emma', 'Femke', 'Georg', 'Hanna', 'Ivo', 'Jörg', 'Käthe', 'Lieke', 'Moritz', 'Nora', 'Otto', 'Pia'],
    draw(bits, 4, 16));
CREATE OR REPLACE MACRO last_name(bits) AS pick(
    ['Huber', 'Gruber', 'Bauer', 'Wagner', 'Müller', 'Pichler', 'Steiner', 'Moser', 'Mayer', 'Hofer', 'Leitner', 'Berger', 'Fuchs', 'Eder',
     'Fischer', 'Schmid', 'Winkler', 'Weber', 'Schwarz', 'Maier', 'Schneider', 'Reiter', 'Jansen', 'de Vries', 'van den Berg', 'Bakker',
     'Visser', 'Smit', 'Meijer', 'Mulder', 'Strauß', 'Öller'],
    draw(bits, 8, 32));
CREATE OR REPLACE MACRO plain_name(name) AS replace(strip_accents(lower(name)), ' ', '');
CREATE OR REPLACE MACRO address_of(number, bits) AS
    replace(plain_name(first_name(bits)), 'ß', 'ss') || '.' || replace(plain_name(last_name(bits)), 'ß', 'ss') || number || '@'
    || pick(['gmail.com', 'gmx.at', 'outlook.com', 'a1.net', 'ziggo.nl'], draw(bits, 16, 5));
CREATE OR REPLACE MACRO moment(seconds_ago) AS strftime(TIMESTAMP '2026-11-20 20:00:00' - to_seconds(seconds_ago), '%Y-%m-%dT%H:%M:%SZ');
