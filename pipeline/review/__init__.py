"""Messages that may mean "no" and that somebody has to read: which wait, and what people answer (`presend review`).

* `messages`: a message, whom it may be about, and how it may be shown
* `queue`: the messages of the warehouse with the answers that the ledger has by now
* `answering`: answers as they are given, alone or in a file, and landed as a feed of their own (decision 0023)
"""

from pipeline.review.answering import Given, Outcome, answer, read_answers
from pipeline.review.messages import Answer, Message
from pipeline.review.queue import Queue, Waiting, queue_of, waiting

__all__ = ["Answer", "Given", "Message", "Outcome", "Queue", "Waiting", "answer", "queue_of", "read_answers", "waiting"]
