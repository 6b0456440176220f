"""What is measured: how each tool is set up and started."""

import json
import os
import re
import subprocess
import sys

from .simulator import open_in_browser

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Where Ledgerpost has its waits before a batch is asked whether it is done.
CADENCE = os.path.join(HERE, "..", "..", "crates", "ledgerpost-mailchimp", "src", "batches.rs")
SET_UP_SECONDS = 60
# As the tables show them.
ORDER = ("ledgerpost", "batches", "threads", "sequential", "dlt")


def poll_cadence():
    """Ledgerpost's own waits, read from its source: the scripts ask as often."""
    with open(CADENCE) as file:
        source = file.read()
    units = {"from_mins": 60, "from_secs": 1, "from_millis": 1e-3, "from_micros": 1e-6}

    def constant(name):
        value = re.search(rf"const {name}: \w+ = (?:Duration::(\w+)\()?([\d.]+)", source)
        if not value:
            raise RuntimeError(f"{CADENCE} has no {name} any more")
        return float(value[2]) * units.get(value[1], 1)

    return {
        "first": constant("FIRST_POLL"),
        "per_operation": constant("POLL_PER_OPERATION"),
        "growth": constant("POLL_GROWTH"),
        "longest": constant("LONGEST_POLL"),
    }


class Script:
    """A peer: a Python script that gets its settings and a place for what it remembers."""

    def __init__(self, key, title, file):
        self.key, self.title = key, title
        self.file = os.path.join(HERE, "peers", file)
        self.is_peer = True

    def set_up(self, _simulator, settings, folder):
        with open(os.path.join(folder, "settings.json"), "w") as file:
            json.dump({**settings, "poll": poll_cadence()}, file)

    def command(self, folder):
        return [
            sys.executable,
            self.file,
            os.path.join(folder, "settings.json"),
            os.path.join(folder, "memory.json"),
        ]

    def succeeded(self, outcome):
        return outcome.code == 0


class Ledgerpost:
    """The command line, release build."""

    key, title, is_peer = "ledgerpost", "Ledgerpost", False

    def __init__(self, program):
        self.program = program

    def set_up(self, simulator, settings, folder):
        self._base = [
            self.program,
            "--data-dir", os.path.join(folder, "data"),
            "--services", simulator.services_path,
            "--secrets", "file",
        ]
        for service in ("quickbooks", "mailchimp"):
            self._connect(service, folder)
        audience = settings["mailchimp"]["list_id"]
        self._do(folder, "link", "--audience", audience, "--status", "transactional")

    def _connect(self, service, folder):
        """Signs in: `--browser print` writes the address as its first line and waits."""
        with open(os.path.join(folder, "connect.err"), "wb") as errors:
            child = subprocess.Popen(
                [*self._base, "connect", service, "--browser", "print"],
                stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, cwd=folder, env=environment(folder),
            )
        try:
            open_in_browser(child.stdout.readline().decode().strip())
            child.stdout.read()
            if child.wait(SET_UP_SECONDS) != 0:
                raise RuntimeError(f"connect {service} ended with {child.returncode}; see {folder}/connect.err")
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            child.stdout.close()

    def _do(self, folder, *arguments):
        done = subprocess.run(
            [*self._base, *arguments],
            capture_output=True, stdin=subprocess.DEVNULL, cwd=folder, env=environment(folder), timeout=SET_UP_SECONDS,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-400:]!r}")

    def command(self, _folder):
        return [*self._base, "sync", "--yes"]

    def succeeded(self, outcome):
        # 4: done, but some records need attention, as there always are in untidy books.
        return outcome.code in (0, 4)


def environment(folder):
    """What a child sees: nothing of this machine's own settings, no network beyond loopback."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "LANG": "C.UTF-8",
        "NO_PROXY": "*",
        # The simulator speaks plain http on loopback, which Python's OAuth client refuses otherwise.
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
        "PYTHONPYCACHEPREFIX": os.path.join(HERE, "..", "..", ".cache", "bench", "pycache"),
    }


def all_tools(ledgerpost):
    """Every tool by key; Ledgerpost only where its program exists."""
    tools = [
        Script("sequential", "script, one call a record", "sequential.py"),
        Script("threads", "script, ten threads", "threads.py"),
        Script("batches", "script, Mailchimp's batches", "batches.py"),
        Script("dlt", "dlt pipeline", "dlt_pipeline.py"),
    ]
    if ledgerpost and os.path.exists(ledgerpost):
        tools.append(Ledgerpost(ledgerpost))
    return {tool.key: tool for tool in sorted(tools, key=lambda tool: ORDER.index(tool.key))}
