"""Files of a mailbox become messages: single ones, mbox, whatever their size."""

import tracemalloc

from pipeline.messages.files import LINE_LIMIT, MESSAGE_LIMIT, is_mbox, split_messages

ONE = b"From: a@firma.example\nSubject: one\n\nbody\n"
TWO = b"From: b@firma.example\nSubject: two\n\nbody\n"


def messages(path, content):
    path.write_bytes(content)
    return list(split_messages(path))


def test_a_file_without_a_from_line_is_one_message(tmp_path):
    path = tmp_path / "1772528400.M1P2.host:2,S"  # a Maildir's name has no extension
    assert messages(path, ONE) == [ONE]
    assert not is_mbox(path)


def test_line_ends_become_lf_and_the_last_line_is_closed(tmp_path):
    assert messages(tmp_path / "m.eml", ONE.replace(b"\n", b"\r\n")) == [ONE]
    assert messages(tmp_path / "m.eml", ONE.rstrip()) == [ONE]


def test_an_emptied_mailbox_has_no_message(tmp_path):
    assert messages(tmp_path / "m.mbox", b"") == []


def test_mbox(tmp_path):
    path = tmp_path / "m.mbox"
    content = b"From MAILER-DAEMON Tue Mar  3 10:00:00 2026\n" + ONE + b"\nFrom b@firma.example Tue Mar  3 10:00:01 2026\n" + TWO + b"\n"
    assert messages(path, content) == [ONE + b"\n", TWO + b"\n"]
    assert is_mbox(path)


def test_a_from_in_running_text_is_no_border(tmp_path):
    body = ONE + b"\nFrom Vienna at 10:00 in 2026\nto Linz\n\nFrom here on\n\n>From there 10:00 2026\n>>From deep\n"
    (only,) = messages(tmp_path / "m.mbox", b"From x Tue Mar  3 10:00:00 2026\n" + body)
    assert only == body.replace(b">From", b"From", 1).replace(b">From deep", b"From deep").replace(b">>From", b">From")


def test_a_from_line_at_the_end_is_an_empty_message(tmp_path):
    assert messages(tmp_path / "m.mbox", b"From x Tue Mar  3 10:00:00 2026\n") == [b""]


def test_a_long_line_pushes_no_other_out(tmp_path):
    content = b"X-Long: " + b"a" * 3 * LINE_LIMIT + b"\n" + ONE
    (message,) = messages(tmp_path / "m.eml", content)
    assert message.endswith(b"\n" + ONE)
    assert len(message) == LINE_LIMIT + 1 + len(ONE)


def test_a_message_is_cut_and_the_next_one_read(tmp_path):
    separator = b"From x Tue Mar  3 10:00:00 2026\n"
    content = separator + ONE + b"line\n" * (MESSAGE_LIMIT // 5 + 1000) + b"\n" + separator + TWO
    first, second = messages(tmp_path / "m.mbox", content)
    assert first.startswith(ONE)
    assert len(first) <= MESSAGE_LIMIT + LINE_LIMIT
    assert second == TWO


def test_a_large_mbox_is_never_held_as_a_whole(tmp_path):
    path = tmp_path / "m.mbox"
    with path.open("wb") as stream:
        for _ in range(1000):
            stream.write(b"From x Tue Mar  3 10:00:00 2026\n" + ONE + (b"x" * 999 + b"\n") * 20 + b"\n")
    tracemalloc.start()
    count = sum(1 for _ in split_messages(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1000
    assert peak < 4 * MESSAGE_LIMIT < path.stat().st_size
