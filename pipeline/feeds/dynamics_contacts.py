"""Microsoft Dynamics 365's contacts and leads (Dataverse): answers of the Web API, or tables with logical names or English labels.

Every flag tells neither who set it nor when: an import's "no". Its labels are "Allow" and "Do Not Allow", of `donotsendmm` "Send"
and "Do Not Send"; what is neither "Allow" nor "Send" nor a plain no (`is_yes`) closes the channel. `donotsendmm`
(marketing materials) and `msdyn_gdproptout` name no channel and close every one. A file without `donotemail` and `donotbulkemail`
is refused: everybody in it would look free.

A merge deactivates the record that it takes in and leaves the kept one's id in `masterid`. Any other record that is not active is
gone: it restricts, and is nobody's candidate. The second and third address of a record are taken to be meant with the first.
"""

from pipeline.feeds._crm import Flag, codes, said
from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed, records_at
from pipeline.vocabulary import Channel

FLAGS = (
    Flag("donotemail", "Do Not Allow: no e-mail", Channel.EMAIL, ("Do not allow Emails",), is_required=True),
    Flag("donotbulkemail", "Do Not Allow: no campaigns by e-mail", Channel.EMAIL, ("Do not allow Bulk Emails",), is_required=True),
    Flag("donotphone", "Do Not Allow: no calls", Channel.PHONE, ("Do not allow Phone Calls",)),
    Flag("donotpostalmail", "Do Not Allow: no letters", Channel.POST, ("Do not allow Mails",)),
    Flag("donotbulkpostalmail", "Do Not Allow: no campaigns by letter", Channel.POST, ("Do not allow Bulk Mails",)),
    Flag("donotsendmm", "Do Not Send: no marketing material", Channel.ANY, ("Send Marketing Materials", "Marketing Material")),
    Flag("msdyn_gdproptout", "Yes: opted out under the GDPR", Channel.ANY, ("GDPR Optout",)),
    Flag("donotfax", "Do Not Allow: no fax", None, ("Do not allow Faxes",)),
)
ACTIVE = ("", "0", "active", "aktiv", "actief", "actif", "attivo", "activo", "open", "offen")
NUMBER = "coalesce(nullif(mobilephone, ''), telephone1)"
ADDRESSES = {
    Channel.EMAIL: "emailaddress1",
    Channel.PHONE: "coalesce(nullif(telephone1, ''), mobilephone)",
    Channel.ANY: f"coalesce(nullif(emailaddress1, ''), {NUMBER})",
}


def _guid(field: str) -> str:
    """An id as the Web API writes it; others write capitals and braces."""
    return f"lower(trim({field}, '{{}} '))"


CONTACTS = Shape(
    name="contacts and leads",
    fields=(
        Field("contactid", "the record", headers=("leadid", "(Do Not Modify) Contact", "(Do Not Modify) Lead", "Contact", "Lead"),
            is_required=True, pointers=("leadid",)),
        Field("emailaddress1", "the address", headers=("Email", "Email Address 1"), is_required=True),
        Field("emailaddress2", "a second address", headers=("Email Address 2",)),
        Field("emailaddress3", "a third address", headers=("Email Address 3",)),
        *(flag.field for flag in FLAGS),
        Field("firstname", "first name", headers=("First Name",)),
        Field("lastname", "last name", headers=("Last Name",)),
        Field("mobilephone", "mobile number", headers=("Mobile Phone",)),
        Field("telephone1", "business phone", headers=("Business Phone",)),
        Field("birthdate", "date of birth", headers=("Birthday",)),
        Field("address1_line1", "street", headers=("Address 1: Street 1", "Street 1")),
        Field("address1_postalcode", "postal code", headers=("Address 1: ZIP/Postal Code", "ZIP/Postal Code")),
        Field("address1_city", "town", headers=("Address 1: City", "City")),
        Field("address1_country", "country", headers=("Address 1: Country/Region", "Country/Region")),
        Field("modifiedon", "last change", headers=("Modified On", "(Do Not Modify) Modified On")),
        Field("statecode", "Active, or no longer", headers=("Status", "State")),
        Field("masterid", "of a merged record: the one that was kept", "_masterid_value", ("_masterid_value", "Master ID"),
            pointers=("masterid",)),
    ),
    records=records_at("value"),
    each=said(FLAGS, ADDRESSES),
    label="item.word",
    codes=codes(FLAGS),
    says={"address": "item.address", "profile_id": _guid("contactid")},
    unknown=NO,
    profile={
        "profile_id": _guid("contactid"),
        "email": "emailaddress1",
        "phone": NUMBER,
        "first_name": "firstname",
        "last_name": "lastname",
        "birth_date": "birthdate",
        "street": "address1_line1",
        "postal_code": "address1_postalcode",
        "city": "address1_city",
        "country": "address1_country",
        "updated_at": "modifiedon",
        "former_emails": "concat_ws(';', emailaddress2, emailaddress3)",
        "merged_into": _guid("masterid"),
    },
    profile_when=f"word(statecode) IN {ACTIVE} OR trim(masterid) <> ''",
    is_snapshot=True,
)  # fmt: skip

FEED = VendorFeed(
    source="dynamics_contacts",
    summary="Microsoft Dynamics 365 contacts and leads with their flags and merges (JSON, CSV, XLSX)",
    shapes=(CONTACTS,),
    traps=(
        "A file without `donotemail` and `donotbulkemail` is refused: a view that does not show them exports everybody as free.",
        "A merge shows in inactive records only: export them too, with `masterid` and `statecode`.",
        "Labels follow the exporting user's language; the English ones and the logical names are read, so export those.",
        "Contacts and leads are two exports: make two feeds of them, since a file is a whole snapshot.",
        "Pages of the Web API belong into one file, one page a line.",
    ),
    basis=(
        "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/entities/contact",
        "https://learn.microsoft.com/en-us/dynamics365/sales/developer/entities/contact",
        "https://learn.microsoft.com/en-us/dynamics365/sales/developer/entities/lead",
        "https://github.com/MicrosoftDocs/dynamics-365-customer-engagement/blob/main/ce/customerengagement/on-premises/basics/"
        "merge-duplicate-records-accounts-contacts-leads.md",
    ),
)
