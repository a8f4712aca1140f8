"""The law: what a ballot counts as, given everything the machine saw on it.

`judge` is a pure function from a reading to `blank | urettet | rettet | tvilsom`. It never rejects a
ballot: what may have to be rejected, and whatever cannot be told for certain, is tvilsom with reasons,
and people decide. Sources: valgloven 2002 § 7-2 and § 10-3 with its amendments of 2003 and 2013, kept in
substance by the Act of 2023; the guidance to the møtebok 2009 for blank ballots; where the law is
silent, cases reported from 2007 to 2015 and the import rules of EVA. Rows marked † are our careful reading.

    What is on the ballot                        Storting, Sameting   Fylkesting      Kommunestyre
    § 7-2 (1) number at a name, 1..n, unique     rettet               no change       no change
       its own printed number alone              no change †          no change       no change
       duplicate, out of range, unread           tvilsom              –               –
    § 7-2 (1) strike box                         rettet               no change       no change
       number and strike at one name             tvilsom              –               –
       ink at the name outside the boxes         tvilsom (strike?)    tvilsom (vote?) tvilsom (vote?)
    § 7-2 (2) any mark in a personal vote box    no such box          rettet          rettet
    § 7-2 (3) name of another list, first max    no change            no change       rettet
       unread, unknown or own candidate          no change            no change       tvilsom
       own candidate ticked and written          –                    –               one vote
       the same name twice                       –                    –               one vote
       more names than max                       –                    –               the first max †
    § 10-3 (1) a  no, weak or misplaced stamp    tvilsom (2002: valgting only; never where the category
                                                 says not_required)
    § 10-3 (1) c  party name struck out          tvilsom
    § 10-3 (1) d  not a list of this election    tvilsom
    § 10-3 (3)    differs from the official list tvilsom, proposed urettet without the changes
    ink outside every field                      tvilsom, proposed as if it were not there
    blank ballot without, with writing           blank, tvilsom (may name a party)
    tick-off ballot: no, one, several ticks      blank, urettet for that list, tvilsom
    referendum: no, one, several options         blank, urettet with that option †, tvilsom
    a doubtful mark that could change the result tvilsom
    trouble with paper, scan or identity         tvilsom, and no change is sure

A ballot of a list is rettet if at least one change is valid, urettet if there is none or all are
invalid. `proposed` takes every doubt the likely way; a proposal of tvilsom means "no guess". A ballot
with more names than the maximum is sure only if the first ones all count.
"""

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Face,
    FieldKind,
    Mark,
    MarkState,
    Proposal,
    Reading,
    Reason,
    StampState,
    StyleKind,
    Verdict,
)
from scanner.classify.rules_changes import changes
from scanner.classify.rules_finding import Finding, belief, marks, meant, together
from scanner.election import Election, PartyList, StampRule, VoteCategory

IDENTITY_REASONS = {Reason.UNKNOWN_BALLOT, Reason.IDENTITY_CONFLICT, Reason.IDENTITY_WEAK}
STAMP_REASONS = {
    StampState.WEAK: Reason.STAMP_WEAK,
    StampState.OUTSIDE: Reason.STAMP_OUTSIDE,
    StampState.ABSENT: Reason.STAMP_ABSENT,
}


def judge(reading: Reading, election: Election, category: VoteCategory) -> Verdict:
    """What the law makes of this reading, for a ballot counted in this category.

    Pure: the same reading always gives the same verdict. The confidence is the smallest probability
    on the way (0..1), 0 if not even the kind of ballot is known.
    """
    approval = together(
        (_trouble(reading), _identity(reading, election), _stamp(reading, election, category))
    )
    list_code, guess, content = _content(reading, election)
    reasons = together((approval, content)).reasons
    return Verdict(
        category=Category.TVILSOM if reasons else guess,
        list=list_code if reading.identity.agree else None,
        amendments=() if reading.trouble else content.sure,
        reasons=reasons,
        proposed=Proposal(guess, content.likely),
        confidence=min(approval.confidence, content.confidence),
    )


# § 10-3 (1): is the ballot approved?


def _trouble(reading: Reading) -> Finding:
    """Whatever went wrong before the law was asked."""
    return Finding(reasons=reading.trouble)


def _stamp(reading: Reading, election: Election, category: VoteCategory) -> Finding:
    """(1) a: "den har offentlig stempel". A stamp not seen is none, unless trouble hid the outside."""
    if not stamp_needed(election, category):
        return Finding()
    if reading.stamp is None:
        return Finding(reasons=() if reading.trouble else (Reason.STAMP_ABSENT,))
    wrong = STAMP_REASONS.get(reading.stamp.state)
    return Finding(reasons=(wrong,) if wrong else (), confidence=reading.stamp.probability)


def stamp_needed(election: Election, category: VoteCategory) -> bool:
    """True if § 10-3 (1) a asks for a stamp: until 2013 only "når den er avgitt på valgtinget"."""
    if category.stamp is StampRule.NOT_REQUIRED:
        return False
    return election.law != "2002" or not category.advance


def _identity(reading: Reading, election: Election) -> Finding:
    """(1) b to d: it shows the election and the list, and that list stands here."""
    who = reading.identity
    if IDENTITY_REASONS & set(reading.trouble) or (who.kind is None and reading.trouble):
        return Finding()  # said already, and more exactly
    if who.kind is None or (who.kind is StyleKind.PARTY and not _own_list(reading, election)):
        return Finding(reasons=(Reason.UNKNOWN_BALLOT,))
    return Finding() if who.agree else Finding(reasons=(Reason.IDENTITY_CONFLICT,))


