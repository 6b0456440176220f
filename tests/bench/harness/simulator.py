"""Starts a simulator, signs in to it as a script's owner would, and asks it what happened."""

import base64
import json
import os
import select
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

START_SECONDS = 120


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def call(method, url, body=None, headers=None, timeout=600):
    """One request; gives status, headers and body, and follows no redirect."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def call_json(method, url, body=None, headers=None):
    headers = dict(headers or {})
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    status, _, text = call(method, url, body, headers)
    if status >= 300:
        raise RuntimeError(f"{method} {urllib.parse.urlsplit(url).path}: {status} {text[:300]!r}")
    return json.loads(text) if text else None


def open_in_browser(url):
    """Follows redirects as a browser does, from the consent page to the waiting program."""
    for _ in range(6):
        status, headers, body = call("GET", url)
        if status not in (302, 303, 307):
            break
        url = urllib.parse.urljoin(url, headers["Location"])
    if status != 200:
        raise RuntimeError(f"signing in ended at {urllib.parse.urlsplit(url).path}: {status} {body[:200]!r}")


class Simulator:
    """A simulator in a process of its own."""

    def __init__(self, program, folder, size, latency_ms):
        self.services_path = os.path.join(folder, "services.json")
        self.log_path = os.path.join(folder, "simulator.log")
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(
                [
                    program,
                    "--services-file", self.services_path,
                    "--customers", str(size.customers),
                    "--items", str(size.items),
                    "--documents", str(size.documents),
                    "--seed", "1",
                    "--profile", "fast",
                    "--latency-ms", str(latency_ms),
                    "--auto-consent",
                    "--redirect-port", str(free_port()),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        with open(self.services_path) as file:
            self.services = json.load(file)
        self.quickbooks = _origin(self.services["quickbooks"]["api_base_url"])
        self.mailchimp = _origin(self.services["mailchimp"]["api_base_url"])

    def _wait(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        if not ready or self.process.stdout.readline().strip() != b"ready":
            raise RuntimeError(f"the simulator did not start; see {self.log_path}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # What it saw.

    def clear_log(self):
        for base in (self.quickbooks, self.mailchimp):
            call("DELETE", f"{base}/_sim/log")

    def log(self):
        return (
            call_json("GET", f"{self.quickbooks}/_sim/log"),
            call_json("GET", f"{self.mailchimp}/_sim/log"),
        )

    def mailchimp_state(self):
        return call_json("GET", f"{self.mailchimp}/_sim/state?stable=1")

    def mailings(self):
        return len(call_json("GET", f"{self.mailchimp}/_sim/mailings"))

    def trespasses(self):
        """Writes to people whom nobody may write to, and people brought closer to being mailed."""
        writes = call_json("GET", f"{self.mailchimp}/_sim/writes")
        # Nobody can know who was deleted for good before Mailchimp refuses them.
        closed = [write for write in writes["out_of_bounds"] if write["before"] != "forgotten"]
        return {"writes_to_closed_people": len(closed), "statuses_raised": len(writes["raised"])}

    def edit(self, edits):
        call_json("POST", f"{self.quickbooks}/_sim/mutate", edits)

    # Signing in.

    def sign_in(self):
        """The settings file of a script: where everything is, tokens and the first audience."""
        realm, quickbooks = self._tokens("quickbooks", {"scope": "com.intuit.quickbooks.accounting"})
        _, mailchimp = self._tokens("mailchimp", {})
        metadata = call_json(
            "GET",
            self.services["mailchimp"]["metadata_url"],
            headers={"Authorization": f"OAuth {mailchimp['access_token']}"},
        )
        host = metadata["api_endpoint"] + "/3.0"
        lists = call_json(
            "GET", f"{host}/lists?count=10", headers={"Authorization": f"Bearer {mailchimp['access_token']}"}
        )["lists"]
        company = self.services["quickbooks"]
        return {
            "quickbooks": {
                "client_id": company["client_id"],
                "client_secret": company["client_secret"],
                "redirect_uri": company["redirect_uri"],
                "discovery_url": f"{self.quickbooks}/.well-known/openid_sandbox_configuration",
                "api_url": f"{company['api_base_url']}/v3",
                "realm_id": realm,
                "access_token": quickbooks["access_token"],
                "refresh_token": quickbooks["refresh_token"],
                "expires_at": time.time() + int(quickbooks["expires_in"]),
            },
            "mailchimp": {
                "access_token": mailchimp["access_token"],
                "server": metadata["dc"],
                "host": host,
                "list_id": lists[0]["id"],
                "list_name": lists[0]["name"],
            },
            "store_id": f"qbo_{realm}",
            "tag": "QuickBooks Online",
            "currency": "USD",
        }

    def _tokens(self, name, extra):
        service = self.services[name]
        asked = {
            "client_id": service["client_id"],
            "response_type": "code",
            "redirect_uri": service["redirect_uri"],
            "state": "bench",
            **extra,
        }
        url = f"{service['authorize_url']}?{urllib.parse.urlencode(asked)}"
        for _ in range(5):
            status, headers, body = call("GET", url)
            if status not in (302, 303, 307):
                raise RuntimeError(f"{name}: the consent page answered {status} {body[:200]!r}")
            url = urllib.parse.urljoin(url, headers["Location"])
            if url.startswith(service["redirect_uri"]):
                break
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": service["redirect_uri"],
            "client_id": service["client_id"],
            "client_secret": service["client_secret"],
        }
        key = f"{service['client_id']}:{service['client_secret']}".encode()
        status, _, body = call(
            "POST",
            service["token_url"],
            urllib.parse.urlencode(form).encode(),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
                "Authorization": "Basic " + base64.b64encode(key).decode(),
            },
        )
        if status != 200:
            raise RuntimeError(f"{name}: no token: {status} {body[:200]!r}")
        return answer.get("realmId"), json.loads(body)


def _origin(url):
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
