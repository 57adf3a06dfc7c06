"""Countries as exports write them: the letters of ISO 3166-1, two or three, and names. What is neither is none (domain §8).

`country_names.txt` has the names in German, English, Dutch, French, Italian and Spanish: those of Unicode's CLDR 48, the older ones of
libphonenumber's geodata, and what people write besides, such as `Holland`, `U.S.` and the plates D, A, F, I and E. A name that several
countries share (`Congo`) is not among them. `UK`, which the standard reserves for the United Kingdom, is GB. XK, which has a numbering
plan and no code of its own, counts as one.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_ISO_3166 = (
    "ABW=AW AFG=AF AGO=AO AIA=AI ALA=AX ALB=AL AND=AD ARE=AE ARG=AR ARM=AM ASM=AS ATA=AQ ATF=TF ATG=AG AUS=AU AUT=AT AZE=AZ BDI=BI "
    "BEL=BE BEN=BJ BES=BQ BFA=BF BGD=BD BGR=BG BHR=BH BHS=BS BIH=BA BLM=BL BLR=BY BLZ=BZ BMU=BM BOL=BO BRA=BR BRB=BB BRN=BN BTN=BT "
    "BVT=BV BWA=BW CAF=CF CAN=CA CCK=CC CHE=CH CHL=CL CHN=CN CIV=CI CMR=CM COD=CD COG=CG COK=CK COL=CO COM=KM CPV=CV CRI=CR CUB=CU "
    "CUW=CW CXR=CX CYM=KY CYP=CY CZE=CZ DEU=DE DJI=DJ DMA=DM DNK=DK DOM=DO DZA=DZ ECU=EC EGY=EG ERI=ER ESH=EH ESP=ES EST=EE ETH=ET "
    "FIN=FI FJI=FJ FLK=FK FRA=FR FRO=FO FSM=FM GAB=GA GBR=GB GEO=GE GGY=GG GHA=GH GIB=GI GIN=GN GLP=GP GMB=GM GNB=GW GNQ=GQ GRC=GR "
    "GRD=GD GRL=GL GTM=GT GUF=GF GUM=GU GUY=GY HKG=HK HMD=HM HND=HN HRV=HR HTI=HT HUN=HU IDN=ID IMN=IM IND=IN IOT=IO IRL=IE IRN=IR "
    "IRQ=IQ ISL=IS ISR=IL ITA=IT JAM=JM JEY=JE JOR=JO JPN=JP KAZ=KZ KEN=KE KGZ=KG KHM=KH KIR=KI KNA=KN KOR=KR KWT=KW LAO=LA LBN=LB "
    "LBR=LR LBY=LY LCA=LC LIE=LI LKA=LK LSO=LS LTU=LT LUX=LU LVA=LV MAC=MO MAF=MF MAR=MA MCO=MC MDA=MD MDG=MG MDV=MV MEX=MX MHL=MH "
    "MKD=MK MLI=ML MLT=MT MMR=MM MNE=ME MNG=MN MNP=MP MOZ=MZ MRT=MR MSR=MS MTQ=MQ MUS=MU MWI=MW MYS=MY MYT=YT NAM=NA NCL=NC NER=NE "
    "NFK=NF NGA=NG NIC=NI NIU=NU NLD=NL NOR=NO NPL=NP NRU=NR NZL=NZ OMN=OM PAK=PK PAN=PA PCN=PN PER=PE PHL=PH PLW=PW PNG=PG POL=PL "
    "PRI=PR PRK=KP PRT=PT PRY=PY PSE=PS PYF=PF QAT=QA REU=RE ROU=RO RUS=RU RWA=RW SAU=SA SDN=SD SEN=SN SGP=SG SGS=GS SHN=SH SJM=SJ "
    "SLB=SB SLE=SL SLV=SV SMR=SM SOM=SO SPM=PM SRB=RS SSD=SS STP=ST SUR=SR SVK=SK SVN=SI SWE=SE SWZ=SZ SXM=SX SYC=SC SYR=SY TCA=TC "
    "TCD=TD TGO=TG THA=TH TJK=TJ TKL=TK TKM=TM TLS=TL TON=TO TTO=TT TUN=TN TUR=TR TUV=TV TWN=TW TZA=TZ UGA=UG UKR=UA UMI=UM URY=UY "
    "USA=US UZB=UZ VAT=VA VCT=VC VEN=VE VGB=VG VIR=VI VNM=VN VUT=VU WLF=WF WSM=WS YEM=YE ZAF=ZA ZMB=ZM ZWE=ZW "
)
ALPHA_3 = dict(pair.split("=") for pair in _ISO_3166.split())
"""ISO 3166-1: alpha-3 → alpha-2."""
CODES = frozenset({*ALPHA_3.values(), "XK"})
_NAMES = Path(__file__).with_name("country_names.txt")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe", "ß": "ss"})


@cache
def names() -> dict[str, str]:
    """What is written for a country, as letters alone and in lower case → its two letters; also with umlauts and ß spelt out."""
    found = {longer.lower(): code for longer, code in ALPHA_3.items()}
    for line in _NAMES.read_text(encoding="utf-8").splitlines():
        code, _, written = line.partition(": ")
        found |= {_letters_alone(form): code for name in written.split(" | ") for form in (name, name.translate(_UMLAUTS))}
    return found


def _letters_alone(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if letter.isalnum()).lower()


def macros() -> Iterable[str]:
    """The macros of this module, which need `nothing`'s.

    `is_country(code)`; `country_in(content)`, NULL where there is none; `is_unknown_country(content)`: something is written there, and it
    is none.
    """
    codes = " ".join(sorted(CODES))
    written, meant = (", ".join(f"'{text}'" for text in texts) for texts in (names().keys(), names().values()))
    yield f"is_country(code) AS length(code) = 2 AND contains(' {codes} ', ' ' || code || ' ')"
    yield f"""country_in(content) AS CASE
        WHEN is_country(content) THEN content  -- as it mostly comes
        WHEN is_country(upper(trim(content))) THEN upper(trim(content))
        WHEN trim(content) <> '' THEN map([{written}], [{meant}])[letters_alone(content)] END"""
    yield """is_unknown_country(content) AS CASE
        WHEN trim(content) <> '' THEN country_in(content) IS NULL AND NOT says_nothing(content)
        ELSE false END"""
