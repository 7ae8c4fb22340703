"""Words that are only grammar. They join, point, ask, grade or keep a talk going; they name nothing
that an answer could lack.

These classes of English are closed: no new word joins them, so they stand here whole. They are told
by their spelling, never by their stem: "partly" is no part A, "except" is no exception.
"""

from __future__ import annotations

import re

_PREPOSITIONS = """
    aboard about above according across after against ahead along alongside amid amidst among
    amongst apart around as aside at atop away because before behind below beneath beside besides
    between beyond but by concerning considering despite down during except for from given in
    inside instead into like near nearby next notwithstanding of off on onto opposite out outside
    over owing past per plus regarding regardless respecting round save since than through
    throughout thru till to toward towards under underneath unlike until unto up upon versus via
    vis-a-vis with within without"""
_CONJUNCTIONS = """
    albeit although and as because both but either else hence however if insofar lest neither nor
    once only or otherwise provided providing since so than that then therefore though thus till
    unless until when whenever where whereas whereby wherein whereupon wherever whether which
    whichever while whilst yet"""
_POINTING = """
    a all an another any anybody anyone anything both each either else enough every everybody
    everyone everything few fewer fewest he hers herself him himself his her i it its itself least
    less many me mine more most much my myself neither nobody none nothing one ones oneself other
    others our ours ourselves own same several she some somebody someone something such that the
    their theirs them themselves these they this those us various we what whatever which whichever
    who whoever whom whomever whose you your yours yourself yourselves"""
_AUXILIARIES = """
    ain't am are aren't be been being can can't cannot could couldn't dare did didn't do does
    doesn't doing don't done had hadn't has hasn't have haven't having is isn't may might mightn't
    must mustn't need needn't ought oughtn't shall shan't should shouldn't was wasn't were weren't
    will won't would wouldn't"""
_OF_DEGREE = """
    about absolutely almost altogether approximately barely completely deeply enormously entirely
    especially exactly extremely fairly far fully greatly hardly highly incredibly indeed largely
    mainly merely more most mostly much nearly partially particularly partly perfectly practically
    pretty primarily purely quite rather really roughly scarcely simply slightly so solely
    somewhat strictly strongly terribly thoroughly too totally utterly very virtually wholly"""
_OF_TALK = """
    accordingly actually additionally admittedly afterwards again alright also alternatively
    altogether always anyhow anyway apparently basically besides certainly clearly consequently
    conversely currently elsewhere ever evidently finally firstly formerly frankly frequently
    furthermore generally here hereby herein hopefully how however incidentally indeed initially
    instead lastly lately later latter likewise literally luckily maybe meanwhile moreover namely
    nevertheless nonetheless normally not notably now nowadays obviously occasionally often ok
    okay only ordinarily originally perhaps personally please possibly presumably previously
    probably quickly rarely recently respectively secondly seemingly seldom shortly similarly
    simultaneously sometimes soon specifically still subsequently supposedly surely thanks there
    thereafter thereby therein thirdly typically ultimately undoubtedly unfortunately usually well
    whatsoever why yes"""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ALL = frozenset(
    " ".join((_PREPOSITIONS, _CONJUNCTIONS, _POINTING, _AUXILIARIES, _OF_DEGREE, _OF_TALK)).split()
)


def is_grammar(word: str) -> bool:
    """Whether a word, as it is spelled, is only grammar."""
    return word.lower().replace("’", "'") in _ALL


def without_grammar(text: str) -> str:
    """A text without its words that are only grammar."""
    return _WORD.sub(lambda found: "" if is_grammar(found[0]) else found[0], text)
