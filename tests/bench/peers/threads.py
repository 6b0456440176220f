"""One call for each record on ten threads, as many connections as Mailchimp allows one user."""

import sys
from concurrent.futures import ThreadPoolExecutor

from calls import Calls
from work import Connection, Failures, Memory, create_store, finish_store, gather

THREADS = 10


def main(settings, memory_path):
    connection, memory = Connection(settings), Memory(memory_path)
    mailchimp, failures = connection.mailchimp(), Failures()
    work = gather(connection, memory, mailchimp)
    if not work.is_empty():
        if work.first:
            create_store(connection, mailchimp)
        calls = Calls(connection, memory, mailchimp, failures)
        with ThreadPoolExecutor(THREADS) as pool:
            for stage in (calls.before_orders, calls.orders):
                # An order needs its product and its contact: each stage ends before the next.
                for done in [pool.submit(write, record) for record, write in stage(work)]:
                    done.result()
        if work.first:
            finish_store(connection, mailchimp)
    memory.save()
    failures.report()


if __name__ == "__main__":
    main(*sys.argv[1:])
