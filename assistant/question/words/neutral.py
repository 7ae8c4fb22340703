"""Words that say nothing of a question's subject. General English.

Courtesy, the asker's trade, everyday verbs, short forms: that a library lacks them is no sign that
it does not speak of the subject.
"""

from __future__ import annotations

from index.shards.analysis import analyze

NEUTRAL = frozenset(
    analyze(
        """cuz coz becuz bcuz bc hi hello hey hiya greetings dear howdy morning afternoon
        evening good day team folks everyone everybody anybody anyone somebody someone guys
        sir madam thanks thank thx ty tia please pls plz kindly appreciate appreciated
        grateful sorry excuse help helping assist assistance advise advice advisable quick
        quickly question ques query wondering wonder curious ask asking asked tell told
        telling let know knowing understand understanding explain clarify clarification
        confirm double confused confusing unsure sure certain consider considers considered
        contain contains contained include includes including involve involves require
        requires allow allows apply applies regards cheers best sincerely asap soon now today
        yesterday tomorrow tonight currently lately recently already still yet ever never
        always often sometimes usually normally generally typically again anymore hopefully
        maybe perhaps probably possibly definitely really actually basically literally
        honestly just only even though tho although however anyway btw fyi ok okay alright
        yeah yes nope well coworker colleague boss manager supervisor lead rep reps
        representative agent clerk coordinator specialist analyst biller billers coder coders
        scheduler registrar auditor newbie trainee trainer intern office desk dept department
        front back here there everywhere somewhere anywhere thing things stuff kind kinds
        sort sorts type types bit lot lots couple few several many much some any each every
        either neither both another else big bigger biggest small smaller smallest large
        larger largest long longer longest short shorter shortest high higher highest low
        lower lowest old older oldest new newer newest early earlier late later great better
        bad worse right wrong correct incorrect true false real fine safe easy hard simple
        want wants wanted wanting need needs needed needing like likes liked get gets getting
        got gotten give gives gave given giving take takes took taken taking put puts putting
        make makes made making go goes going went gone come comes came coming see sees saw
        seen seeing look looks looking looked find finds finding found use uses used using
        try tries tried trying keep keeps kept keeping say says said saying mean means meant
        think thinks thought thinking believe guess suppose hope feel feels felt seem seems
        seemed happen happens happened happening work works worked working run runs ran
        running call calls called calling send sends sent sending show shows showed shown
        write writes wrote written typed read reads hear heard talk talked talking discuss
        mention mentioned refer object objected testify testified append appended attach
        attached tack slap stick eat eats swallow hold wait waiting start started stop end
        ended begin began worry worried worries concerned concern issue issues problem
        problems trouble stuck figure figured wks wk yrs yr mos mo hrs hr mins min btwn betwn
        bw char chars nbr qty pg pgs approx incl excl doc docs doctor dr info reg num cutoff
        threshold limit stance viewpoint view opinion ruling latest rather drop dropped off
        over out thru through wat wut diff difference differ different last lasts whole top
        nice fast ago onto around gonna wanna gotta dont doesnt didnt isnt wasnt werent arent
        cant couldnt wont wouldnt shouldnt hasnt havent hadnt aint im ive youre theyre weve
        thats whats wheres whos hows theres lets id ill isn wasn weren aren don doesn didn
        couldn wouldn shouldn hasn haven hadn ain won vs versus re cc eg ie etc aka w wo
        gentle gently reminder follow followup up update per via wrt regarding concerning"""
    )
)
