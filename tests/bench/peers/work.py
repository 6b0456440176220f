"""What the scripts share: their settings, what they remember between runs, and what is to be done."""

import hashlib
import json
import os
import sys
from datetime import datetime, timedelta

import mailchimp_marketing
import requests

import rules
from books import Books

OVERLAP = timedelta(minutes=1)
RETRIES = 5


class Connection:
    """The settings file: where everything is, and the tokens."""

    def __init__(self, path):
        self.path = path
        with open(path) as file:
            self.all = json.load(file)
        self.list_id = self.all["mailchimp"]["list_id"]
        self.store_id = self.all["store_id"]
        self.tag = self.all["tag"]
        self.currency = self.all["currency"]
        self.poll = self.all["poll"]

    def books(self):
        return Books(self.all["quickbooks"], self._save_tokens)

    def mailchimp(self):
        settings = self.all["mailchimp"]
        client = mailchimp_marketing.Client()
        client.set_config({"access_token": settings["access_token"], "server": settings["server"]})
        # The only line that differs from a script for the real service: where it is.
        client.api_client.host = settings["host"]
        return client

    def _save_tokens(self, access, refresh, expires_at):
        self.all["quickbooks"].update(access_token=access, refresh_token=refresh, expires_at=expires_at)
        _write(self.path, self.all)


class Memory:
    """What a script remembers between runs, in one JSON file."""

    def __init__(self, path):
        self.path = path
        self.kept = {
            "cursor": None,
            "segment": None,
            "customers": {},
            "products": {},
            "members": {},
            "orders": {},
            "closed": [],
        }
        if os.path.exists(path):
            with open(path) as file:
                self.kept = json.load(file)

    def __getitem__(self, name):
        return self.kept[name]

    def __setitem__(self, name, value):
        self.kept[name] = value

    def save(self):
        _write(self.path, self.kept)


def _write(path, content):
    with open(path + ".new", "w") as file:
        json.dump(content, file)
    os.replace(path + ".new", path)


class Work:
    """Everything that one run has to write."""

    def __init__(self):
        self.first = False
        self.products = []
        self.new_members = []
        self.known_members = []
        self.new_orders = []
        self.changed_orders = []
        self.removed_orders = []

    def is_empty(self):
        return not (
            self.first or self.products or self.new_members or self.known_members
            or self.new_orders or self.changed_orders or self.removed_orders
        )


def gather(connection, memory, mailchimp):
    """Reads QuickBooks and works out what is to be written."""
    books = connection.books()
    work = Work()
    work.first = memory["cursor"] is None
    if work.first:
        rows, cursor = books.load()
        statuses = audience(mailchimp, connection.list_id)
        memory["closed"] = [key for key, status in statuses.items() if status in ("archived", "cleaned")]
        memory["members"] = {key: None for key in statuses}
        work.products.append(rules.other_product())
        memory["products"][rules.OTHER] = ""
    else:
        rows, cursor = books.changes(memory["cursor"])
    memory["cursor"] = (datetime.fromisoformat(cursor) - OVERLAP).isoformat(timespec="seconds")

    for row in rows["Item"]:
        if row.get("status") != "Deleted" and row.get("Type") != "Category":
            body = rules.product(row)
            if _changed(memory["products"], body["id"], body):
                work.products.append(body)
    _members(rows["Customer"], memory, work)
    for entity in ("Invoice", "SalesReceipt"):
        _orders(entity, rows[entity], memory, work, connection.currency)
    return work


def _members(rows, memory, work):
    customers = memory["customers"]
    for row in rows:
        if row.get("status") != "Deleted":
            customers[row["Id"]] = rules.contact(row)
    closed, seen = set(memory["closed"]), set()
    for row in rows:
        kept = customers.get(row["Id"])
        if not kept or not kept["active"] or kept["project"] or not kept["email"]:
            continue
        email, key = kept["email"], rules.member_hash(kept["email"])
        if key in seen or key in closed or not rules.may_receive(email):
            continue
        seen.add(key)
        known = key in memory["members"]
        if _changed(memory["members"], key, kept["merge"]):
            (work.known_members if known else work.new_members).append((key, email, kept["merge"]))


def _orders(entity, rows, memory, work, currency):
    closed = set(memory["closed"])
    for row in rows:
        name = rules.order_id(entity, row)
        body = None
        if row.get("status") != "Deleted":
            customer = (row.get("CustomerRef") or {}).get("value")
            email = rules.email_of(memory["customers"], customer)
            # Somebody who is no contact gets no order: it would make them one.
            if email and rules.member_hash(email) in memory["members"] and rules.member_hash(email) not in closed:
                body = rules.order(entity, row, email, memory["products"], currency)
        if body is None:
            if memory["orders"].pop(name, None) is not None:
                work.removed_orders.append(name)
            continue
        known = name in memory["orders"]
        if _changed(memory["orders"], name, body):
            (work.changed_orders if known else work.new_orders).append(body)


def _changed(known, key, value):
    """Whether this is not what was written last; a customer whose balance moved is not changed."""
    print_ = hashlib.md5(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
    if known.get(key) == print_:
        return False
    known[key] = print_
    return True


def audience(mailchimp, list_id):
    """Everybody in the audience by hash, the archived included, with their status."""
    statuses = {}
    for extra in ({}, {"status": "archived"}):
        offset = 0
        while True:
            page = mailchimp.lists.get_list_members_info(
                list_id, fields=["members.id", "members.status", "total_items"], count=1000, offset=offset, **extra
            )
            statuses.update((member["id"], member["status"]) for member in page["members"])
            offset += 1000
            if offset >= page["total_items"]:
                break
    return statuses


def create_store(connection, mailchimp):
    mailchimp.ecommerce.add_store(
        {
            "id": connection.store_id,
            "list_id": connection.list_id,
            "name": "QuickBooks",
            "platform": "QuickBooks Online",
            "currency_code": connection.currency,
            "is_syncing": True,
        }
    )


def finish_store(connection, mailchimp):
    mailchimp.ecommerce.update_store(connection.store_id, {"is_syncing": False})


class Failures:
    """Records that Mailchimp refused; a script prints them and goes on."""

    def __init__(self):
        self.all = []

    def add(self, what, why):
        self.all.append((what, why))

    def report(self):
        for what, why in self.all[:20]:
            print(f"refused: {what}: {why}", file=sys.stderr)
        print(json.dumps({"refused": len(self.all)}))


def fetch_results(url):
    """A batch's results. The address is signed: no Authorization header."""
    answer = requests.get(url, timeout=120)
    answer.raise_for_status()
    return answer.content
