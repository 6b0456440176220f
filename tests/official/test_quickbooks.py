"""Intuit's and the community's client libraries against the simulator: sign-in, refresh, paging,
batch, escaping, change feed, revoke. The libraries are used as published; only addresses differ.

The clients under test are python-quickbooks and intuit-oauth from PyPI.
"""

import datetime
import json
import os
import subprocess
import urllib.parse

import pytest
import requests

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the simulator speaks plain http on loopback

from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_delete
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects import Customer, Invoice, Item, SalesReceipt
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail

CUSTOMERS = 230


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    path = tmp_path_factory.mktemp("sim") / "services.json"
    command = [
        os.environ["LEDGERPOST_SIM"],
        "--services-file",
        str(path),
        "--customers",
        str(CUSTOMERS),
        "--auto-consent",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield json.loads(path.read_text())["quickbooks"]
        process.terminate()


def control(services, path, body):
    response = requests.post(f"{services['api_base_url']}/_sim/{path}", json=body, timeout=10)
    response.raise_for_status()
    return response.json()


@pytest.fixture(scope="module")
def auth(services):
    client = AuthClient(
        client_id=services["client_id"],
        client_secret=services["client_secret"],
        redirect_uri=services["redirect_uri"],
        # An address in place of a name makes the library discover everything there.
        environment=f"{services['api_base_url']}/.well-known/openid_sandbox_configuration/",
    )
    url = client.get_authorization_url([Scopes.ACCOUNTING])
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)
    assert back["state"] == [client.state_token]
    client.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
    return client


@pytest.fixture(scope="module")
def books(services, auth):
    # The name decides which of the library's two addresses is used.
    auth.environment = "sandbox"
    QuickBooks.sandbox_api_url_v3 = f"{services['api_base_url']}/v3"
    return QuickBooks(
        auth_client=auth,
        refresh_token=auth.refresh_token,
        company_id=auth.realm_id,
        minorversion=75,
    )


def test_tokens_live_as_documented(auth):
    assert auth.expires_in == 3600
    assert auth.x_refresh_token_expires_in == 8726400


def test_refreshing_keeps_the_token_within_a_day(auth):
    before = (auth.access_token, auth.refresh_token)
    auth.include_refresh_token_hard_expires_in = True
    auth.refresh()
    assert auth.access_token != before[0]
    assert auth.refresh_token == before[1]


def test_a_wrong_refresh_token_is_an_invalid_grant(auth):
    with pytest.raises(AuthClientError) as error:
        auth.refresh(refresh_token="AB11-made-up")
    assert "invalid_grant" in str(error.value.content)


def test_paging_reaches_every_customer(books):
    seen = set()
    start = 1
    while True:
        page = Customer.where(
            "Active IN (true, false)", order_by="Id", start_position=start, max_results=100, qb=books
        )
        if not page:
            break
        seen.update(customer.Id for customer in page)
        start += len(page)
    assert len(seen) == CUSTOMERS
    assert Customer.count("Active IN (true, false)", qb=books) == CUSTOMERS


def test_sales_come_with_lines_and_decimals(books):
    receipts = SalesReceipt.all(max_results=50, qb=books)
    assert receipts
    assert all(receipt.Line for receipt in receipts)
    assert Item.filter(Type="Inventory", qb=books)


def test_an_apostrophe_survives_saving_and_filtering(books):
    customer = Customer()
    customer.DisplayName = "Amy's Bird Sanctuary"
    customer.GivenName = "Amy"
    customer.save(qb=books)
    found = Customer.filter(DisplayName="Amy's Bird Sanctuary", qb=books)
    assert [one.Id for one in found] == [customer.Id]
    customer.CompanyName = "Amy & Co"
    customer.save(qb=books)
    assert Customer.get(customer.Id, qb=books).SyncToken == "1"


def test_a_second_customer_of_the_same_name_is_refused(books):
    customer = Customer()
    customer.DisplayName = "amy's bird sanctuary"
    with pytest.raises(QuickbooksException) as error:
        customer.save(qb=books)
    assert error.value.error_code == 6240


def invoice_for(customer, amount):
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    invoice.Line.append(line)
    return invoice


def test_a_batch_creates_and_deletes(books):
    customer = Customer.filter(DisplayName="Amy's Bird Sanctuary", qb=books)[0]
    created = batch_create([invoice_for(customer, 10 + n) for n in range(45)], qb=books)
    assert len(created.successes) == 45, created.faults
    deleted = batch_delete(created.successes, qb=books)
    assert len(deleted.successes) == 45, deleted.faults
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(created.successes[0].Id, qb=books)


def test_an_invoice_is_voided(books):
    customer = Customer.filter(DisplayName="Amy's Bird Sanctuary", qb=books)[0]
    invoice = invoice_for(customer, 25)
    invoice.save(qb=books)
    invoice.void(qb=books)
    after = Invoice.get(invoice.Id, qb=books)
    assert after.TotalAmt == 0
    assert after.PrivateNote.startswith("Voided")


def test_the_change_feed_names_what_changed(books, services):
    since = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    control(services, "clock", {"advance_seconds": 7200})
    books.auth_client.refresh()
    books._start_session()
    control(services, "mutate", {"edit": "rename", "id": "3", "name": "Renamed in the screen"})
    changed = change_data_capture([Customer, Invoice], since.isoformat(), qb=books)
    assert [one.DisplayName for one in changed.Customer] == ["Renamed in the screen"]
    assert not hasattr(changed, "Invoice")


def test_revoking_ends_the_connection(books, auth):
    assert auth.revoke()
    with pytest.raises(AuthorizationException):
        Customer.all(qb=books)
