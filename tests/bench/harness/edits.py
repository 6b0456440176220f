"""The edits between the second and the third job, as somebody would make them in QuickBooks."""

SHARE = 100
VOIDED, DELETED = 10, 10


def choose(size, books, expected):
    """One in a hundred customers and documents changed, ten invoices voided, ten documents deleted.

    Gives the edits for `POST /_sim/mutate` and how many there are of each kind. Changed documents
    are such as nobody has paid or credited yet, so that only their own total moves.
    """
    customers = [row for row in books["Customer"] if row["Id"] in expected.owners]
    active = {row["Id"] for row in books["Item"] if row.get("Active", True)}
    open_ = [
        (entity, row)
        for entity in ("Invoice", "SalesReceipt")
        for row in books[entity]
        if _name(entity, row) in expected.orders and not row.get("LinkedTxn") and _item(row) in active
    ]
    some_customers = _spread(customers, size.customers // SHARE)
    some = _spread(open_, size.documents // SHARE)
    taken = {_name(entity, row) for entity, row in some}
    rest = [(entity, row) for entity, row in open_ if _name(entity, row) not in taken]
    voided = _spread([row for entity, row in rest if entity == "Invoice"], VOIDED)
    gone = {row["Id"] for row in voided}
    deleted = _spread([(entity, row) for entity, row in rest if row["Id"] not in gone], DELETED)

    edits = [_customer(number, row) for number, row in enumerate(some_customers)]
    edits += [_document(entity, row) for entity, row in some]
    edits += [{"edit": "void", "id": row["Id"]} for row in voided]
    edits += [{"edit": "delete", "entity": entity, "id": row["Id"]} for entity, row in deleted]
    counts = {"customers": len(some_customers), "documents": len(some), "removed": len(voided) + len(deleted)}
    return edits, counts


def _name(entity, row):
    return {"Invoice": "inv_", "SalesReceipt": "sr_"}[entity] + row["Id"]


def _item(row):
    """The first item that stands on a line of a document."""
    for line in row.get("Line", []):
        item = line.get("SalesItemLineDetail", {}).get("ItemRef", {}).get("value", "")
        if item.isdigit():
            return item
    return None


def _spread(rows, count):
    """This many rows, at even distances."""
    if len(rows) < count:
        raise ValueError(f"{count} records to edit are wanted and {len(rows)} are there")
    return [rows[number * len(rows) // count] for number in range(count)]


def _customer(number, row):
    """Every other one got a new name, the rest have moved."""
    if number % 2 == 0:
        change = {"FamilyName": f"Newname {number}"}
    else:
        change = {
            "BillAddr": {
                "Line1": f"{number} New Street",
                "City": "Bangor",
                "CountrySubDivisionCode": "ME",
                "PostalCode": "04401",
            }
        }
    return {"edit": "update", "entity": "Customer", "id": row["Id"], "set": change}


def _document(entity, row):
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 21.75,
        "SalesItemLineDetail": {"ItemRef": {"value": _item(row)}, "Qty": 3, "UnitPrice": 7.25},
    }
    return {"edit": "update", "entity": entity, "id": row["Id"], "set": {"Line": [line]}}
