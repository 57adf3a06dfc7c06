"""What happens to the people of the demo: one function per story, so that every reason occurs for somebody.

A story adds one profile, or two that belong together, and tells what they did and what became of their messages.
Its docstring says how a marketing campaign of the sender's list ends for them. At kade an opt-out from the list is one from
the brand, for Mailchimp's files tell no list. What a story says of e-mail addresses is not said of festival, which sends texts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from pipeline.demo import people
from pipeline.demo.names import FORBIDDEN_DOMAIN, PASTE_GUARD
from pipeline.demo.world import Profile, Sender, World

Story = Callable[[World, Sender], None]


def _somebody(world: World, sender: Sender) -> Profile:
    human = world.new_human(sender)
    if sender.channel == "sms" and not human.has_mobile:
        human = world.unknown_human(sender, is_mobile=True)
    return world.profile(sender, human)


def _subscriber(world: World, sender: Sender) -> Profile:
    profile = _somebody(world, sender)
    world.subscribe(profile, world.some_day(1200, 60))
    return profile


def _twins(world: World, sender: Sender) -> tuple[Profile, Profile]:
    human = world.unknown_human(sender, is_mobile=True)
    account = f"konto-{human.number}"
    other = world.moved(human, has_new_phone=sender.channel == "sms")
    return world.profile(sender, human, external_id=account), world.profile(sender, other, external_id=account)


def reads_and_stays(world: World, sender: Sender) -> None:
    """Subscribed, confirmed, reads: gets it."""
    profile = _subscriber(world, sender)
    if world.rng.random() < 0.4:
        at = world.some_day(55, 9)
        world.delivery(profile, "sent", at, campaign="herbst")
        world.delivery(profile, "delivered", at + timedelta(seconds=40), campaign="herbst")
        if world.rng.random() < 0.3:
            world.delivery(profile, "open", at + timedelta(hours=3), campaign="herbst")


def imported_consent(world: World, sender: Sender) -> None:
    """The confirmed consent came with an import from an old tool: gets it."""
    first_name = PASTE_GUARD if world.rng.random() < 0.02 else None
    profile = world.profile(sender, world.unknown_human(sender, is_mobile=True), first_name=first_name)
    world.consent(
        profile, "opt_in_confirm", world.some_day(900, 300), actor="import", via="import", legal_basis="consent",
        explanation="Bestätigte Anmeldung aus dem alten Newsletter-Programm übernommen",
    )  # fmt: skip


def resubscribed(world: World, sender: Sender) -> None:
    """Left by one click and came back by the confirmed form: gets it."""
    profile = _subscriber(world, sender)
    world.consent(profile, "opt_out", world.some_day(50, 40), via="one_click")
    world.subscribe(profile, world.some_day(30, 5))


def chose_one_list_again(world: World, sender: Sender) -> None:
    """Left the organisation, then chose this one list again in the preference centre: gets it."""
    profile = _subscriber(world, sender)
    world.consent(profile, "opt_out", world.some_day(50, 40), scope="organisation", via="preference_link")
    world.consent(profile, "opt_in", world.some_day(30, 5), via="preference_link")


def bought_a_ticket(world: World, sender: Sender) -> None:
    """Never asked for anything: no_consent."""
    _somebody(world, sender)


def likes_another_list(world: World, sender: Sender) -> None:
    """Subscribed to another list only: no_consent (kade has one list: gets it)."""
    world.subscribe(_somebody(world, sender), world.some_day(700, 30), scope_id=sender.other_list)


def never_confirmed(world: World, sender: Sender) -> None:
    """Filled in the form and never clicked the link: consent_unconfirmed."""
    profile = _somebody(world, sender)
    world.consent(profile, "opt_in_request", world.some_day(400, 3))


def consent_of_old(world: World, sender: Sender) -> None:
    """Subscribed long ago: consent_expired where consents lapse, else gets it."""
    world.subscribe(_somebody(world, sender), world.some_day(2500, 1500))


def left_the_list(world: World, sender: Sender) -> None:
    """One click in a newsletter, for some on the house's own page, which asks why: opted_out_list."""
    profile = _subscriber(world, sender)
    if world.rng.random() < 0.25:
        reason = world.rng.choice(("zu oft", "kein Interesse"))
        world.consent(profile, "opt_out", world.some_day(50, 1), via="one_click", reason=reason)
    else:
        world.leave(profile, world.some_day(50, 1), reason="zu oft")


