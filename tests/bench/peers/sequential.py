"""One call for each record, one after the other: the script that one writes first."""

import sys

from calls import Calls
from work import Connection, Failures, Memory, create_store, finish_store, gather


def main(settings, memory_path):
    connection, memory = Connection(settings), Memory(memory_path)
    mailchimp, failures = connection.mailchimp(), Failures()
    work = gather(connection, memory, mailchimp)
    if not work.is_empty():
        if work.first:
            create_store(connection, mailchimp)
        calls = Calls(connection, memory, mailchimp, failures)
        for record, write in calls.before_orders(work):
            write(record)
        for record, write in calls.orders(work):
            write(record)
        if work.first:
            finish_store(connection, mailchimp)
    memory.save()
    failures.report()


if __name__ == "__main__":
    main(*sys.argv[1:])
