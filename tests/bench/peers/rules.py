"""What becomes of a QuickBooks record in Mailchimp: the rules that all the scripts share."""

import hashlib
import re

EMAIL = re.compile(
    r"^(?!\.)(?!.*\.\.)[^\s@,;<>()\[\]\"\\]{1,64}(?<!\.)@([^\W_]([\w-]*[^\W_])?\.)+[^\W_]([\w-]*[^\W_])?$"
)
ROLES = set(
    "abuse admin billing compliance devnull dns ftp hostmaster inoc ispfeedback ispsupport list "
    "list-request maildaemon noc no-reply noreply null phish phishing postmaster privacy registrar "
    "root security spam support sysadmin tech undisclosed-recipients unsubscribe usenet uucp "
    "webmaster www".split()
)
SAMPLES = re.compile(r"@(.+\.)?example\.(com|org|net)$", re.IGNORECASE)
OTHER = "item_other"
PREFIX = {"Invoice": "inv_", "SalesReceipt": "sr_"}


def member_hash(email):
    return hashlib.md5(email.lower().encode()).hexdigest()


def first_email(field):
    """The first valid address of a field that may list several."""
    for part in re.split("[,;]", field or ""):
        if EMAIL.match(part.strip()) and len(part.strip()) <= 100:
            return part.strip()
    return None


def contact(row):
    """The part of a customer that a script keeps between runs."""
    address = row.get("BillAddr") or row.get("ShipAddr") or {}
    merge = {
        "FNAME": (row.get("GivenName") or "").strip(),
        "LNAME": (row.get("FamilyName") or "").strip(),
    }
    full = {
        "addr1": address.get("Line1", ""),
        "addr2": address.get("Line2", ""),
        "city": address.get("City", ""),
        "state": address.get("CountrySubDivisionCode", ""),
        "zip": address.get("PostalCode", ""),
        "country": _country(address.get("Country")),
    }
    if all(full[part].strip() for part in ("addr1", "city", "state", "zip")) and full["country"]:
        merge["ADDRESS"] = full
    return {
        "email": first_email((row.get("PrimaryEmailAddr") or {}).get("Address")),
        "parent": (row.get("ParentRef") or {}).get("value"),
        "active": row.get("Active", True),
        "project": row.get("IsProject", False),
        "merge": {tag: value for tag, value in merge.items() if value},
    }


def _country(name):
    known = {"usa": "US", "us": "US", "united states": "US", "canada": "CA", "ca": "CA", "can": "CA"}
    name = (name or "US").strip()
    return known.get(name.lower(), name.upper() if len(name) == 2 else None)


def may_receive(email):
    return email.split("@")[0].lower() not in ROLES and not SAMPLES.search(email)


def email_of(customers, customer_id):
    """The address that a customer's sales go to: the own one, else that of the customer above."""
    for _ in range(6):
        kept = customers.get(customer_id)
        if kept is None:
            return None
        if kept["email"] and not kept["project"]:
            return kept["email"] if may_receive(kept["email"]) else None
        customer_id = kept["parent"]
    return None


def product(row):
    item = f"item_{row['Id']}"
    body = {"id": item, "title": row["Name"].removesuffix(" (deleted)")}
    variant = dict(body)
    if row.get("Description"):
        body["description"] = row["Description"]
    if row.get("Sku"):
        variant["sku"] = row["Sku"]
    if row.get("UnitPrice") is not None:
        variant["price"] = row["UnitPrice"]
    body["variants"] = [variant]
    return body


def other_product():
    return {"id": OTHER, "title": "Other", "variants": [{"id": OTHER, "title": "Other"}]}


def order_id(entity, row):
    return PREFIX[entity] + row["Id"]


def order(entity, row, email, products, currency):
    """The order that a document becomes, or None: voided, worth nothing, in another currency."""
    total = row.get("TotalAmt", 0)
    if not email or total <= 0 or (row.get("CurrencyRef") or {}).get("value", currency) != currency:
        return None
    lines, discount, shipping = [], 0, 0
    for line in _flat(row.get("Line", [])):
        kind = line.get("DetailType")
        if kind == "DiscountLineDetail":
            discount += line.get("Amount", 0)
        if kind != "SalesItemLineDetail" or line.get("Amount", 0) < 0:
            continue
        detail = line["SalesItemLineDetail"]
        item = (detail.get("ItemRef") or {}).get("value")
        if item == "SHIPPING_ITEM_ID":
            shipping += line.get("Amount", 0)
        elif item:
            name = f"item_{item}" if f"item_{item}" in products else OTHER
            lines.append(_line(name, detail.get("Qty", 1), line.get("Amount", 0)))
    lines = lines or [_line(OTHER, 1, total)]
    return {
        "id": order_id(entity, row),
        "customer": {"id": member_hash(email), "email_address": email, "opt_in_status": False},
        "currency_code": currency,
        "order_total": total,
        "tax_total": (row.get("TxnTaxDetail") or {}).get("TotalTax", 0),
        "discount_total": round(discount, 2),
        "shipping_total": round(shipping, 2),
        "processed_at_foreign": row["TxnDate"] + "T00:00:00+00:00",
        "lines": [dict(line, id=str(number)) for number, line in enumerate(lines, 1)],
    }


def _flat(lines):
    for line in lines:
        if line.get("DetailType") == "GroupLineDetail":
            yield from line["GroupLineDetail"].get("Line", [])
        else:
            yield line


def _line(name, quantity, amount):
    if quantity < 1 or quantity != int(quantity):
        quantity = 1
    return {
        "product_id": name,
        "product_variant_id": name,
        "quantity": int(quantity),
        "price": round(amount / int(quantity), 4),
    }
