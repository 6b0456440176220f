"""Measures the real window: start, memory and scrolling, beside an empty Tauri window in the same run.

`python -m harness.window`, run by scripts/bench-window.sh under a virtual display.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

from . import tools
from .__main__ import PAGE, ROOT, _machine, _save
from .simulator import Simulator, call_json, free_port
from .measure import Size

START, END = "<!-- window: written by scripts/bench-window.sh -->", "<!-- end of window -->"
# Documents are few: the list shows customers.
LARGE = Size("window", 100_000, 2_000, 200, 600)
PATIENCE_SECONDS = 60
# The whole window, as often as an empty Tauri window.
MEMORY_TO_HOLD = 1.15
# What a page is asked again and again until it is usable; nothing in it may be being read any more. A
# button may be at work: here a sync that the services do not answer.
USABLE = "return document.querySelector('h1') !== null && document.querySelector('[aria-busy=true]:not(button)') === null"
ROWS = "return Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1"
SETTLE_SECONDS = 3
SCROLL = """
const done = arguments[arguments.length - 1], [pixels, milliseconds] = arguments;
const list = document.querySelector('.vscroll');
const frames = [];
let last;
function step(now) {
  if (last !== undefined) frames.push(now - last);
  last = now;
  list.scrollTop += pixels;
  if (frames.reduce((sum, frame) => sum + frame, 0) < milliseconds) requestAnimationFrame(step);
  else done({ frames, blank: list.querySelectorAll('tr.blank').length, at: list.scrollTop });
}
list.scrollTop = 0;
requestAnimationFrame(step);
"""


class Driver:
    """tauri-driver, with one window open at a time."""

    def __init__(self):
        self.port, native = free_port(), free_port()
        self.process = subprocess.Popen(
            ["tauri-driver", "--port", str(self.port), "--native-port", str(native)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        for port in (self.port, native):
            wait(lambda port=port: answers(port))

    def ask(self, method, path, body=None):
        return call_json(method, f"http://127.0.0.1:{self.port}{path}", body)["value"]

    @contextlib.contextmanager
    def window(self, program, *arguments):
        options = {"application": program, "args": list(arguments)}
        began = time.perf_counter()
        session = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {"tauri:options": options}}})
        try:
            yield Window(self, f"/session/{session['sessionId']}", began)
        finally:
            self.ask("DELETE", f"/session/{session['sessionId']}")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


class Window:
    def __init__(self, driver, path, began):
        self.driver, self.path, self.began = driver, path, began

    def run(self, script, *arguments, kind="sync"):
        return self.driver.ask("POST", f"{self.path}/execute/{kind}", {"script": script, "args": list(arguments)})

    def usable(self):
        """Seconds from the start to a drawn page that reads nothing any more."""
        wait(lambda: self.run(USABLE))
        return time.perf_counter() - self.began

    def memory(self, name):
        """Proportional set size of the program and its web processes, in MiB, once it is at rest."""
        time.sleep(SETTLE_SECONDS)
        root = next(pid for pid, _, command in processes() if command == name[:15])
        family = {root}
        for _ in range(4):
            family |= {pid for pid, parent, _ in processes() if parent in family}
        return sum(proportional(pid) for pid in family) / 1024


def processes():
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{entry}/stat") as file:
                name, rest = file.read().split(" (", 1)[1].rsplit(") ", 1)
                yield int(entry), int(rest.split()[1]), name


def proportional(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return 0


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait(condition):
    end = time.perf_counter() + PATIENCE_SECONDS
    while not condition():
        if time.perf_counter() > end:
            raise RuntimeError("what was waited for did not come")
        time.sleep(0.005)


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def fill(options):
    """A data folder with the large company, read and sent by the command line. That takes minutes, so
    the folder is kept for the next time."""
    folder = os.path.join(ROOT, ".cache", "bench", f"window-{LARGE.customers}")
    arguments = ["--data-dir", os.path.join(folder, "data"), "--services", os.path.join(folder, "services.json")]
    filled = os.path.join(folder, "filled")
    if os.path.exists(filled):
        return arguments
    print(f"filling a company of {LARGE.customers:,} customers", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with Simulator(options.simulator, folder, LARGE, 0) as simulator:
        ledgerpost = tools.Ledgerpost(options.ledgerpost)
        ledgerpost.set_up(simulator, simulator.sign_in(), folder)
        done = subprocess.run(
            ledgerpost.command(folder), cwd=folder, env=tools.environment(folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        if done.returncode not in (0, 4):
            raise RuntimeError(f"the large company was not synced: {done.stderr[-400:]!r}")
    open(filled, "w").close()
    return arguments


def starts(driver, runs, name, program, *arguments):
    """One start after the other; the first only warms the disk's cache."""
    seconds, memory = [], []
    for run in range(runs + 1):
        with tempfile.TemporaryDirectory() as fresh, driver.window(
            program, *(part.format(fresh=fresh) for part in arguments)
        ) as window:
            took = window.usable()
            if run > 0:
                seconds.append(took)
                memory.append(window.memory(name))
    return {"seconds": statistics.median(seconds), "slowest": max(seconds), "mib": statistics.median(memory)}


