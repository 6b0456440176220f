"""What has to stand in Mailchimp after a job: worked out from QuickBooks' own answers, with none of
the code that is measured.

Checked is the essential outcome, on which Ledgerpost and every script agree: each active customer
with a usable address of their own is a tagged contact, each sale of such a customer in the home
currency is an order with the right total, and no other sale is.
"""

import hashlib
import json
import re
import urllib.parse

from .simulator import call
from .state import read_orders, read_people

ROLES = set(
    "abuse admin billing compliance devnull dns ftp hostmaster inoc ispfeedback ispsupport list "
    "list-request maildaemon noc no-reply noreply null phish phishing postmaster privacy registrar "
    "root security spam support sysadmin tech undisclosed-recipients unsubscribe usenet uucp "
    "webmaster www".split()
)
ADDRESS = re.compile(r"^[^\s@,;]+@[^\s@,;.]+(\.[^\s@,;.]+)+$")
LISTS = ("Customer", "Item")
SALES = {"Invoice": "inv_", "SalesReceipt": "sr_"}
# Statuses of people to whom nobody may write.
CLOSED = ("archived", "cleaned", "forgotten")


def read_books(simulator, settings):
    """All rows by entity, read page by page; `None` stands for one that QuickBooks cannot deliver."""
    return {
        entity: _read(simulator, settings, entity, 1, 1000)
        for entity in ("Customer", "Item", "Invoice", "SalesReceipt", "CreditMemo", "Payment")
    }


def _read(simulator, settings, entity, start, count):
    rows = []
    while True:
        page = _page(simulator, settings, entity, start, count)
        rows += page
        if len(page) < count:
            return [row for row in rows if row is not None]
        start += count


def _page(simulator, settings, entity, start, count):
    where = " WHERE Active IN (true, false)" if entity in LISTS else ""
    query = f"SELECT * FROM {entity}{where} ORDERBY Id STARTPOSITION {start} MAXRESULTS {count}"
    company = settings["quickbooks"]
    status, _, body = call(
        "GET",
        f"{company['api_url']}/company/{company['realm_id']}/query?"
        + urllib.parse.urlencode({"query": query, "minorversion": 75}),
        headers={"Authorization": f"Bearer {company['access_token']}", "Accept": "application/json"},
    )
    if status == 400 and b"4002" in body:
        if count == 1:
            return [None]
        half = count // 2
        first = _page(simulator, settings, entity, start, half)
        return first + _page(simulator, settings, entity, start + half, count - half)
    if status != 200:
        raise RuntimeError(f"cannot read {entity}: {status}")
    return json.loads(body)["QueryResponse"].get(entity, [])


def usable(field):
    """The first valid address of a field that may list several, if it may get mail."""
    for part in re.split("[,;]", field or ""):
        part = part.strip()
        if ADDRESS.match(part) and len(part) <= 100:
            domain = part.rsplit("@", 1)[1].lower()
            fine = part.split("@")[0].lower() not in ROLES and not re.search(r"(^|\.)example\.(com|org|net)$", domain)
            return part.lower() if fine else None
    return None


def hash_of(email):
    return hashlib.md5(email.lower().encode()).hexdigest()


class Expected:
    """The essential end state for one set of books and the audience as it was before."""

    def __init__(self, books, people_before, currency):
        self.contacts, self.owners = set(), {}
        for row in books["Customer"]:
            email = usable((row.get("PrimaryEmailAddr") or {}).get("Address"))
            open_ = email and people_before.get(hash_of(email)) not in CLOSED
            if open_ and row.get("Active", True) and not row.get("IsProject", False):
                self.contacts.add(hash_of(email))
                self.owners[row["Id"]] = email
        credits = _credits(books)
        self.orders = {}
        self.stale = set()
        for entity, prefix in SALES.items():
            for row in books[entity]:
                name, cents = prefix + row["Id"], _cents(row.get("TotalAmt", 0))
                home = (row.get("CurrencyRef") or {}).get("value", currency) == currency
                if cents <= 0:
                    self.stale.add(name)
                elif home and (row.get("CustomerRef") or {}).get("value") in self.owners:
                    credited = credits.get(row["Id"], 0) if entity == "Invoice" else 0
                    # Credited in full, it is an order for who does not follow credits only.
                    if cents > credited:
                        self.orders[name] = {cents - credited: "credited", cents: "plain"}
        self.known = {prefix + row["Id"] for entity, prefix in SALES.items() for row in books[entity]}

    def check(self, state, list_id, store_id, tag):
        """Compares with what stands in Mailchimp; counts what is wrong."""
        people, orders = read_people(state, list_id), read_orders(state, store_id)
        missing = [key for key in self.contacts if key not in people]
        untagged = [key for key in self.contacts if key in people and tag.lower() not in people[key]["tags"]]
        absent = [name for name in self.orders if name not in orders]
        wrong = [name for name, totals in self.orders.items() if name in orders and orders[name] not in totals]
        uncredited = sum(
            1
            for name, totals in self.orders.items()
            if len(totals) == 2 and name in orders and totals.get(orders[name]) == "plain"
        )
        # An order whose document is gone, voided or worth nothing.
        stale = [name for name in orders if name in self.stale or name not in self.known]
        return {
            "contacts_expected": len(self.contacts),
            "contacts_missing": len(missing),
            "contacts_untagged": len(untagged),
            "orders_expected": len(self.orders),
            "orders_missing": len(absent),
            "orders_wrong_total": len(wrong),
            "orders_stale": len(stale),
            "orders_credit_ignored": uncredited,
            "correct": not (missing or untagged or absent or wrong or stale),
        }


def _credits(books):
    """Cents of credit memos by invoice id: through payments of 0, or the memo's own reference."""
    credits = {}
    for payment in books["Payment"]:
        if _cents(payment.get("TotalAmt", 0)) != 0:
            continue
        for line in payment.get("Line", []):
            for linked in line.get("LinkedTxn", []):
                if linked["TxnType"] == "Invoice":
                    credits[linked["TxnId"]] = credits.get(linked["TxnId"], 0) + _cents(line["Amount"])
    for memo in books["CreditMemo"]:
        invoice = (memo.get("InvoiceRef") or {}).get("value")
        if invoice:
            credits[invoice] = credits.get(invoice, 0) + _cents(memo["TotalAmt"])
    return credits


def _cents(amount):
    return round(float(amount) * 100)
