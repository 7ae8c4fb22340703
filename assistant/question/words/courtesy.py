"""Words of courtesy: who is addressed, greetings, wishes, thanks, haste. General English."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "mr mrs ms miss mx dr doctor prof professor sir madam ma'am maam nurse sister brother"
)
GREETINGS = _words(
    "hi hello hey hiya hallo heya howdy yo greetings dear morning afternoon evening welcome"
)
THANKS = _words(
    "thanks thank thx tnx ty tysm tia cheers regards sincerely gratefully appreciated appreciate"
    " grateful obliged bless blessings bye goodbye respectfully xoxo ciao"
)
HASTE = _words("urgent urgently asap rush stat hurry quick quickly fast emergency eod immediately")
WISHES = _words(
    "happy merry hope hoping hopefully wish wishing good great nice lovely wonderful awesome"
    " fantastic sorry please pls plz kindly excuse pardon forgive god lord"
)
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday weekend week day today tonight"
    " tomorrow lunch lunchtime dinner breakfast noon christmas easter thanksgiving holiday holidays"
    " hanukkah diwali ramadan eid halloween birthday season year"
)
COMPANY = _words(
    "team all folks everyone everybody guys yall y'all friend friends colleagues colleague there"
    " ladies gentlemen gang people group crew pal buddy mate dude"
)
FAMILY = _words(  # who is meant by them is never what is asked
    "mom mum mother mama mommy dad father papa daddy parent parents grandma grandmother granny"
    " grandpa grandfather grandparents nana aunt auntie uncle cousin niece nephew wife husband"
    " spouse fiance fiancee girlfriend boyfriend sibling stepmother stepfather neighbor neighbour"
    " roommate"
)
KINDRED = FAMILY | _words(
    "partner daughter son child kid sister brother stepdaughter friend coworker colleague boss"
    " supervisor manager intern trainee client"
)
MARKS = TITLES | GREETINGS | THANKS | HASTE | WISHES | TIMES | COMPANY
COURTESY = MARKS | KINDRED
VOCATIVES = _words("sir madam ma'am maam")
# Words that begin an aside where no sign parts it from the question, and those that need a second:
# "good morning" is one, "good faith" is not.
OPENS = (GREETINGS - {"welcome"}) | _words(
    "thanks thank thx happy merry hope sorry please pls plz kindly sir madam ma'am maam urgent asap"
    " stat mr mrs ms dr prof god"
)
OPEN_WITH = {
    "good": _words("morning afternoon evening day"),
    "quick": _words("question one ques"),
}
CLOSES = THANKS | _words("please pls plz kindly asap eod hope hoping god")
HOW_MUCH = _words("many much so big with very")
BINDS = _words("of for in on to at after before with by or and is was as from")
ASKS = _words(
    "what whats what's which who whom when where why how is are was were can could do does did"
    " should shall may must will would has have any"
)
SMALL = _words(  # words that join others and say nothing
    "a an and as at be before after by for from if in into it its of off on or over so that the"
    " this these those to up with you your yours i i'm im me my we us our ours he she his her they"
    " their am was were is are has have had been being very much so just really all again bunch lot"
    " lots ton million advance help helping time moment second sec minute need needs needed want"
    " know question one doing well fine ok okay too lady guy hour"
)
