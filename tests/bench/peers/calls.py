"""One Mailchimp call for each record, with the official client."""

import random
import time

from mailchimp_marketing.api_client import ApiClientError

RETRIES = 5


class Calls:
    """Pairs of a record and the function that writes it."""

    def __init__(self, connection, memory, mailchimp, failures):
        self.list_id, self.store_id, self.tag = connection.list_id, connection.store_id, connection.tag
        self.memory, self.failures = memory, failures
        self.lists, self.ecommerce = mailchimp.lists, mailchimp.ecommerce
        self.refused = set()

    def before_orders(self, work):
        yield from ((body, self.product) for body in work.products)
        yield from ((member, self.new_member) for member in work.new_members)
        yield from ((member, self.known_member) for member in work.known_members)

    def orders(self, work):
        for body in work.new_orders:
            if body["customer"]["id"] in self.refused:
                self.memory["orders"].pop(body["id"])
            else:
                yield body, self.new_order
        yield from ((body, self.changed_order) for body in work.changed_orders)
        yield from ((name, self.removed_order) for name in work.removed_orders)

    def product(self, body):
        self._try(
            body["id"],
            lambda: self.ecommerce.add_store_product(self.store_id, body),
            exists=lambda: self.ecommerce.update_store_product(self.store_id, body["id"], body),
        )

    def new_member(self, member):
        key, email, merge = member
        # Without tags: one that is given here can start an automation, and mail the person.
        body = {"email_address": email, "status": "transactional", "merge_fields": merge}
        done = self._try(
            "a contact",
            lambda: self.lists.add_list_member(self.list_id, body, skip_merge_validation=True),
            exists=lambda: self.known_member(member),
        )
        if done:
            self.add_tag(key)
        else:
            self.refused.add(key)
            self.memory["members"].pop(key, None)
            self.memory["closed"].append(key)

    def known_member(self, member):
        key, email, merge = member
        body = {"email_address": email, "status_if_new": "transactional", "merge_fields": merge}
        self._try(
            "a contact",
            lambda: self.lists.set_list_member(self.list_id, key, body, skip_merge_validation=True),
        )
        self.add_tag(key)

    def add_tag(self, key):
        tags = {"tags": [{"name": self.tag, "status": "active"}], "is_syncing": True}
        self._try("a tag", lambda: self.lists.update_list_member_tags(self.list_id, key, tags))

    def new_order(self, body):
        self._try(
            body["id"],
            lambda: self.ecommerce.add_store_order(self.store_id, body),
            exists=lambda: self.ecommerce.update_order(self.store_id, body["id"], body),
        )

    def changed_order(self, body):
        self._try(body["id"], lambda: self.ecommerce.update_order(self.store_id, body["id"], body))

    def removed_order(self, name):
        self._try(name, lambda: self.ecommerce.delete_order(self.store_id, name), gone_is_fine=True)

    def _try(self, what, call, exists=None, gone_is_fine=False):
        for attempt in range(RETRIES):
            try:
                call()
                return True
            except ApiClientError as error:
                status, text = error.status_code, str(error.text)
                if status == 404 and gone_is_fine:
                    return True
                if status == 400 and exists and "already" in text:
                    exists()
                    return True
                if status not in (None, 429) and status < 500 or attempt == RETRIES - 1:
                    self.failures.add(what, f"{status} {text}")
                    return False
                time.sleep(random.uniform(0.5, 1) * 2**attempt)
