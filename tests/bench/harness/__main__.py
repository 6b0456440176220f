"""`python -m harness`: what `make bench` runs."""

import argparse
import datetime
import json
import os
import platform
import subprocess

from . import measure, report, tools

ROOT = os.path.abspath(os.path.join(tools.HERE, "..", ".."))
PAGE = os.path.join(ROOT, "docs", "benchmarks.md")
START, END = "<!-- results: written by make bench -->", "<!-- end of results -->"


def main():
    options = _options()
    sizes = [measure.SIZES[key] for key in options.sizes]
    if options.limit:
        sizes = [size._replace(limit=options.limit) for size in sizes]
    chosen = tools.all_tools(options.ledgerpost)
    if options.tools is not None:
        unknown = set(options.tools) - set(chosen)
        if unknown:
            raise SystemExit(f"not there: {', '.join(sorted(unknown))}; there are {', '.join(chosen)}")
        chosen = {key: chosen[key] for key in options.tools}

    results = {
        "version": 1,
        "date": datetime.date.today().isoformat(),
        "machine": _machine(),
        "sizes": options.sizes,
        "latencies": options.latencies,
        "tools": {key: tool.title for key, tool in chosen.items()},
        "peers": [key for key, tool in chosen.items() if tool.is_peer],
        "companies": {},
        "measured": {},
        "other": [],
        "mixed": False,
    }
    if options.keep:
        _keep(options.json, results)
    for size in sizes:
        company = measure.Company(options.simulator, size)
        results["companies"][size.key] = {**size._asdict(), "edits": company.counts}
        slow = {}
        for latency in sorted(options.latencies):
            for key, tool in chosen.items():
                if key in slow:
                    results["measured"][f"{size.key}/{latency}/{key}"] = measure.too_slow(slow[key])
                    continue
                runs = options.runs if size.key == "small" else 1
                passes = measure.repeat(
                    options.simulator, company, latency, tool, runs, options.repeat_under, say
                )
                summary = report.summary(passes)
                results["measured"][f"{size.key}/{latency}/{key}"] = summary
                if summary["first"]["stopped"]:
                    slow[key] = summary
                _save(options.json, results)
    if not (options.quick or options.tools):
        results["other"] = [_other(line) for line in options.other]
    results["figures"] = report.figures(results)
    _save(options.json, results)

    text = _page_part(results)
    say("\n" + text)
    if options.write_page:
        _write_page(text)


def say(text):
    print(text, flush=True)


def _options():
    parser = argparse.ArgumentParser(prog="make bench", description=measure.__doc__)
    parser.add_argument("--simulator", required=True, help="the ledgerpost-sim program")
    parser.add_argument("--ledgerpost", help="the ledgerpost program")
    parser.add_argument("--quick", action="store_true", help="2,000/4,000 only, at 0 and 50 ms, one run each")
    parser.add_argument("--sizes", nargs="+", choices=measure.SIZES, default=None)
    parser.add_argument("--latencies", nargs="+", type=int, default=None, help="milliseconds a request")
    parser.add_argument("--tools", nargs="*", default=None, help="none: only the other measures")
    parser.add_argument("--runs", type=int, default=None, help="runs at 2,000/4,000; the median counts")
    parser.add_argument(
        "--limit", type=float, help="seconds after which a job is stopped [default: 60, at 20,000/40,000 120]"
    )
    parser.add_argument(
        "--repeat-under", type=float, default=120, help="no second run when the first took more seconds than this"
    )
    parser.add_argument("--json", default=None, help="where the results go")
    parser.add_argument("--write-page", action="store_true", default=None, help="put the tables into docs/benchmarks.md")
    parser.add_argument("--keep", action="store_true", help="measure these parts again and keep the rest of the last run")
    parser.add_argument("--other", action="append", default=[], help="another measure: a program, as a shell line")
    options = parser.parse_args()
    whole = not (options.quick or options.sizes or options.latencies or options.tools or options.runs)
    options.sizes = options.sizes or (["small"] if options.quick else ["small", "large"])
    options.latencies = options.latencies or ([0, 50] if options.quick else [0, 50, 150])
    options.runs = options.runs or (1 if options.quick else 3)
    if options.write_page is None:
        options.write_page = whole
    kept = os.path.join(tools.HERE, "results", "latest.json")
    trial = os.path.join(ROOT, ".cache", "bench", "trial.json")
    options.json = options.json or (kept if options.write_page else trial)
    return options


def _keep(path, results):
    """Takes over what an earlier run measured; what is measured now replaces it."""
    with open(path) as file:
        earlier = json.load(file)
    for name in ("companies", "measured", "tools"):
        results[name] = {**earlier[name], **results[name]}
    results["mixed"] = True
    order = tools.ORDER
    results["tools"] = {key: results["tools"][key] for key in order if key in results["tools"]}
    results["peers"] = [key for key in results["tools"] if key in earlier["peers"] + results["peers"]]
    results["sizes"] = [key for key in measure.SIZES if key in earlier["sizes"] + results["sizes"]]
    results["latencies"] = sorted({*earlier["latencies"], *results["latencies"]})
    results["other"] = earlier["other"]


def _machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "processor": model,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _other(line):
    """Runs a measure that another part of the project brings, and keeps what it says."""
    done = subprocess.run(line, shell=True, capture_output=True, text=True, cwd=ROOT)
    text = (done.stdout if done.returncode == 0 else done.stderr[-2000:]).strip()
    return {"line": line, "exit_code": done.returncode, "output": text}


def _save(path, results):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)


def _page_part(results):
    machine = results["machine"]
    limits = " or ".join(
        f"{company['limit']:g} s ({company['customers']:,} customers)" for company in results["companies"].values()
    )
    parts = [
        f"Measured on {results['date']}: {machine['cores']} cores, {machine['memory_gib']} GiB of memory, "
        f"{machine['system']}, Python {machine['python']}. Services and tools share the machine. A job is stopped "
        f"after {limits}; it is then not repeated, the jobs after it are not reached, and it is not tried at a "
        "higher latency, which takes longer."
        + (" Not all in one run: parts were measured again later." if results["mixed"] else ""),
        "",
        "## Figures to hold",
        "",
        report.figures_table(results["figures"]),
        "",
        "## All jobs",
        "",
        "In brackets: the ratio to the best script or pipeline that came to the right end in the same run.",
        "",
        report.tables(results),
    ]
    for other in results["other"]:
        parts += [f"### `{other['line']}`", "", "```text", other["output"], "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def _write_page(text):
    with open(PAGE) as file:
        page = file.read()
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    with open(PAGE, "w") as file:
        file.write(f"{before}{START}\n\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
