"""The three jobs, one after the other, on a fresh simulator: measured and checked."""

import os
import tempfile
import time
from collections import namedtuple

from . import edits, process
from .expected import Expected, read_books
from .simulator import Simulator
from .state import read_people
from .tools import environment

# `limit`: seconds after which a job is stopped; its cell then says that it takes longer.
Size = namedtuple("Size", "key customers items documents limit")
SIZES = {
    "small": Size("small", 2_000, 200, 4_000, 60),
    "large": Size("large", 20_000, 500, 40_000, 120),
}
JOBS = ("first", "nothing", "changes")


class Company:
    """One size of company: what has to be in Mailchimp after each job, and the edits before the
    third. Worked out once, on a simulator of its own; the same seed makes the same books."""

    def __init__(self, program, size):
        self.size = size
        with tempfile.TemporaryDirectory() as folder, Simulator(program, folder, size, 0) as simulator:
            settings = simulator.sign_in()
            people = read_people(simulator.mailchimp_state(), settings["mailchimp"]["list_id"])
            before = {key: person["status"] for key, person in people.items()}
            books = read_books(simulator, settings)
            self.at_first = Expected(books, before, settings["currency"])
            self.edits, self.counts = edits.choose(size, books, self.at_first)
            simulator.edit(self.edits)
            self.at_last = Expected(read_books(simulator, settings), before, settings["currency"])

    def expected(self, job):
        return self.at_last if job == "changes" else self.at_first


def run(program, company, latency_ms, tool):
    """One pass of the three jobs; gives a result for each that was reached."""
    results = {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        Simulator(program, folder, company.size, latency_ms) as simulator,
    ):
        settings = simulator.sign_in()
        tool.set_up(simulator, settings, folder)
        for job in JOBS:
            if job == "changes":
                simulator.edit(company.edits)
            simulator.clear_log()
            outcome = process.run(tool.command(folder), folder, job, company.size.limit, environment(folder))
            results[job] = _result(simulator, settings, company.expected(job), outcome, tool)
            if outcome.stopped or not results[job]["finished"]:
                break
    return results


def _result(simulator, settings, expected, outcome, tool):
    quickbooks, mailchimp = simulator.log()
    state = simulator.mailchimp_state()
    checked = expected.check(state, settings["mailchimp"]["list_id"], settings["store_id"], settings["tag"])
    finished = not outcome.stopped and tool.succeeded(outcome)
    result = {
        "finished": finished,
        "stopped": outcome.stopped,
        "exit_code": outcome.code,
        "seconds": round(outcome.seconds, 3),
        "peak_mb": round(outcome.peak_kib / 1024, 1),
        "quickbooks_requests": quickbooks["requests"],
        "quickbooks_metered": quickbooks["metered"],
        "mailchimp_requests": mailchimp["requests"],
        "mailchimp_writes": sum(path["count"] for path in mailchimp["paths"] if path["method"] != "GET"),
        "most_at_once": mailchimp["high_water"],
        "mailings": simulator.mailings(),
        **simulator.trespasses(),
        "check": checked,
    }
    if not finished and not outcome.stopped:
        result["last_words"] = _tail(outcome)
    return result


def _tail(outcome):
    with open(outcome.errors_path, errors="replace") as file:
        return (file.read() + outcome.output)[-2000:]


def verdict(result):
    """One word about a job's end."""
    if result["stopped"]:
        return "stopped"
    if not result["finished"]:
        return "FAILED"
    return "right" if result["check"]["correct"] else "WRONG"


def repeat(program, company, latency_ms, tool, runs, repeat_under, say):
    """Several passes; fewer when one takes long. Gives the results of each."""
    passes = []
    while len(passes) < runs:
        started = time.monotonic()
        passes.append(run(program, company, latency_ms, tool))
        took = time.monotonic() - started
        first = passes[-1]["first"]
        say(
            f"{company.size.key} {latency_ms:>3} ms  {tool.title:<28} "
            + "  ".join(
                f"{job} {result['seconds']:.2f} s, "
                f"{result['quickbooks_requests'] + result['mailchimp_requests']} requests, "
                f"{result['peak_mb']:.0f} MB, {verdict(result)}"
                for job, result in passes[-1].items()
            )
        )
        for result in passes[-1].values():
            if "last_words" in result:
                say(result["last_words"])
        if took > repeat_under or not first["finished"]:
            break
    return passes


def too_slow(earlier):
    """The results of a pass that is not made, because its first job was stopped at a lower latency."""
    first = earlier["first"]
    return {"first": {**first, "assumed": True}}
