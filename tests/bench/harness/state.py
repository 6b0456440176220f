"""Reads the simulator's account of what stands in Mailchimp (`GET /_sim/state?stable=1`)."""


def read_people(state, list_id):
    """Status and tags (lower case) of everybody in an audience by hash; `forgotten` are those whom
    Mailchimp deleted for good."""
    audience = next(row for account in state["accounts"] for row in account["lists"] if row["id"] == list_id)
    people = {hash_: {"status": "forgotten", "tags": []} for hash_ in audience["forgotten"]}
    for hash_, member in audience["members"].items():
        people[hash_] = {"status": member["status"], "tags": [tag.lower() for tag in member["tags"]]}
    return people


def read_orders(state, store_id):
    """Totals in cents by order id."""
    store = next((account["stores"][store_id] for account in state["accounts"] if store_id in account["stores"]), None)
    if store is None:
        return {}
    return {name: round(float(order["body"]["order_total"]) * 100) for name, order in store["orders"].items()}
