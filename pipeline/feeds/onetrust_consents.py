"""OneTrust's data subjects with the state of their purposes: pages of the API's profiles (JSON).

A page shows states and not events, so that a "yes" asserts nothing. `WITHDRAWN` and `OPT_OUT` are a "no", and the page does not say whose
word it was; so is `NO_CONSENT`, read restrictively: asked for consent, the subject gave none. `EXPIRED` and `PENDING` are the want
of a consent and no "no". A topic that was left unchecked is a "no" to the list that `map:` names for it, and says nothing without
one; a purpose that `map:` does not name stands for the whole organisation.

The identifier is the organisation's choice: an e-mail address, a number, or else the id of a profile.
"""

from pipeline.feeds._subject import address_in, profile_in
from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed

PROFILES = Shape(
    name="data subjects",
    fields=(
        Field("identifier", "the subject: address, number or id", "Identifier", is_required=True),
        Field("purposes", "the purposes with their states; look their ids up in `map:`", "Purposes", is_required=True),
        Field("test", "true: no real subject", "TestDataSubject"),
    ),
    records="""CASE json_type(json -> '$.content')
        WHEN 'ARRAY' THEN json_items(json -> '$.content') WHEN 'OBJECT' THEN [json -> '$.content'] END""",
    each="""flatten(list_transform(json_items(purposes), lambda purpose: [{
            'word': purpose ->> '$.Status', 'id': purpose ->> '$.Id', 'name': purpose ->> '$.Name',
            'at': coalesce(purpose ->> '$.WithdrawalDate', purpose ->> '$.LastTransactionDate')}]
        || list_transform(
            list_filter(json_items(purpose -> '$.Topics'),
                lambda topic: (topic ->> '$.IsConsented') = 'false' AND mapped_scope(topic ->> '$.Id') IS NOT NULL),
            lambda topic: {
                'word': 'topic', 'id': topic ->> '$.Id', 'name': topic ->> '$.Name', 'at': purpose ->> '$.LastTransactionDate'})))""",
    label="CASE WHEN NOT says_yes(test) THEN item.word END",
    codes={
        **dict.fromkeys(("active", "expired", "pending"), IGNORED),
        **dict.fromkeys(("withdrawn", "opt_out", "no_consent", "topic"), NO),
    },
    says={
        "occurred_at": "item.at",
        "address": address_in("identifier"),
        "profile_id": profile_in("identifier"),
        "scope_id": "item.id",
        "reason_text": "item.name",
    },
    unknown=NO,
    is_snapshot=True,
    is_of_those_named=True,
)

FEED = VendorFeed(
    source="onetrust_consents",
    summary="OneTrust data subjects: purposes withdrawn or refused (JSON)",
    shapes=(PROFILES,),
    traps=(
        'Name every purpose in `map:`: one that is not there, cookies as well, is a "no" to the whole organisation.',
        'A "yes" permits nothing: take consents from the forms themselves.',
        "Pages belong into one file, one page a line, or one file each: a page is about those whom it names.",
    ),
    basis=(
        "https://developer.onetrust.com/onetrust/reference/getdatasubjectprofilelistv4",
        "https://github.com/AdobeDocs/experience-platform.en/blob/main/help/sources/tutorials/api/create/consent-and-preferences/onetrust.md",
        "https://developer.onetrust.com/onetrust/reference/implementing-the-collection-point-with-rest-api",
    ),
)
