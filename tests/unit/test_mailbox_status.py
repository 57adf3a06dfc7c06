"""Status code over vendor label (domain §5)."""

import time

import pytest

from pipeline.delivery_status import classify, enhanced_code, reply_code


@pytest.mark.parametrize(
    ("status_code", "diagnostic", "label", "bounce_class", "reason"),
    [
        # the codes that say that the address is gone
        ("5.1.1", "", "soft", "hard", ""),
        ("5.1.2", "", "", "hard", ""),
        ("5.1.3", "", "", "hard", ""),
        ("5.1.6", "", "", "hard", ""),
        ("5.1.10", "", "", "hard", ""),
        ("5.2.1", "", "", "hard", ""),
        ("5.4.4", "", "", "hard", ""),
        # about the sender or the message
        ("5.7.1", "550 5.7.1 user unknown", "hard", "block", ""),
        ("5.6.0", "", "hard", "block", ""),
        ("", "554 message rejected as spam", "hard", "block", ""),
        ("5.0.0", "550 blocked using zen.spamhaus.org", "hard", "block", ""),
        ("5.1.1", "550 5.1.1 blocked using zen.spamhaus.org", "", "block", ""),
        ("5.1.1", "host spam.gate.example said: 550 5.1.1 User unknown", "", "hard", ""),
        ("5.1.1", "550 5.1.1 <spam@firma.example> rejected", "", "hard", ""),
        # may pass
        ("4.4.1", "", "hard", "soft", ""),
        ("4.7.1", "", "hard", "soft", ""),
        ("5.3.2", "", "hard", "soft", ""),
        ("5.4.1", "", "hard", "soft", ""),
        ("5.5.0", "", "hard", "soft", ""),
        ("5.2.2", "", "hard", "soft", "mailbox_full"),
        ("4.2.2", "", "hard", "soft", "mailbox_full"),
        ("5.0.0", "552 mailbox full", "hard", "soft", "mailbox_full"),
        ("", "mailbox is full", "hard", "soft", "mailbox_full"),
        # a 5 without a known detail
        ("5.0.0", "", "hard", "undetermined", ""),
        ("5.1.351", "", "hard", "undetermined", ""),
        ("5.2.0", "", "", "undetermined", ""),
        # the milder of reply code and enhanced code
        ("5.1.1", "450 5.1.1 user unknown", "hard", "soft", ""),
        ("450", "", "hard", "hard", ""),  # a reply code alone: the vendor has looked closer
        ("", "450 4.1.1 unknown", "hard", "soft", ""),
        # without x.y.z the first one in the diagnostic stands for it
        ("550", "550 5.1.1 gone", "soft", "hard", ""),
        ("", "550-5.1.1 gone", "", "hard", ""),
        # nothing but a reply code of permanent failure: the text, else the vendor's word
        ("550", "550 user unknown", "hard", "hard", ""),
        ("550", "550 user unknown", "soft", "hard", ""),
        ("", "", "hard", "hard", ""),
        ("", "", "block", "block", ""),
        ("", "", "", "undetermined", ""),
        ("", "", "strange", "undetermined", ""),
        ("2.0.0", "", "soft", "soft", ""),
    ],
)
def test_classify(status_code, diagnostic, label, bounce_class, reason):
    assert classify(status_code, diagnostic, label) == (bounce_class, reason)
    # The ledger classifies once more what an adapter has classified: that must change nothing.
    assert classify(status_code, diagnostic, bounce_class) == (bounce_class, reason)


def test_codes_are_words_of_their_own():
    assert enhanced_code("550 5.1.1 x") == "5.1.1"
    assert enhanced_code("(#5.2.2)") == "5.2.2"
    assert enhanced_code("Status 5.7.1.") == "5.7.1"
    assert enhanced_code("host 5.1.1.9 said no") == ""
    assert enhanced_code("exim 4.10.13.2") == ""
    assert reply_code("smtp; 550-no") == "550"
    assert reply_code("id 42ef-437b-b388 at 192.0.2.550") == ""
    assert reply_code("in 2450 ways") == ""


@pytest.mark.parametrize("diagnostic", ["a" * 1_000_000, "a:" * 500_000, "user unknown " + "=" * 1_000_000])
def test_a_text_without_blanks_costs_no_more_than_its_size(diagnostic):
    started = time.process_time()
    classify("", diagnostic, "")
    assert time.process_time() - started < 5, "hours, where an address is looked for from each letter on"
