"""The Mailchimp half of the simulator, driven by Mailchimp's own client library."""

import hashlib
import io
import json
import os
import subprocess
import tarfile
import time
import urllib.request

import mailchimp_marketing
import pytest
from mailchimp_marketing.api_client import ApiClientError

API_KEY = "5f1d7a3c9e2b48d6a0c4e8f21b3d5a7c-us14"


@pytest.fixture(scope="module")
def mailchimp_base(tmp_path_factory):
    path = tmp_path_factory.mktemp("sim") / "services.json"
    command = [os.environ["LEDGERPOST_SIM"], "--services-file", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield json.loads(path.read_text())["mailchimp"]["token_url"].removesuffix("/oauth2/token")
        process.terminate()


@pytest.fixture()
def client(mailchimp_base):
    """A client for a simulator that has just been reset."""
    request = urllib.request.Request(f"{mailchimp_base}/_sim/reset", method="POST")
    urllib.request.urlopen(request).close()
    client = mailchimp_marketing.Client()
    client.set_config({"api_key": API_KEY})
    client.api_client.host = f"{mailchimp_base}/us14/3.0"
    client.api_client.server = ""
    yield client
    with urllib.request.urlopen(f"{mailchimp_base}/_sim/log") as answer:
        assert json.load(answer)["contract_violations"] == []


@pytest.fixture()
def audience(client):
    return client.lists.get_all_lists()["lists"][0]["id"]


def key(email):
    return hashlib.md5(email.lower().encode()).hexdigest()


def refused(call, *arguments):
    with pytest.raises(ApiClientError) as failure:
        call(*arguments)
    return failure.value.status_code, json.loads(failure.value.text)


def test_ping_and_root(client):
    assert client.ping.get() == {"health_status": "Everything's Chimpy!"}
    assert client.root.get_root()["account_id"]


def test_lists_and_their_limit(client):
    lists = client.lists.get_all_lists(count=1, fields=["lists.id", "constraints"])
    assert lists["constraints"]["max_instances"] == 5
    assert client.lists.get_list(lists["lists"][0]["id"])["stats"]["member_count"] >= 0
    assert client.lists.get_list_merge_fields(lists["lists"][0]["id"])["total_items"] == 5


def test_a_member_from_first_to_last(client, audience):
    email = "Urist.McVankab@freddies-jokes.test"
    member = client.lists.set_list_member(
        audience,
        key(email),
        {"email_address": email, "status_if_new": "transactional", "merge_fields": {"FNAME": "Urist"}},
    )
    assert (member["id"], member["status"]) == (key(email), "transactional")
    changed = client.lists.update_list_member(audience, key(email), {"merge_fields": {"LNAME": "McV"}})
    assert changed["full_name"] == "Urist McV"
    client.lists.update_list_member_tags(
        audience, key(email), {"tags": [{"name": "QuickBooks Online", "status": "active"}], "is_syncing": True}
    )
    tags = client.lists.get_list_member_tags(audience, key(email))
    assert [tag["name"] for tag in tags["tags"]] == ["QuickBooks Online"]
    status, problem = refused(
        client.lists.add_list_member, audience, {"email_address": email, "status": "subscribed"}
    )
    assert (status, problem["title"]) == (400, "Member Exists")
    client.lists.delete_list_member(audience, key(email))
    assert client.lists.get_list_member(audience, key(email))["status"] == "archived"


def test_many_members_at_once_and_a_segment(client, audience):
    emails = [f"person{number}@shop.test" for number in range(20)]
    rows = [{"email_address": email, "status": "transactional"} for email in emails]
    rows.append({"email_address": "foo@example.com", "status": "transactional"})
    done = client.lists.batch_list_members(audience, {"members": rows})
    assert (done["total_created"], done["error_count"]) == (20, 1)
    segment = client.lists.create_segment(audience, {"name": "Kiln club", "static_segment": []})
    moved = client.lists.batch_segment_members({"members_to_add": emails}, audience, segment["id"])
    assert moved["total_added"] == 20
    page = client.lists.get_list_members_info(audience, count=1000, status="transactional")
    assert len([m for m in page["members"] if m["email_address"] in emails]) == 20


def test_a_store_with_a_product_and_an_order(client, audience):
    client.ecommerce.add_store(
        {"id": "qbo_1", "list_id": audience, "name": "Shop", "currency_code": "USD", "is_syncing": True}
    )
    client.ecommerce.add_store_product(
        "qbo_1", {"id": "item_1", "title": "Mug", "variants": [{"id": "item_1", "title": "Mug"}]}
    )
    email = "dana@northfield.test"
    client.ecommerce.set_store_customer(
        "qbo_1", key(email), {"id": key(email), "email_address": email, "opt_in_status": False}
    )
    line = {"id": "1", "product_id": "item_1", "product_variant_id": "item_1", "quantity": 2, "price": 10.5}
    body = {"id": "inv_1", "customer": {"id": key(email)}, "currency_code": "USD", "order_total": 21, "lines": [line]}
    order = client.ecommerce.add_store_order("qbo_1", body)
    assert order["customer"]["total_spent"] == 21
    status, problem = refused(client.ecommerce.add_store_order, "qbo_1", body)
    assert status == 400 and "already exists" in problem["detail"]
    assert client.ecommerce.orders()["total_items"] == 1
    client.ecommerce.update_store("qbo_1", {"is_syncing": False})
    client.ecommerce.delete_order("qbo_1", "inv_1")
    client.ecommerce.delete_store("qbo_1")
    assert client.lists.get_list_member(audience, key(email))["status"] == "transactional"


def test_a_batch_and_its_archive(client, audience):
    operations = [
        {
            "method": "PUT",
            "path": f"/lists/{audience}/members/{key(email)}",
            "operation_id": email,
            "body": json.dumps({"email_address": email, "status_if_new": "transactional"}),
        }
        for email in (f"batch{number}@shop.test" for number in range(25))
    ]
    batch = client.batches.start({"operations": operations})
    until = time.monotonic() + 30
    while batch["status"] != "finished":
        assert time.monotonic() < until, "the batch did not finish"
        time.sleep(0.02)
        batch = client.batches.status(batch["id"])
    assert batch["errored_operations"] == 0
    with urllib.request.urlopen(batch["response_body_url"]) as answer:
        archive = tarfile.open(fileobj=io.BytesIO(answer.read()), mode="r:gz")
    results = []
    for entry in archive:
        text = archive.extractfile(entry).read() if entry.isfile() else b""
        results += json.loads(text) if text else []
    assert {row["operation_id"] for row in results} == {row["operation_id"] for row in operations}
    assert {row["status_code"] for row in results} == {200}


def test_errors_are_problem_documents(client, audience):
    status, problem = refused(client.lists.get_list, "nosuchlist")
    assert (status, problem["title"]) == (404, "Resource Not Found")
    status, problem = refused(
        client.lists.add_list_member, audience, {"email_address": "x@example.com", "status": "subscribed"}
    )
    assert "looks fake or invalid" in problem["detail"]
    client.set_config({"api_key": "0" * 32 + "-us14"})
    client.api_client.server = ""
    assert refused(client.ping.get)[0] == 401
