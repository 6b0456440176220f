"""Turns results into the tables of docs/benchmarks.md, and says which figures hold."""

import re
from statistics import median

JOBS = {
    "first": "First load",
    "nothing": "Nothing changed",
    "changes": "1 % changed, 20 documents removed or voided",
}


def summary(passes):
    """The medians over the passes, job by job."""
    jobs = {}
    for job in JOBS:
        results = [one[job] for one in passes if job in one]
        if results:
            last = results[-1]
            jobs[job] = {
                **last,
                "runs": len(results),
                "seconds": round(median(result["seconds"] for result in results), 3),
                "peak_mb": round(median(result["peak_mb"] for result in results), 1),
                "all_seconds": [result["seconds"] for result in results],
                "finished": all(result["finished"] for result in results),
            }
            jobs[job]["check"] = next(
                (result["check"] for result in results if not result["check"]["correct"]), last["check"]
            )
    return jobs


def requests(result):
    return result["quickbooks_requests"] + result["mailchimp_requests"]


def is_right(result):
    return result is not None and result["finished"] and result["check"]["correct"]


def tables(results):
    """Markdown: for each size and job a table with a row for each tool."""
    lines = []
    for size in results["sizes"]:
        company = results["companies"][size]
        lines += [
            f"### {company['customers']:,} customers, {company['items']:,} items, {company['documents']:,} documents",
            "",
        ]
        for job, title in JOBS.items():
            lines += _table(results, size, job, title)
    return "\n".join(lines)


def _table(results, size, job, title):
    latencies = results["latencies"]
    cells = {
        (tool, latency): results["measured"].get(f"{size}/{latency}/{tool}", {}).get(job)
        for tool in results["tools"]
        for latency in latencies
    }
    if job == "changes":
        counts = results["companies"][size]["edits"]
        title += f" ({counts['customers']} customers, {counts['documents']} documents, {counts['removed']} removed)"
    lines = [
        f"**{title}**",
        "",
        "| | requests (QuickBooks + Mailchimp) | "
        + " | ".join(f"seconds at {latency} ms" for latency in latencies)
        + " | peak MB | end state |",
        "|---|---:|" + "---:|" * (len(latencies) + 1) + "---|",
    ]
    best_requests = _best(results, cells, latencies, requests)
    best_memory = _best(results, cells, latencies, lambda result: result["peak_mb"])
    for tool, name in results["tools"].items():
        own = [cells[tool, latency] for latency in latencies if cells[tool, latency]]
        whole = [result for result in own if result["finished"]]
        row = [name]
        if whole:
            one = max(whole, key=requests)
            row.append(
                f"{one['quickbooks_requests']} + {one['mailchimp_requests']} = {requests(one)}"
                + _ratio(requests(one), best_requests)
            )
        else:
            row.append("–")
        for latency in latencies:
            row.append(_seconds(results, cells, size, tool, latency))
        peak = max((result["peak_mb"] for result in whole), default=None)
        row.append("–" if peak is None else f"{peak:.0f}{_ratio(peak, best_memory)}")
        row.append(_end_state(own))
        lines.append("| " + " | ".join(row) + " |")
    return [*lines, ""]


def _seconds(results, cells, size, tool, latency):
    result = cells[tool, latency]
    if result is None:
        return "not reached" if f"{size}/{latency}/{tool}" in results["measured"] else "not measured"
    if result["stopped"]:
        return f"> {result['seconds']:.0f} s"
    if not result["finished"]:
        return "failed"
    best = _best(results, cells, [latency], lambda one: one["seconds"])
    return f"{result['seconds']:.2f}{_ratio(result['seconds'], best)}"


def _best(results, cells, latencies, measure):
    """The best figure of a peer that came to the right end, over these latencies."""
    per_peer = []
    for peer in results["peers"]:
        right = [measure(cells[peer, latency]) for latency in latencies if is_right(cells.get((peer, latency)))]
        if right:
            per_peer.append(max(right))
    return min(per_peer, default=None)


def _ratio(value, best):
    return f" ({value / best:.2f}×)" if best else ""


def _end_state(own):
    """What stands in Mailchimp, and what happened to people on the way."""
    if not own:
        return "–"
    harm = {
        "mailings": "mails would have gone out",
        "statuses_raised": "statuses raised",
        "writes_to_closed_people": "writes to archived or cleaned people",
    }
    most = {key: max(result[key] for result in own) for key in harm}
    return ", ".join([_records(own)] + [f"**{most[key]} {words}**" for key, words in harm.items() if most[key]])


