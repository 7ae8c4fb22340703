"""Makes questions from names, numbers and things of which a library knows some and not others."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

_WORDS: Mapping[str, Sequence[str]] = {
    "payer": (
        "Cigna",
        "UHC",
        "UnitedHealthcare",
        "Aetna",
        "Humana",
        "Blue Cross",
        "Highmark",
        "Medicare",
        "Medicare Advantage",
        "Texas Medicaid",
        "TRICARE",
        "Kaiser",
        "Oscar",
        "Alpha Health",
        "Zenith Mutual",
        "Bluewater Health",
        "Northern Lights Plan",
    ),
    "code": (
        "0581T",
        "0581 T",
        "CPT 0581T",
        "19105",
        "76942",
        "C2618",
        "99213",
        "27447",
        "0971T",
        "0999T",
        "0123T",
        "47383",
        "C9999",
        "J1234",
        "Z17.411",
        "C50.919",
        "Q99.8",
    ),
    "number": (
        "CO-50",
        "CO-55",
        "CO-256",
        "PR-204",
        "N431",
        "modifier 53",
        "modifier 24",
        "modifier QZ",
        "mod 77",
        "revenue code 0361",
        "revenue code 0999",
        "place of service 11",
        "POS 77",
        "condition code 30",
        "L36954",
        "L99999",
        "A53482",
        "NCT05505643",
        "NCT99999999",
        "DEN220077",
        "K000001",
        "42 CFR 414.65",
        "42 CFR 438.999",
        "section 1862",
        "section 99.7",
        "chapter 12",
        "policy 0540",
        "policy 7777",
        "CMS-1500",
        "CMS-9999",
        "APC 5091",
        "APC 9999",
        "status indicator J1",
        "DRG 999",
        "type of bill 131",
        "277CA",
        "CMS-0057-F",
    ),
    "year": ("2012", "2019", "2024", "2026", "2027", "2031"),
    "thing": (
        "price",
        "payment rate",
        "allowed amount",
        "MUE",
        "NCCI edit",
        "global period",
        "RVU",
        "APC",
        "status indicator",
        "telephone number",
        "mailing address",
        "effective date",
        "sunset date",
        "revenue code",
        "filing limit",
        "recurrence rate",
        "age limit",
        "tumor size limit",
        "policy number",
        "denial rate",
        "name of the medical director",
        "prior authorization form",
        "waiting list",
        "parking fee",
    ),
    "subject": (
        "breast cryoablation",
        "freezing a breast tumor",
        "a fibroadenoma",
        "kidney cryoablation",
        "liver ablation",
        "knee replacement",
        "sleep studies",
        "hearing aids",
        "unicorn therapy",
        "moonlight infusion",
        "the ice ball",
        "ultrasound guidance",
    ),
    "place": (
        "Ohio",
        "Texas",
        "Guam",
        "Narnia",
        "an ASC",
        "the office",
        "a hospital outpatient department",
    ),
    "span": ("90 days", "five years", "ten years", "72 hours", "3 weeks"),
    "person": ("surgeon", "nurse", "anesthesiologist", "patient", "auditor"),
    "counted": ("units", "probes", "patients", "sites", "visits", "claims", "tumors"),
}

_FRAMES = (
    "does {payer} cover {code}",
    "does {payer} cover {subject}?",
    "is {code} not covered by {payer}",
    "{payer} {thing} {code}",
    "what is the {thing} for {code}",
    "{thing} of {code} in {year}",
    "what does {number} mean",
    "what is {number}?",
    "{number} on a {code} claim",
    "can we bill {code} with {code2}",
    "{code} {code2} same day {number}",
    "how many {counted} of {code} does {payer} allow",
    "how many {counted} were in the study of {subject}",
    "who is the {thing} of {payer}",
    "who signs for {subject}",
    "where does the {person} do {subject} in {place}",
    "when did {payer} change {number}",
    "{payer} policy on {subject} in {year}",
    "did {payer} cover {code} in {year}?",
    "what was {payer}'s position on {code} on 3 May {year}",
    "how long until {payer} answers, {span}?",
    "recurrence of {subject} at {span}",
    "is {number} still valid in {year}",
    "what does section {year} say on {subject}",
    "{subject} {place} {thing}",
    "does {payer} or {payer2} cover {code}",
    "what is the {thing} and the {thing2} of {code}",
    "dx code, modifier and {thing} for {code}",
    "since {payer} covers {subject}, which {thing} applies",
    "Mrs Lopez: {payer} {code} {thing}? thanks",
    "and the other side for {payer}?",
    "“{subject}” {payer}",
    "what size may {subject} be at {payer}",
    "{person} asks how old a patient must be for {subject}",
    "cuánto paga {payer} por {code}",
    "what is {subject}",
    "{number} {number2} difference",
    "list the {thing} of every payer for {code}",
    "hello",
    "tell me about {place}",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the filters that are set beside it."""

    question: str
    payers: tuple[str, ...] = ()
    on: date | None = None


def questions(count: int, *, seed: int) -> Iterator[Asked]:
    """So many different questions, always the same for a seed; one in twenty with a payer's
    filter, one in twenty for another day."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        frame = chance.choice(_FRAMES)
        question = re.sub(r"\{([a-z]+)\d?\}", lambda match: chance.choice(_WORDS[match[1]]), frame)
        if question in seen:
            continue
        seen.add(question)
        payers = (chance.choice(_WORDS["payer"]),) if chance.random() < 0.05 else ()
        on = date(chance.randrange(2001, 2027), 6, 1) if chance.random() < 0.05 else None
        yield Asked(question, payers, on)
