"""What a process does with threads: calls from several at once, and one beside that counts its turns."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from time import perf_counter_ns, sleep

from doubles_lab.measure.timing import Reply, Timing, as_count, found
from doubles_lab.problem import Call

#: Seconds for which the interpreter lets a thread go on, where it must not be what hands over the GIL.
FOREVER = 1000.0
#: Nanoseconds of a sample that tells how long a call takes.
ENOUGH = 5_000_000


class Ticker(threading.Thread):
    """A thread that does nothing but look at the clock, in plain Python: how often it does is its progress."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ticks = 0
        self.longest = 0
        self.last = 0
        self.stop = False
        self.runs = threading.Event()

    def run(self) -> None:
        clock = perf_counter_ns
        self.last = clock()
        self.runs.set()
        while not self.stop:
            now = clock()
            if now - self.last > self.longest:
                self.longest = now - self.last
            self.last = now
            self.ticks += 1

    def window(self) -> tuple[int, int]:
        """Begins to measure anew; returns the time and the ticks."""
        self.longest = 0
        self.last = now = perf_counter_ns()
        return now, self.ticks

    def since(self, window: tuple[int, int]) -> Reply:
        """The nanoseconds since ``window``, the ticks in them, and the longest time without one."""
        now = perf_counter_ns()
        return {"ns": now - window[0], "ticks": self.ticks - window[1], "longest": max(self.longest, now - self.last)}


class WithThreads(Timing):
    """The requests of the question who lets go of the GIL."""

    def repeat(self, path: str, times: int) -> Reply:
        """Makes the argument from ``times`` the text of a file, one after another; the nanoseconds of a call."""
        text = Path(path).read_text(encoding="utf-8") * times
        variant = self.implementation.variant
        call = Call.of(self.folder.problem.variant(variant).make(Call(text)) if variant else text)
        self.give_value(call.args[0])
        samples = self.warm_up(ENOUGH)["samples"]
        counts = {count for _, _, given in samples for count, _ in given}
        ns = min(ns / calls for calls, ns, _ in samples)
        enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
        return {"ns": ns, "counts": sorted(counts), "gil": enabled, "interval": sys.getswitchinterval()}

    def lets_go(self, seconds: float) -> Reply:
        """Whether another thread gets to run during calls, tried for so long and at least three times.

        The interpreter never takes the GIL away meanwhile, since its switch interval is longer: so the other thread
        runs if, and only if, a call lets go of it.
        """
        gate = threading.Lock()
        ran: list[bool] = []

        def other() -> None:
            with gate:
                ran.append(True)

        thread = threading.Thread(target=other, daemon=True)
        interval = sys.getswitchinterval()
        function, arguments, counts, calls = self.function, self.arguments, set(), 0
        gate.acquire()
        thread.start()
        sys.setswitchinterval(FOREVER)
        try:
            gate.release()
            end = perf_counter_ns() + int(seconds * 1e9)
            while not ran and (calls < 3 or perf_counter_ns() < end):
                counts.add(found(arguments(function)))
                calls += 1
            result = bool(ran)
        finally:
            sys.setswitchinterval(interval)
        thread.join()
        return {"ran": result, "calls": calls, "counts": sorted(each for each in counts if each is not None)}

    def together(self, threads: int, calls: int) -> Reply:
        """The nanoseconds in which ``threads`` threads each make so many calls with the same argument."""
        function, (argument,) = self.function, self.arguments.args
        begin = threading.Barrier(threads + 1)
        ends: list[int] = []
        results: list[int] = []
        errors: list[BaseException] = []

        def work() -> None:
            result = None
            begin.wait()
            try:
                for _ in range(calls):
                    result = function(argument)
                ends.append(perf_counter_ns())
                results.append(as_count(result))
            except BaseException as error:
                errors.append(error)

        workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        # Its own arrival lets all go, so that no call can come before the clock is read.
        while begin.n_waiting < threads:
            sleep(0.0001)
        start = perf_counter_ns()
        begin.wait()
        for worker in workers:
            worker.join()
        if errors:
            raise errors[0]
        return {"ns": max(ends) - start, "counts": sorted(set(results))}

    def beside(self, seconds: float) -> Reply:
        """What becomes of another thread: while this one rests for so long, and while it calls for as long."""
        ticker = Ticker()
        ticker.start()
        ticker.runs.wait()
        rest = threading.Event()
        try:
            window = ticker.window()
            rest.wait(seconds)
            alone = ticker.since(window)
            function, (argument,), counts, calls = self.function, self.arguments.args, set(), 0
            window = ticker.window()
            end = window[0] + int(seconds * 1e9)
            while perf_counter_ns() < end:
                counts.add(as_count(function(argument)))
                calls += 1
            meanwhile = ticker.since(window)
        finally:
            ticker.stop = True
            ticker.join()
        return {"alone": alone, "meanwhile": meanwhile, "calls": calls, "counts": sorted(counts)}
