-- Whether a cell says yes: it is neither empty nor plainly negative, nor a date that stands for none, nor a link (domain §8 "Flags").
-- Signs alone hold nothing where they are dashes, dots, slashes, quotes or brackets; a star, a tick or a dagger says something.
CREATE OR REPLACE MACRO is_blank(content) AS
    regexp_full_match(content, '[\s\x{A0}\x{200B}-\x{200D}\x{2060}\x{FEFF}\p{Pd}\p{Pc}\p{Ps}\p{Pe}\p{Pi}\p{Pf}.…,:;/\\''"<>=]*');
CREATE OR REPLACE MACRO bare_word(content) AS
    lower(regexp_replace(content,
        '^[\s\x{A0}\x{200B}-\x{200D}\x{2060}\x{FEFF}\pP<>=]+|[\s\x{A0}\x{200B}-\x{200D}\x{2060}\x{FEFF}\pP<>=]+$', '', 'g'));
CREATE OR REPLACE MACRO is_negative_word(bare) AS
    bare IN ('0', 'false', 'f', 'no', 'n', 'off', 'nein', 'falsch', 'nee', 'onwaar', 'non', 'faux', 'falso', 'none', 'null', 'nil',
        'nan', 'nat', 'invalid date', 'n/a', 'n.a', 'n. a', 'na', 'nv', 'k.a', 'k. a', 'keine angabe', 'undefined',
        'unset', 'empty', 'blank', 'leer', 'vide', 'vuoto', 'vacío', 'leeg', 'keine',
        'kein', 'keiner', 'keins', 'nicht', 'aus', 'geen', 'niet', 'aucun', 'aucune', 'nessuno', 'nessuna', 'ninguno', 'ninguna', 'n.v.t',
        'never', 'nie', 'niemals', 'nooit', 'jamais', 'nunca',
        'subscribed', 'abonniert', 'angemeldet', 'ingeschreven', 'aangemeld', 'inscrit', 'abonné', 'iscritto', 'suscrito',
        'opted in', 'opted-in', 'opt in', 'opt-in', 'optin', 'alive', 'unchecked', '☐',
        -- what Dynamics shows in a column "Do not allow …"
        'allow', 'allowed', 'send', 'zulassen', 'erlaubt', 'senden', 'autoriser', 'envoyer', 'toestaan', 'consenti', 'permitir')
    OR regexp_full_match(bare, '(no|kein|keine|geen) (opt[ -]?out|restrictions?|(werbe|mail|kontakt)?sperre|abmeldung|widerspruch)')
    OR regexp_full_match(bare, '(not|nicht|niet|non|no|never|nie) '
        || '(set|specified|applicable|given|defined|opted[ -]?out|unsubscribed|blocked|blacklisted|suppressed|deceased|'
        || 'gesetzt|angegeben|gesperrt|abgemeldet|verstorben|ingesteld|uitgeschreven|afgemeld|overleden|'
        || 'défini|impostato|definito|definido|establecido)');
-- Of a column that asks for a "yes": that the cell says no, and is not merely empty.
CREATE OR REPLACE MACRO is_plain_no(content) AS coalesce(bare_word(content) IN ('0', '0.0', 'false', 'f', 'no', 'n', 'off', 'nein',
    'falsch', 'nee', 'onwaar', 'non', 'faux', 'falso', 'nicht', 'niet', 'kein', 'keine', 'geen', 'unchecked', '☐'), false);
CREATE OR REPLACE MACRO is_date_of_none(bare) AS regexp_full_match(bare,
    '((0000|0001|1601|1753|1900|1970)[-./]0?[01][-./]0?[01]|1899[-./]12[-./]3[01]'
    || '|0?[01][./-]0?[01][./-](0000|0001|1601|1753|1900|1970)|3[01][./-]12[./-]1899|12[./-]3[01][./-]1899'
    || '|jan(uary)? +0?1,? +(0001|1601|1753|1900|1970)|dec(ember)? +3[01],? +1899)'
    || '([t ,]+[0-9]{1,2}:00(:00([.,:]0+)?)?( ?[ap]m)?( ?(z|utc|[+-][0-9]{2}(:?[0-9]{2})?))*)?');
-- Without a scheme it is a link only where a common top-level domain stands before the slash and nothing is a date: `12.03.2026/MH` is a
-- clerk's note, and so may be `lt.IT/MH`.
CREATE OR REPLACE MACRO is_link(bare) AS
    regexp_matches(bare, '^(https?|ftp|mailto):|^www\.|^a href')
    OR regexp_matches(bare, '^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|eu|at|de|ch|be|nl|fr|uk)/\S*$')
        AND NOT regexp_matches(bare, '\b[0-9]{1,4}[./-][0-9]{1,4}\b');
CREATE OR REPLACE MACRO is_yes(content) AS CASE
    WHEN content IN ('', '0', 'false', 'False', 'FALSE', 'no', 'No', 'NO', 'n', 'N', 'nein', 'Nein') THEN false  -- by far the most
    WHEN content IN ('1', 'true') THEN true
    WHEN regexp_full_match(content, '[-–—0 .,:/_]+(T[0:.]+Z?)?') THEN false  -- zeros of every kind, also as a date
    WHEN is_blank(content) THEN false
    ELSE NOT is_negative_word(bare_word(content)) AND NOT is_date_of_none(bare_word(content)) AND NOT is_link(bare_word(content)) END;