def left_the_brand(world: World, sender: Sender) -> None:
    """The preference centre: opted_out_brand."""
    profile = _subscriber(world, sender)
    world.leave(profile, world.some_day(50, 1), scope="brand", reason="kein Interesse")


def left_the_organisation(world: World, sender: Sender) -> None:
    """Wants nothing from the house any more; where it was said by letter only the day is known: opted_out_organisation."""
    world.leave(_subscriber(world, sender), world.some_day(50, 1), scope="organisation")


def left_the_group(world: World, sender: Sender) -> None:
    """Called and wants nothing from any house: opted_out_group."""
    profile = _subscriber(world, sender)
    world.consent(
        profile, "opt_out", world.some_day(50, 1), scope="group", feed="desk", actor="staff", via="manual", channel="",
        explanation="Anruf: wünscht von keinem Haus mehr Werbung",
    )  # fmt: skip


def stopped_by_staff(world: World, sender: Sender) -> None:
    """Staff entered the opt-out and later an opt-in, which lifts nothing; the owner's own form would: opted_out_list."""
    profile = _subscriber(world, sender)
    world.consent(profile, "opt_out", world.some_day(50, 40), feed="desk", actor="staff", via="manual", explanation="Brief der Kundschaft")
    world.consent(
        profile, "opt_in", world.some_day(20, 3), feed="desk", actor="staff", via="manual", legal_basis="consent",
        explanation="hat es sich am Schalter anders überlegt",
    )  # fmt: skip


def asks_to_leave(world: World, sender: Sender) -> None:
    """Asked to leave and did not confirm yet: opt_out_pending."""
    profile = _subscriber(world, sender)
    world.consent(profile, "opt_out_request", world.some_day(9, 1), via="landing_page")


def pauses(world: World, sender: Sender) -> None:
    """Wants quiet until a day: paused."""
    profile = _subscriber(world, sender)
    until = (world.today + timedelta(days=world.rng.randint(10, 90))).strftime("%Y-%m-%d")
    world.consent(profile, "pause", world.some_day(30, 1), scope="brand", via="preference_link", until=until, reason="Karenz")


def wants_less(world: World, sender: Sender) -> None:
    """One message a month, and had it: frequency."""
    profile = _subscriber(world, sender)
    world.consent(profile, "frequency", world.some_day(90, 40), scope="brand", via="preference_link", max_messages="1", per_days="30")
    world.delivery(profile, "sent", world.some_day(20, 3), campaign="herbst")


def got_enough_this_week(world: World, sender: Sender) -> None:
    """Three messages this week: pressure where the organisation limits them."""
    profile = _subscriber(world, sender)
    for days in (5, 3, 1):
        world.delivery(profile, "sent", world.ago(days, world.rng.randint(0, 40_000)), campaign=f"woche-{days}")


def address_is_dead(world: World, sender: Sender) -> None:
    """User unknown, whatever class the tool gave it: quarantined_hard (a member of kade's audience: quarantined_manual)."""
    profile = _subscriber(world, sender)
    at = world.some_day(55, 2)
    if sender.organisation == "ufer" and world.rng.random() < 0.6:
        world.message("unknown", profile, at)
    else:
        world.delivery(profile, "bounce", at, bounce_class="soft", status_code="5.1.1", diagnostic="550 5.1.1 user unknown")


def fails_for_days(world: World, sender: Sender) -> None:
    """Six days of failures, none delivered between: quarantined_soft."""
    profile = _subscriber(world, sender)
    for days in (22, 19, 15, 11, 6, 3):
        world.delivery(profile, "bounce", world.ago(days), bounce_class="soft", status_code="4.4.1", diagnostic="connection timed out")


def failed_twice(world: World, sender: Sender) -> None:
    """Two days of failures make an address erroneous, which excludes nobody: gets it."""
    profile = _subscriber(world, sender)
    for days in (4, 3):
        world.delivery(profile, "bounce", world.ago(days), bounce_class="soft", diagnostic="450 4.2.0 try again later")