def scrolling(driver, program, arguments):
    """Frame times of the contact list while it is scrolled by wheel, by drag and by leaps."""
    measured = {}
    with driver.window(program, *arguments) as window:
        window.usable()
        # The driver ends where the page goes elsewhere during a script.
        window.run("setTimeout(() => { location.hash = '#/contacts' }, 100)")
        wait(lambda: window.run("return document.querySelector('.vscroll tr.hov') !== null"))
        wait(lambda: window.run(USABLE))
        for name, pixels in (("60 pixels a frame (a wheel)", 60), ("600 pixels a frame (a drag)", 600),
                             ("10,000 pixels a frame (leaps)", 10_000)):
            result = window.run(SCROLL, pixels, 5_000, kind="async")
            frames = result["frames"]
            measured[name] = {
                "frames": len(frames),
                "median": statistics.median(frames),
                "p95": quantile(frames, 0.95),
                "p99": quantile(frames, 0.99),
                "longest": max(frames),
            }
        measured["rows"] = window.run(ROWS)
    return measured


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench-window.sh", description=__doc__)
    for name in ("simulator", "ledgerpost", "desktop", "empty"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write-page", action="store_true")
    options = parser.parse_args()
    driver = Driver()
    try:
        large = [*fill(options), "--secrets", "file"]
        fresh = ["--data-dir", "{fresh}", "--secrets", "file"]
        results = {"machine": _machine(), "date": time.strftime("%Y-%m-%d"), "runs": options.runs, "starts": {}}
        for title, name, program, arguments in (
            ("an empty Tauri window", "empty_window", options.empty, []),
            ("Ledgerpost, first start", "ledgerpost-desktop", options.desktop, fresh),
            (f"Ledgerpost, Home of {LARGE.customers:,} customers", "ledgerpost-desktop", options.desktop, large),
        ):
            print(title, flush=True)
            results["starts"][title] = starts(driver, options.runs, name, program, *arguments)
            print(results["starts"][title], flush=True)
        print("scrolling", flush=True)
        results["scrolling"] = scrolling(driver, options.desktop, large)
    finally:
        driver.stop()
    text = page(results)
    print(text)
    if options.write_page:
        _save(os.path.join(tools.HERE, "results", "window.json"), results)
        write(text)


def page(results):
    machine, empty = results["machine"], next(iter(results["starts"].values()))
    lines = [
        f"Measured on {results['date']}: {machine['cores']} cores, {machine['memory_gib']} GiB of memory, "
        f"{machine['system']}; WebKitGTK drawing in software under Xvfb, so a computer with a graphics card is "
        f"faster. Medians of {results['runs']} starts, with warm disk caches.",
        "",
        "| | start to usable window | slowest | memory |",
        "|---|---:|---:|---:|",
    ]
    for title, row in results["starts"].items():
        more = "" if row is empty else f" (+{row['seconds'] - empty['seconds']:.2f} s)"
        extra = "" if row is empty else f" (+{row['mib'] - empty['mib']:.0f} MiB)"
        lines.append(f"| {title} | {row['seconds']:.2f} s{more} | {row['slowest']:.2f} s | {row['mib']:.0f} MiB{extra} |")
    first = list(results["starts"].values())[1]
    ratio = first["mib"] / empty["mib"]
    verdict = "held" if ratio <= MEMORY_TO_HOLD else "**not held**"
    lines += ["", f"Memory of the first start: {ratio:.2f} × the empty window; to hold: {MEMORY_TO_HOLD} ×, {verdict}."]
    rows = results["scrolling"].pop("rows")
    lines += [
        "",
        f"Frame times while the list of {rows:,} contacts is scrolled for five seconds:",
        "",
        "| | frames | median | 95 % | 99 % | longest |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for title, row in results["scrolling"].items():
        cells = " | ".join(f"{row[key]:.0f} ms" for key in ("median", "p95", "p99", "longest"))
        lines.append(f"| {title} | {row['frames']} | {cells} |")
    results["scrolling"]["rows"] = rows
    return "\n".join(lines) + "\n"


def write(text):
    with open(PAGE) as file:
        before, _, rest = file.read().partition(START)
    _, _, after = rest.partition(END)
    with open(PAGE, "w") as file:
        file.write(f"{before}{START}\n\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
