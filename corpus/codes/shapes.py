"""Which codes can exist in a system, and how they are written.

Numbers only: the words that describe CPT codes belong to the AMA, and none are here.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from corpus.codes.systems import CodeSystem

# The parts of the five-digit space that CPT uses; what lies between is never a code.
_CPT_SECTIONS = ((100, 1999), (10004, 69990), (70010, 79999), (80047, 89398), (90000, 99607))
# Chapter headings round to these; they bound ranges and are not codes of their own.
_CPT_CHAPTERS = frozenset(
    f"{tens}{last}" for tens in range(10) for last in ("0000", "9999") if tens
) | {"00000", "09999"}

_HCPCS_SPANS = {
    "A": (21, 9999),
    "B": (4000, 9999),
    "C": (1000, 9999),
    "D": (100, 9999),
    "E": (100, 9999),
    "G": (1, 9999),
    "H": (1, 2041),
    "J": (100, 9999),
    "K": (1, 1999),
    "L": (100, 8999),
    "M": (1, 1999),
    "P": (2000, 9999),
    "Q": (1, 9999),
    "R": (70, 79),
    "S": (1, 9999),
    "T": (1000, 5999),
    "U": (1, 5),
    "V": (2000, 5999),
}

_NUMBERS = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 "
    "90 91 92 93 95 96 97 99"
)
_LETTERS = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AD AE AF AG AI AJ AK AM AO AP AQ AR AS AT AU AV AW AX AY AZ "
    "BL BO BP BR BU CA CB CC CD CE CF CG CO CQ CR CS CT DA E1 E2 E3 E4 ED EE EJ EM EP ER ET EX EY "
    "F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FP FQ FR FS FT FX FY G0 G1 G2 G3 G4 G5 G6 G7 G8 G9 "
    "GA GB GC GD GE GF GG GH GJ GK GL GM GN GO GP GQ GR GS GT GU GV GW GX GY GZ H9 HA HB HC HD HE "
    "HF HG HH HI HJ HK HL HM HN HO HP HQ HR HS HT HU HV HW HX HY HZ J1 J2 J3 J4 J5 JA JB JC JD JE "
    "JG JW JZ K0 K1 K2 K3 K4 KA KB KC KD KE KF KG KH KI KJ KK KL KM KN KO KP KQ KR KS KT KU KV KW "
    "KX KY KZ L1 LC LD LL LM LR LS LT LU MA MB MC MD ME MF MG MH MS NB NR NU P1 P2 P3 P4 P5 P6 PA "
    "PB PC PD PI PL PM PN PO PS PT Q0 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9 QA QB QC QD QE QF QG QH QJ QK QL "
    "QM QN QP QQ QR QS QT QW QX QY QZ RA RB RC RD RE RI RR RT SA SB SC SD SE SF SG SH SJ SK SL SM "
    "SN SQ SS ST SU SV SW SY SZ T1 T2 T3 T4 T5 T6 T7 T8 T9 TA TB TC TD TE TF TG TH TJ TK TL TM TN "
    "TP TQ TR TS TT TU TV TW U1 U2 U3 U4 U5 U6 U7 U8 U9 UA UB UC UD UE UF UG UH UJ UK UN UP UQ UR "
    "US V1 V2 V3 V4 V5 V6 V7 V8 V9 VM VP X1 X2 X3 X4 X5 XE XP XS XU ZA ZB ZC"
)
MODIFIERS = frozenset(f"{_NUMBERS} {_LETTERS}".split())

# The codes for a service that has none. A code ends in 99 more often than it is unlisted, so the
# numbers are listed rather than guessed.
_UNLISTED = (
    "01999 15999 17999 19499 20999 21089 21299 21499 21899 22899 22999 23929 24999 25999 26989 "
    "27299 27599 27899 28899 29799 29999 30999 31299 31599 31899 32999 33999 36299 37501 37799 "
    "38129 38589 38999 39499 39599 40799 40899 41599 41899 42299 42699 42999 43289 43499 43659 "
    "43999 44238 44799 44899 44979 45399 45499 45999 46999 47379 47399 47579 47999 48999 49329 "
    "49659 49999 50549 50949 51999 53899 54699 55559 55899 58578 58579 58679 58999 59897 59898 "
    "59899 60659 60699 64999 66999 67299 67399 67599 67999 68399 68899 69399 69799 69949 69979 "
    "76496 76497 76498 76499 76999 77299 77399 77499 77799 78099 78199 78299 78399 78499 78599 "
    "78699 78799 78999 79999 80299 81099 81479 81599 84999 85999 86486 86849 86999 87999 88099 "
    "88199 88299 88399 88749 89240 89398 90399 90749 90899 90999 91299 92499 92700 93799 93998 "
    "94799 95199 95999 96379 96549 96999 97039 97139 97799 99199 99429 99499 99600"
)
UNLISTED = frozenset(_UNLISTED.split())

_LETTERED_CATEGORIES = frozenset(
    ("C4A", "C7A", "C7B", "D3A", "I1A", "I5A", "J4A", "M1A", "O9A", "QA0", "Z3A")
)
ICD10PCS = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}")


def is_cpt(code: str) -> bool:
    """Whether five digits can be a CPT code, by the sections that CPT uses."""
    number = int(code)
    after = bisect_right(_CPT_SECTIONS, number, key=lambda section: section[0])
    return after > 0 and number <= _CPT_SECTIONS[after - 1][1]


def bounds_cpt(code: str) -> bool:
    """Whether five digits can begin or end a range of CPT codes: a code, or a chapter's limit."""
    return is_cpt(code) or code in _CPT_CHAPTERS


def is_hcpcs(code: str) -> bool:
    """Whether a letter and four digits can be a HCPCS level II code."""
    span = _HCPCS_SPANS.get(code[0])
    return span is not None and span[0] <= int(code[1:]) <= span[1]


def suffixed_system(code: str) -> CodeSystem | None:
    """The system of four digits and a letter (`0581T`, `0001F`, `0240U`); None when not a code."""
    number, letter = int(code[:4]), code[4]
    if letter == "T":
        return CodeSystem.CATEGORY_III if 0 < number < 2000 else None
    highest = {"F": 9007, "U": 999, "M": 99}.get(letter, 0)
    return CodeSystem.CPT if 0 < number <= highest else None


def is_icd10cm(code: str) -> bool:
    """Whether a diagnosis may begin so: a letter and two digits, or a category with a letter.

    Those are few (H2A is a histone), so they are listed.
    """
    return len(code) > 2 and (code[2].isdigit() or code[:3] in _LETTERED_CATEGORIES)


def is_icd10pcs(code: str) -> bool:
    """Whether seven characters look like a procedure code and not like a number or a word."""
    letters = sum(character.isalpha() for character in code)
    return ICD10PCS.fullmatch(code) is not None and 2 <= letters <= 5


def dotted(code: str) -> str:
    """An ICD-10-CM code with its point: `C50411` becomes `C50.411`; `C50` stays."""
    bare = code.replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"
