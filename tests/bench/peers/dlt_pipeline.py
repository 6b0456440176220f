"""A dlt pipeline with a custom destination for Mailchimp.

Reading and rules are the shared ones; dlt extracts, normalizes and loads. New contacts go in
batches of 500; products, known contacts and orders one call each, on ten load workers.
"""

import os
import sys

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
os.environ.setdefault("LOAD__WORKERS", "10")

import dlt

from batches import Bulk
from calls import Calls
from work import Connection, Failures, Memory, create_store, finish_store, gather

FILES = 10
JSON = {"body": {"data_type": "json"}}


def destination(writers, batch_size):
    @dlt.destination(name="mailchimp", batch_size=batch_size, loader_file_format="typed-jsonl")
    def mailchimp(items, table):
        writers[table["name"]](items)

    return mailchimp()


def main(settings, memory_path):
    connection, memory = Connection(settings), Memory(memory_path)
    mailchimp, failures = connection.mailchimp(), Failures()
    work = gather(connection, memory, mailchimp)
    if not work.is_empty():
        if work.first:
            create_store(connection, mailchimp)
        write(connection, memory, mailchimp, failures, work)
        if work.first:
            finish_store(connection, mailchimp)
    memory.save()
    failures.report()


def write(connection, memory, mailchimp, failures, work):
    calls = Calls(connection, memory, mailchimp, failures)
    bulk = Bulk(connection, memory, mailchimp, failures)

    def one_by_one(function):
        return lambda items: [function(item["body"]) for item in items]

    def new_members(items):
        members = [item["body"] for item in items]
        calls.refused |= bulk.add(members)
        bulk.tag([email for key, email, _ in members if key not in calls.refused])

    if work.new_members:
        # Before ten workers look for it at once.
        bulk.find_segment()
    load(memory.path, {"new_members": new_members}, {"new_members": work.new_members}, 500)
    load(
        memory.path,
        {"products": one_by_one(calls.product), "known_members": one_by_one(calls.known_member)},
        {"products": work.products, "known_members": work.known_members},
        10,
    )
    wanted = [body for body in work.new_orders if body["customer"]["id"] not in calls.refused]
    for body in work.new_orders:
        if body["customer"]["id"] in calls.refused:
            memory["orders"].pop(body["id"])
    load(
        memory.path,
        {
            "new_orders": one_by_one(calls.new_order),
            "changed_orders": one_by_one(calls.changed_order),
            "removed_orders": one_by_one(lambda body: calls.removed_order(body["id"])),
        },
        {
            "new_orders": wanted,
            "changed_orders": work.changed_orders,
            "removed_orders": [{"id": name} for name in work.removed_orders],
        },
        10,
    )


def load(memory_path, writers, tables, batch_size):
    """One pipeline run: a table for each kind of record, in files small enough for ten workers."""
    tables = {name: rows for name, rows in tables.items() if rows}
    if not tables:
        return
    longest = max(map(len, tables.values()))
    per_file = max(batch_size, -(-longest // FILES))
    os.environ["NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS"] = str(per_file)
    os.environ["DATA_WRITER__FILE_MAX_ITEMS"] = str(per_file)
    pipeline = dlt.pipeline(
        "quickbooks_to_mailchimp",
        destination=destination(writers, batch_size),
        pipelines_dir=os.path.join(os.path.dirname(memory_path), "dlt"),
    )
    pipeline.run(
        [
            dlt.resource(({"body": row} for row in rows), name=name, columns=JSON, write_disposition="append")
            for name, rows in tables.items()
        ]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
