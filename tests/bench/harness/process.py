"""Runs a command as a child process and measures wall time and peak memory."""

import os
import signal
import subprocess
import time

POLL_SECONDS = 0.005


class Outcome:
    """What a run took."""

    def __init__(self, seconds, peak_kib, code, stopped, output, errors_path):
        self.seconds, self.peak_kib, self.code = seconds, peak_kib, code
        self.stopped, self.output, self.errors_path = stopped, output, errors_path


def run(command, folder, name, limit, environment=None):
    """Runs to the end or for `limit` seconds. Output goes to files in `folder`."""
    out, err = (os.path.join(folder, f"{name}.{kind}") for kind in ("out", "err"))
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder, env=environment
        )
        peak, stopped = 0, False
        try:
            while True:
                peak = max(peak, _high_water(child.pid))
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                if time.perf_counter() - started > limit and not stopped:
                    stopped = True
                    child.send_signal(signal.SIGKILL)
                time.sleep(POLL_SECONDS)
        except BaseException:
            child.kill()
            raise
        seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    # The kernel counts this process' own memory into a child's `ru_maxrss` (the child starts as a
    # copy of it), so that figure is only good when it is the larger one.
    if usage.ru_maxrss > _high_water(os.getpid()):
        peak = max(peak, usage.ru_maxrss)
    with open(out, errors="replace") as file:
        output = file.read()
    return Outcome(seconds, peak, child.returncode, stopped, output, err)


def _high_water(pid):
    """`VmHWM` in KiB; 0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0
