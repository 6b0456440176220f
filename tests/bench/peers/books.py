"""Reads a QuickBooks company with Intuit's OAuth client and python-quickbooks."""

import re
import time
import warnings

import intuitlib.config
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.exceptions import QuickbooksException

ENTITIES = ["Item", "Customer", "Invoice", "SalesReceipt"]
LISTS = {"Item", "Customer"}
PAGE = 1000
FEED_LIMIT = 1000


class Books:
    """One company, signed in."""

    def __init__(self, settings, save_tokens):
        # The only two lines that differ from a script for the real service: where it is.
        intuitlib.config.DISCOVERY_URL["sandbox"] = settings["discovery_url"]
        QuickBooks.sandbox_api_url_v3 = settings["api_url"]

        fresh = settings["expires_at"] > time.time() + 60
        auth = AuthClient(
            settings["client_id"],
            settings["client_secret"],
            settings["redirect_uri"],
            "sandbox",
            access_token=settings["access_token"] if fresh else None,
            refresh_token=settings["refresh_token"],
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.client = QuickBooks(
                auth_client=auth,
                refresh_token=settings["refresh_token"],
                company_id=settings["realm_id"],
                minorversion=75,
            )
        if not fresh:
            save_tokens(auth.access_token, auth.refresh_token, time.time() + int(auth.expires_in))
        self.unreadable = []

    def load(self):
        """Everything, as rows by entity, and the time to ask for changes from next time."""
        cursor, rows = None, {}
        for entity in ENTITIES:
            rows[entity] = []
            for page, answered in self._pages(entity, "Active IN (true, false)" if entity in LISTS else ""):
                cursor = cursor or answered
                rows[entity] += page
        return rows, cursor

    def changes(self, since):
        """What changed since, deleted records included, and the next time to ask from."""
        try:
            answer = self.client.change_data_capture(",".join(ENTITIES), since)
        except QuickbooksException as error:
            if not _is_poisoned(error):
                raise
            return self._changes_one_by_one(since)
        rows = _feed_rows(answer)
        if sum(map(len, rows.values())) >= FEED_LIMIT:
            return self._changes_one_by_one(since)
        return rows, answer["time"]

    def _changes_one_by_one(self, since):
        """The feed holds 1,000 objects: ask for each entity, and query one that is still too long."""
        cursor, rows = None, {}
        for entity in ENTITIES:
            try:
                answer = self.client.change_data_capture(entity, since)
                cursor = cursor or answer["time"]
                rows[entity] = _feed_rows(answer)[entity]
                long = len(rows[entity]) >= FEED_LIMIT
            except QuickbooksException as error:
                if not _is_poisoned(error):
                    raise
                rows[entity], long = [], True
            if long:
                where = f"MetaData.LastUpdatedTime >= '{since}'"
                if entity in LISTS:
                    where += " AND Active IN (true, false)"
                stubs = [row for row in rows[entity] if row.get("status") == "Deleted"]
                rows[entity] = stubs + [row for page, _ in self._pages(entity, where) for row in page]
        return rows, cursor or since

    def _pages(self, entity, where):
        start = 1
        while True:
            page, answered = self._page(entity, where, start, PAGE)
            yield page, answered
            if len(page) + len(self._skipped) < PAGE:
                return
            start += PAGE

    def _page(self, entity, where, start, count):
        """A page; when one record makes QuickBooks refuse it, halves of it until that is alone."""
        if count == PAGE:
            self._skipped = []
        select = f"SELECT * FROM {entity}"
        if where:
            select += f" WHERE {where}"
        select += f" ORDERBY Id STARTPOSITION {start} MAXRESULTS {count}"
        try:
            answer = self.client.query(select)
        except QuickbooksException as error:
            if not _is_poisoned(error):
                raise
            if count == 1:
                self._skipped.append((entity, start))
                self.unreadable.append((entity, start))
                return [], None
            half = count // 2
            first, answered = self._page(entity, where, start, half)
            second, other = self._page(entity, where, start + half, count - half)
            return first + second, answered or other
        return answer["QueryResponse"].get(entity, []), answer["time"]


def _feed_rows(answer):
    rows = {entity: [] for entity in ENTITIES}
    for group in answer["CDCResponse"][0]["QueryResponse"]:
        for entity in ENTITIES:
            rows[entity] += group.get(entity, [])
    return rows


def _is_poisoned(error):
    return str(error.error_code) == "4002" or re.search("email address entered is invalid", str(error.detail or ""))