def mailbox_was_full(world: World, sender: Sender) -> None:
    """A full mailbox, more than thirty days ago: gets it."""
    profile = _subscriber(world, sender)
    for days in (70, 66, 62, 58, 55):
        world.delivery(profile, "bounce", world.ago(days), bounce_class="soft", status_code="5.2.2", reason="mailbox_full")


def refused_for_our_reputation(world: World, sender: Sender) -> None:
    """Blocked for what we are, not for what the address is: gets it."""
    profile = _subscriber(world, sender)
    if sender.organisation == "ufer":
        world.message("policy", profile, world.some_day(60, 3))
    else:
        world.delivery(profile, "bounce", world.some_day(60, 3), bounce_class="hard", status_code="5.7.1", diagnostic="550 5.7.1 blocked")


def is_on_holiday(world: World, sender: Sender) -> None:
    """A vacation reply, a delay notice or a letter counts against nobody, nor does a text that is no keyword: gets it."""
    profile = _subscriber(world, sender)
    if sender.channel == "sms":
        world.text(profile, world.rng.choice(("Gibt es noch Karten?", "Bin bis Montag weg", "Danke!")), world.some_day(20, 1))
        return
    world.message(world.rng.choice(("vacation", "delay", "letter")), profile, world.some_day(20, 1))


def answers_unsubscribe(world: World, sender: Sender) -> None:
    """A mail to the gallery's unsubscribe address: opted_out_brand at ufer."""
    world.message("unsubscribe", _subscriber(world, sender), world.some_day(20, 1))


def quarantined_by_staff(world: World, sender: Sender) -> None:
    """Staff took the address out: quarantined_manual."""
    profile = _subscriber(world, sender)
    world.delivery(profile, "quarantine", world.some_day(200, 5), actor="staff", explanation="Adresse gehört einer fremden Firma")


def freed_by_staff(world: World, sender: Sender) -> None:
    """Bounced, and staff released the address with an explanation: gets it."""
    profile = _subscriber(world, sender)
    world.delivery(profile, "bounce", world.some_day(90, 60), bounce_class="hard", status_code="5.1.1")
    world.delivery(profile, "release", world.some_day(40, 5), actor="staff", explanation="Postfach ist wieder eingerichtet, Anruf")


def complains(world: World, sender: Sender) -> None:
    """Pressed the spam button: complaint, and an opt-out from the organisation."""
    profile = _subscriber(world, sender)
    if sender.organisation == "ufer":
        world.message("complaint", profile, world.some_day(40, 1))
    else:
        world.delivery(profile, "complaint", world.some_day(40, 1), reason="spam")


def is_on_the_register(world: World, sender: Sender) -> None:
    """On the do-not-contact register, and no consent: registered."""
    world.register(_somebody(world, sender).human.email)


def is_on_the_register_but_asked(world: World, sender: Sender) -> None:
    """On the register, but asked for this newsletter: gets it."""
    world.register(_subscriber(world, sender).human.email)


def writes_for_the_press(world: World, sender: Sender) -> None:
    """On the press list that the gallery's newsletter leaves out: excluded_audience."""
    profile = _subscriber(world, sender)
    if sender.channel == "email":
        world.press(profile)


def has_no_address(world: World, sender: Sender) -> None:
    """An empty cell: address_missing."""
    world.profile(sender, world.unknown_human(sender), email="", phone="")


def address_is_unreadable(world: World, sender: Sender) -> None:
    """Something is in the cell, but no address: address_invalid."""
    rng = world.rng
    human = world.unknown_human(sender)
    world.profile(sender, human, email=rng.choice(people.UNREADABLE_EMAILS), phone=rng.choice(people.UNREADABLE_PHONES))


def has_a_fixed_line(world: World, sender: Sender) -> None:
    """A fixed line gets no text message: address_invalid."""
    profile = world.profile(sender, world.unknown_human(sender, is_mobile=False))
    world.subscribe(profile, world.some_day(600, 30), address=profile.human.email, channel="email")