def _own_list(reading: Reading, election: Election) -> PartyList | None:
    return next((one for one in election.lists if one.code == reading.identity.list), None)


# what the voter chose


def _content(reading: Reading, election: Election) -> tuple[str | None, Category, Finding]:
    """List, most likely category and findings, by kind of ballot."""
    if _unread(reading):
        return reading.identity.list, Category.TVILSOM, Finding(reasons=reading.trouble, confidence=0.0)
    match reading.identity.kind:
        case StyleKind.PARTY:
            return _list_ballot(reading, election)
        case StyleKind.BLANK:
            found = _blank_ballot(reading)  # a list named on it would be its vote
            return None, Category.URETTET if found.likely else Category.BLANK, found
        case StyleKind.TICK_OFF:
            return _tick_off_ballot(reading, election)
        case StyleKind.REFERENDUM:
            return _option_ballot(reading)
        case None:
            return None, Category.TVILSOM, Finding(confidence=0.0)


def _unread(reading: Reading) -> bool:
    """True if trouble kept every field from being read: no mark seen is then no sign of none."""
    return bool(reading.trouble) and not reading.marks and Reason.PRINTED_TEXT_DIFFERS not in reading.trouble


def _list_ballot(reading: Reading, election: Election) -> tuple[str | None, Category, Finding]:
    """§ 10-3 (2), (3): the official list, with those of the voter's changes that § 7-2 allows."""
    own = _own_list(reading, election)
    if own is None:
        return None, Category.TVILSOM, Finding(confidence=0.0)
    made = changes(reading, election, own)
    if Reason.PRINTED_TEXT_DIFFERS in reading.trouble:
        made = Finding(confidence=made.confidence)  # (3): "skal det ses bort fra eventuelle endringer"
    found = together((made, _party_name(reading), _stray(reading)))
    return own.code, Category.RETTET if found.likely else Category.URETTET, found


def _party_name(reading: Reading) -> Finding:
    """§ 10-3 (1) c: a party name struck out leaves open whom the vote is for."""
    return together(_over(one, Reason.PARTY_STRUCK_OUT) for one in marks(reading, FieldKind.HEADING))


def _over(mark: Mark, reason: Reason) -> Finding:
    if mark.state is MarkState.UNMARKED:
        return Finding(confidence=belief(mark))
    wrong = reason if mark.state is MarkState.MARKED else Reason.MARK_DOUBTFUL
    return Finding(reasons=(wrong,), confidence=belief(mark))


def _stray(reading: Reading) -> Finding:
    """Drawings and comments change nothing, but may be a name or a strike that missed its field."""
    over_number = any(one.state is MarkState.MARKED for one in marks(reading, FieldKind.BALLOT_NUMBER))
    return Finding(reasons=(Reason.STRAY_INK,) if reading.stray_mm or over_number else ())


# ballots without a list


def _blank_ballot(reading: Reading) -> Finding:
    """Blank unless something is written on it that may name a party: "blank stemme" does not."""
    written = (
        _over(one, Reason.WRITING_ON_BLANK) for one in reading.marks if one.field.kind is not FieldKind.STAMP
    )
    beside = any(face is Face.OUTSIDE for face, _ in reading.stray_mm)  # only the inside says "blank"
    told = beside or (reading.stray_mm and not reading.says_blank)
    stray = Finding(likely=reading.guesses, reasons=(Reason.WRITING_ON_BLANK,) if told else ())
    return together((*written, stray))


def _tick_off_ballot(reading: Reading, election: Election) -> tuple[str | None, Category, Finding]:
    """Guidance 2: "stemmeseddel med de registrerte partiene uten kryss" is blank."""
    chosen = together(
        meant(one, Amendment(AmendmentKind.PARTY_TICK, list=one.field.list))
        for one in marks(reading, FieldKind.PARTY_TICK)
    )
    standing = {one.code for one in election.lists}
    foreign = any(one.list not in standing for one in chosen.sure)  # § 10-3 (1) d
    named = together(
        _over(one, Reason.WRITE_IN)
        for kind in (FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY)
        for one in marks(reading, kind)
    )
    unknown = Finding(reasons=(Reason.UNKNOWN_BALLOT,) if foreign else ())
    found = together((_one_choice(chosen), unknown, named, _stray(reading)))
    code = found.sure[0].list if len(found.sure) == len(found.likely) == 1 else None
    return code, _chosen(found), found


def _option_ballot(reading: Reading) -> tuple[str | None, Category, Finding]:
    """A referendum: the option ticked is kept as an amendment, the ballot counts as urettet."""
    chosen = together(
        meant(one, Amendment(AmendmentKind.OPTION, option=one.field.option))
        for one in marks(reading, FieldKind.OPTION)
    )
    found = together((_one_choice(chosen), _stray(reading)))
    return None, _chosen(found), found


def _one_choice(chosen: Finding) -> Finding:
    """§ 10-3 (1) c: several ticks do not tell whom the vote is for."""
    if len(chosen.sure) < 2:
        return chosen
    return together((chosen, Finding(reasons=(Reason.SEVERAL_TICKED,))))


def _chosen(found: Finding) -> Category:
    return {0: Category.BLANK, 1: Category.URETTET}.get(len(found.likely), Category.TVILSOM)