def _records(own):
    if all(is_right(result) for result in own):
        return "right"
    if any(result["stopped"] for result in own) and all(is_right(one) for one in own if not one["stopped"]):
        return "right where it finished" if any(map(is_right, own)) else "not finished"
    check = next(result["check"] for result in own if not is_right(result))
    wrong = {
        "contacts_missing": "contacts missing",
        "contacts_untagged": "contacts without the tag",
        "orders_missing": "orders missing",
        "orders_wrong_total": "orders with a wrong total",
        "orders_stale": "stale orders",
    }
    return "**wrong**: " + ", ".join(f"{check[key]} {words}" for key, words in wrong.items() if check[key])


def figures(results):
    """The figures to hold, each as (what, wanted, measured, held or None when not measured)."""
    rows = []

    def cell(tool, size, latency, job):
        return results["measured"].get(f"{size}/{latency}/{tool}", {}).get(job)

    def best(size, latency, job, measure):
        return min(
            (measure(one) for peer in results["peers"] if is_right(one := cell(peer, size, latency, job))), default=None
        )

    def row(what, wanted, value, limit, unit=""):
        if value is None or limit is None:
            rows.append((what, wanted, "not measured", None))
        else:
            rows.append((what, wanted, f"{value:g}{unit}", value <= limit))

    def own(size, latency, job, measure):
        result = cell("ledgerpost", size, latency, job)
        return None if result is None or not result["finished"] else measure(result)

    def against(what, wanted, size, latency, job, measure, share):
        value, peer = own(size, latency, job, measure), best(size, latency, job, measure)
        ratio = None if value is None or peer is None else round(value / peer, 3)
        row(what, wanted, ratio, share, " ×")

    seconds, memory = (lambda one: one["seconds"]), (lambda one: one["peak_mb"])
    small = "2,000/4,000 at 50 ms"
    row(f"first load, {small}: requests", "≤ 45", own("small", 50, "first", requests), 45)
    against(f"first load, {small}: time", "≤ 0.8 × the best peer", "small", 50, "first", seconds, 0.8)
    against(f"first load, {small}: memory", "≤ 1/3 of the best peer", "small", 50, "first", memory, 1 / 3)
    row(f"first load, {small}: memory", "≤ 27 MB", own("small", 50, "first", memory), 27, " MB")
    row("first load, 20,000/40,000: requests", "≤ 260", own("large", 50, "first", requests), 260)
    row("first load, 20,000/40,000: memory", "≤ 80 MB", own("large", 50, "first", memory), 80, " MB")
    for what, key, limit in (
        ("QuickBooks reads", "quickbooks_requests", 1),
        ("Mailchimp reads", "mailchimp_requests", 2),
        ("writes", "mailchimp_writes", 0),
    ):
        wanted = "0" if limit == 0 else f"≤ {limit}"
        row(f"nothing changed, {small}: {what}", wanted, own("small", 50, "nothing", lambda one, key=key: one[key]), limit)
    row(f"1 % changed and 20 removed, {small}: requests", "≤ 12", own("small", 50, "changes", requests), 12)
    row(
        f"1 % changed and 20 removed, {small}: stale orders", "0",
        own("small", 50, "changes", lambda one: one["check"]["orders_stale"]), 0,
    )
    half, plan = (
        _said(results, "plan_speed", rf"^{size}: first sync ([\d.]+) s.*?([\d.]+) MB")
        for size in ("50000 customers, 250000 documents", "100000 customers, 500000 documents")
    )
    row("plan of 100,000/500,000: time", "≤ 5 s", plan and plan[0], 5, " s")
    row("plan of 100,000/500,000: memory", "≤ 300 MB", plan and plan[1], 300, " MB")
    growth = half and plan and round(plan[0] / half[0], 2)
    row("plan of 100,000/500,000: time against 50,000/250,000", "linear (≤ 2.2 ×)", growth, 2.2, " ×")
    search = _said(results, "page_reading", r"^search\s+p95 ([\d.]+) ms")
    row("search over 100,000 contacts", "p95 ≤ 20 ms", search and search[0], 20, " ms")
    return rows


def _said(results, example, pattern):
    """The numbers in a line that another measure printed."""
    for other in results["other"]:
        found = example in other["line"] and re.search(pattern, other["output"], re.MULTILINE)
        if found:
            return [float(number) for number in found.groups()]
    return None


def figures_table(rows):
    words = {True: "held", False: "**not held**", None: "–"}
    return "\n".join(
        ["| what | hold | measured | |", "|---|---|---|---|"]
        + [f"| {what} | {wanted} | {measured} | {words[held]} |" for what, wanted, measured, held in rows]
    )