def uses_a_throwaway(world: World, sender: Sender) -> None:
    """A domain that the group forbids: address_forbidden."""
    human = world.unknown_human(sender)
    world.profile(sender, human, email=f"{human.email.partition('@')[0]}@{FORBIDDEN_DOMAIN}")


def shares_a_mailbox(world: World, sender: Sender) -> None:
    """A couple with one address (and one mobile); both may have it, one gets it: duplicate_address."""
    first = _subscriber(world, sender)
    partner = replace(world.unknown_human(sender), last_name=first.human.last_name)
    world.profile(sender, partner, email=first.human.email, phone=first.human.phone)


def is_known_twice(world: World, sender: Sender) -> None:
    """Two records and two addresses of one person – one mobile number or ticket account –, both consented: duplicate_person."""
    for profile in _twins(world, sender):
        world.subscribe(profile, world.some_day(900, 30))


def opted_out_on_another_record(world: World, sender: Sender) -> None:
    """The same, but one of the two addresses opted out, which reaches the whole person: opted_out_list."""
    profiles = _twins(world, sender)
    for profile in profiles:
        world.subscribe(profile, world.some_day(900, 90))
    world.leave(profiles[0], world.some_day(60, 2), reason="doppelt erhalten")


def opted_out_by_old_address(world: World, sender: Sender) -> None:
    """The CRM has a new address, the opt-out names the old one and still reaches the person: opted_out_list."""
    old = world.unknown_human(sender, is_mobile=True)
    new = world.moved(old, has_new_phone=sender.channel == "sms")
    if sender.is_dutch:  # the old address is a member of the audience, the new one a customer of the box office
        profile = world.profile(sender, old)
        world.profile(sender, new)
    else:
        profile = world.profile(sender, new, before=old)
    world.subscribe(profile, world.some_day(900, 300))
    world.leave(replace(profile, human=old), world.some_day(90, 30))


def opted_out_by_tag(world: World, sender: Sender) -> None:
    """`name+tag@` opts out, the CRM holds `name@`, the same mailbox: opted_out_list."""
    profile = _subscriber(world, sender)
    local, _, domain = profile.human.email.partition("@")
    world.consent(profile, "opt_out", world.some_day(60, 2), address=f"{local}+galerie@{domain}", channel="email", via="one_click")


def left_the_crm(world: World, sender: Sender) -> None:
    """Gone from the CRM: no candidate; the opt-out is kept. Somebody else bought a ticket."""
    if sender.is_dutch:
        bought_a_ticket(world, sender)
        return
    ghost = world.gone(sender, world.unknown_human(sender))
    world.leave(ghost, world.some_day(300, 20), scope="organisation")
    bought_a_ticket(world, sender)


STORIES: tuple[tuple[Story, int], ...] = (
    (reads_and_stays, 420),
    (bought_a_ticket, 120),
    (left_the_list, 55),
    (never_confirmed, 40),
    (address_is_dead, 30),
    (left_the_brand, 25),
    (shares_a_mailbox, 20),
    (is_known_twice, 20),
    (left_the_organisation, 20),
    (imported_consent, 20),
    (has_no_address, 20),
    (likes_another_list, 20),
    (consent_of_old, 15),
    (pauses, 12),
    (opted_out_by_old_address, 10),
    (opted_out_on_another_record, 10),
    (got_enough_this_week, 10),
    (wants_less, 10),
    (fails_for_days, 10),
    (resubscribed, 10),
    (is_on_the_register, 10),
    (complains, 8),
    (asks_to_leave, 8),
    (address_is_unreadable, 8),
    (left_the_group, 8),
    (has_a_fixed_line, 8),
    (failed_twice, 6),
    (opted_out_by_tag, 6),
    (chose_one_list_again, 6),
    (stopped_by_staff, 5),
    (refused_for_our_reputation, 5),
    (mailbox_was_full, 5),
    (freed_by_staff, 4),
    (is_on_holiday, 4),
    (answers_unsubscribe, 4),
    (is_on_the_register_but_asked, 4),
    (writes_for_the_press, 4),
    (quarantined_by_staff, 4),
    (uses_a_throwaway, 3),
    (left_the_crm, 3),
)
"""Each story with its weight: how often it is told among a thousand."""
