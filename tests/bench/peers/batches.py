"""With Mailchimp's bulk calls and batches: the best that the official SDKs allow."""

import io
import json
import sys
import tarfile
import time

from work import Connection, Failures, Memory, create_store, fetch_results, finish_store, gather

MEMBERS = 500
OPERATIONS = 1000
GONE = "delete:"


class Bulk:
    """Writes a run's work in bulk."""

    def __init__(self, connection, memory, mailchimp, failures):
        self.connection, self.memory, self.mailchimp, self.failures = connection, memory, mailchimp, failures

    def write(self, work):
        store = f"/ecommerce/stores/{self.connection.store_id}"
        people = f"/lists/{self.connection.list_id}/members"
        # Products and the contacts who are already there go while the new contacts are added.
        started = self.start(
            [_put(f"{store}/products/{body['id']}", body) for body in work.products]
            + [
                _put(f"{people}/{key}", {"email_address": email, "status_if_new": "transactional", "merge_fields": merge},
                     skip_merge_validation="true")
                for key, email, merge in work.known_members
            ]
        )
        refused = self.add(work.new_members)
        self.tag([email for key, email, _ in work.new_members + work.known_members if key not in refused])
        self.finish(started)

        orders = []
        for body in work.new_orders:
            if body["customer"]["id"] in refused:
                self.memory["orders"].pop(body["id"])
            else:
                orders.append(_put(f"{store}/orders/{body['id']}", body))
        orders += [_put(f"{store}/orders/{body['id']}", body) for body in work.changed_orders]
        orders += [
            {"method": "DELETE", "path": f"{store}/orders/{name}", "operation_id": f"{GONE}{name}"}
            for name in work.removed_orders
        ]
        self.finish(self.start(orders))

    def add(self, members):
        """Adds new people; gives the hashes of those whom Mailchimp refused."""
        refused, keys = set(), {email.lower(): key for key, email, _ in members}
        for some in _chunks(members, MEMBERS):
            answer = self.mailchimp.lists.batch_list_members(
                self.connection.list_id,
                {
                    "members": [
                        {"email_address": email, "status": "transactional", "merge_fields": merge}
                        for _, email, merge in some
                    ],
                    "update_existing": False,
                },
                skip_merge_validation=True,
            )
            for error in answer["errors"]:
                if error["error_code"] == "ERROR_CONTACT_EXISTS":
                    continue
                self.failures.add("a contact", error["error"])
                key = keys[error["email_address"].lower()]
                refused.add(key)
                self.memory["members"].pop(key, None)
                self.memory["closed"].append(key)
        return refused

    def tag(self, emails):
        lists, list_id = self.mailchimp.lists, self.connection.list_id
        if emails:
            self.find_segment()
        for some in _chunks(emails, MEMBERS):
            lists.batch_segment_members({"members_to_add": some}, list_id, self.memory["segment"])

    def find_segment(self):
        """The tag is a static segment; made when it is not there."""
        lists, list_id = self.mailchimp.lists, self.connection.list_id
        if self.memory["segment"] is None:
            found = lists.tag_search(list_id, name=self.connection.tag)["tags"]
            same = [tag["id"] for tag in found if tag["name"].lower() == self.connection.tag.lower()]
            if not same:
                same = [lists.create_segment(list_id, {"name": self.connection.tag, "static_segment": []})["id"]]
            self.memory["segment"] = same[0]

    def start(self, operations):
        """Gives each batch's id and how long to wait before it is asked for."""
        poll = self.connection.poll
        return [
            (
                self.mailchimp.batches.start({"operations": some})["id"],
                max(poll["first"], poll["per_operation"] * len(some)),
            )
            for some in _chunks(operations, OPERATIONS)
        ]

    def finish(self, batches):
        poll = self.connection.poll
        for number, (batch, first) in enumerate(batches):
            # They run side by side: when the first is done, the next may be as well.
            wait = 0 if number else first
            while True:
                time.sleep(wait)
                state = self.mailchimp.batches.status(batch)
                if state["status"] == "finished":
                    break
                wait = min(max(wait * poll["growth"], first), poll["longest"])
            if state["errored_operations"]:
                self.read_failures(state["response_body_url"])

    def read_failures(self, url):
        with tarfile.open(fileobj=io.BytesIO(fetch_results(url)), mode="r:gz") as archive:
            for member in archive:
                text = archive.extractfile(member).read() if member.isfile() else b""
                for result in json.loads(text) if text else []:
                    gone = result["status_code"] == 404 and result["operation_id"].startswith(GONE)
                    if result["status_code"] >= 400 and not gone:
                        self.failures.add(result["operation_id"], result["response"])


def _put(path, body, **params):
    operation = {
        "method": "PUT",
        "path": path,
        "operation_id": path.rsplit("/", 1)[1],
        "body": json.dumps(body),
    }
    if params:
        operation["params"] = params
    return operation


def _chunks(things, size):
    return [things[start : start + size] for start in range(0, len(things), size)]


def main(settings, memory_path):
    connection, memory = Connection(settings), Memory(memory_path)
    mailchimp, failures = connection.mailchimp(), Failures()
    work = gather(connection, memory, mailchimp)
    if not work.is_empty():
        if work.first:
            create_store(connection, mailchimp)
        Bulk(connection, memory, mailchimp, failures).write(work)
        if work.first:
            finish_store(connection, mailchimp)
    memory.save()
    failures.report()


if __name__ == "__main__":
    main(*sys.argv[1:])
