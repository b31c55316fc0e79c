"""The process that one implementation runs in: it answers what the lab asks.

Requests and replies are lines of JSON on the pipes that were its standard input and output. Whatever the
implementation prints goes elsewhere. Between requests it waits in a read, which costs nothing.
"""

from __future__ import annotations

import copy
import faulthandler
import json
import os
import sys
import threading
from typing import BinaryIO

from doubles_lab.measure.timing import LONGEST_MESSAGE
from doubles_lab.measure.with_examples import WithExamples
from doubles_lab.measure.with_forms import WithForms
from doubles_lab.measure.with_texts import WithTexts
from doubles_lab.measure.with_threads import WithThreads


class Worker(WithThreads, WithTexts, WithForms, WithExamples):
    """All requests about an implementation: each is a method."""


def serve(worker: object, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers requests until there are no more.

    A request may say that it is ``of`` something: each of these has its own arguments for the implementation that was
    loaded.
    """
    workers = {"": worker}
    for line in requests:
        request = json.loads(line)
        of = request.pop("of", "")
        # Ends this process from a thread of its own should it hang while nobody is left to stop it.
        faulthandler.dump_traceback_later(request.pop("limit") + 10, exit=True)
        try:
            if of not in workers:
                workers[of] = copy.copy(worker)
            reply = getattr(workers[of], request.pop("do"))(**request)
        except KeyboardInterrupt:
            return
        except BaseException as error:  # SystemExit too: an implementation that exits is a row
            reply = {"raised": type(error).__name__, "message": str(error).partition("\n")[0][:LONGEST_MESSAGE]}
        faulthandler.cancel_dump_traceback_later()
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()


def main(worker: object) -> None:
    """Keeps the pipes to itself and serves: the requests are methods of ``worker``."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    serve(worker, requests, replies)
    sys.stdout.flush()
    # Threads that it left behind do not keep the process.
    if threading.active_count() > 1:
        os._exit(0)


if __name__ == "__main__":
    main(Worker())
