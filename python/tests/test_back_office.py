"""`examples/python/back_office`: imports, renewals, answers, charts, and its HTTPS endpoint."""

import csv
import datetime
import http.client
import ipaddress
import json
import pathlib
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from back_office import answering, charts, demo, endpoint, importing, renewals
from mlicense import Client, Ledger, Signer
from mlicense.testing import Clock
from support import UTC, at

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples/python"
CUSTOMERS = EXAMPLES / "back_office/data/customers.csv"
HISTORY = EXAMPLES / "back_office/data/history.csv"


class Office:
    """A back office on 2026-11-22 with the books of the example."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.place = str(folder / "vendor.mlicense")
        demo.begin(self.place, folder / "keys")
        self.root, self.daily = (
            Signer.from_seed((folder / f"keys/{name}.seed").read_bytes())
            for name in ("root", "daily")
        )
        self.clock = Clock(at("2026-11-22"))
        self.ledger = Ledger.open(self.place, clock=self.clock)


@pytest.fixture
def office(tmp_path: pathlib.Path) -> Iterator[Office]:
    office = Office(tmp_path)
    with office.ledger:
        yield office


@pytest.fixture
def books(office: Office) -> Office:
    importing.take_in(office.ledger, CUSTOMERS, HISTORY)
    return office


def test_a_rehearsal_says_what_happens_and_does_nothing(office: Office) -> None:
    before = office.ledger.verify()
    rehearsed = importing.rehearse(office.ledger, CUSTOMERS, HISTORY)
    assert office.ledger.verify() == before
    done = importing.take_in(office.ledger, CUSTOMERS, HISTORY)
    assert rehearsed.done == done.done
    assert done.done == {"customer": 4, "start": 4, "buy": 6, "allocate": 3, "renew": 2}
    assert [(what, row["customer"]) for what, row, _ in done.refused] == [
        ("customer", "nowhere"),
        ("allocate", "school"),
    ]
    assert [str(fault) for *_, fault in rehearsed.refused] == [
        str(fault) for *_, fault in done.refused
    ]


def test_a_file_that_is_given_again_does_nothing_again(books: Office) -> None:
    def events() -> int:
        return len(list(books.ledger.journal(kind="allocated")))

    before = events()
    again = importing.take_in(books.ledger, CUSTOMERS, HISTORY)
    assert again.done["allocate"] == 3
    assert events() == before


def test_a_report_counts_and_names(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert importing.tell(importing.rehearse(office.ledger, CUSTOMERS, HISTORY)) == 1
    shown = capsys.readouterr().out
    assert "What would happen" in shown
    assert "EXCEEDS_NEED" in shown
    assert importing.tell(importing.Report(rehearsed=False)) == 0


def test_renewals_are_listed_by_partner(books: Office, capsys: pytest.CaptureFixture[str]) -> None:
    found = renewals.renewals(books.ledger)
    assert [(one.partner, one.customer, str(one.on)) for one in found] == [
        ("direct", "school", "2027-11-03"),
        ("north", "orchard", "2027-03-01"),
        ("north", "harbour", "2027-06-01"),
        ("south", "museum", "2027-10-20"),
    ]
    school, orchard, harbour, museum = found
    assert (school.missing_now, orchard.missing_now, museum.missing_now) == (6, 0, 40)
    assert (harbour.needed, harbour.missing, harbour.held) == (24, 24, 9)
    renewals.tell(books.ledger, None)
    assert "To renew: north" in capsys.readouterr().out
    renewals.tell(books.ledger, datetime.date(2026, 11, 23))
    assert "Nothing is to be renewed." in capsys.readouterr().out


def test_the_drawn_wallet_ends_with_what_the_ledger_says(books: Office) -> None:
    for customer in ("orchard", "harbour", "museum", "school"):
        subscription = books.ledger.customers[customer].subscriptions["vms"]
        levels = charts.wallet_levels(books.ledger, subscription)
        # The step before today's is counted from events, and today's is asked of the ledger.
        assert levels[-1][0] == datetime.date(2026, 11, 22)
        assert levels[-1][1] == levels[-2][1] == sum(subscription.wallet.usable.values())


def test_a_picture_is_drawn(books: Office, tmp_path: pathlib.Path) -> None:
    for customer in ("orchard", "school"):
        picture = tmp_path / f"{customer}.png"
        charts.draw(books.ledger, books.ledger.customers[customer].subscriptions["vms"], picture)
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size > 20_000


def installation(office: Office) -> Client:
    """The customer's own system, which tells what the books told in its place."""
    host = {"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "4c4c-orchard"}]}
    return Client("vms", [office.root.public_key], facts=host, clock=office.clock)


def request(client: Client) -> bytes:
    return client.request("system", system="orchard-2", customer="orchard", devices={"camera": 1})


def test_requests_in_a_folder_are_answered(books: Office, tmp_path: pathlib.Path) -> None:
    client = installation(books)
    (tmp_path / "orchard.server.request").write_bytes(request(client))
    assert answering.answer_folder(books.ledger, tmp_path, books.daily) == 0
    assert client.accept((tmp_path / "orchard.server.answer").read_bytes()).changed
    (tmp_path / "nobody.request").write_bytes(request(client))
    assert answering.answer_folder(books.ledger, tmp_path, books.daily) == 1


def certificate(folder: pathlib.Path) -> pathlib.Path:
    """A certificate for this machine that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, plain))
    return path


def test_an_installation_is_answered_over_https(books: Office, tmp_path: pathlib.Path) -> None:
    chain = certificate(tmp_path)
    server = endpoint.Endpoint(("127.0.0.1", 0), books.ledger, books.daily, chain)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    trusting = ssl.create_default_context(cafile=str(chain))

    def post(body: bytes, path: str = "/request", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", server.server_port, context=trusting, timeout=10
        )
        try:
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    try:
        client = installation(books)
        status, answer = post(request(client))
        assert status == 200
        assert client.accept(answer).changed
        assert client.check("vms")
        status, told = post(b"nonsense", **{"Accept-Language": "fr"})
        assert status == 422
        assert json.loads(told)["name"] == "DOCUMENT_MALFORMED"
        assert post(b"x", path="/elsewhere")[0] == 404
        assert post(b"x" * (endpoint.BODY_BYTES_MAX + 1))[0] == 413
        books.ledger.close()
        assert post(request(client))[0] in {422, 503}
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def test_the_command_line_does_it_all(tmp_path: pathlib.Path) -> None:
    def office(*arguments: object) -> tuple[int, str]:
        command = [sys.executable, "-m", "back_office", *map(str, arguments)]
        run = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr

    ledger = tmp_path / "vendor.mlicense"
    assert office("begin", ledger, tmp_path / "keys")[0] == 0
    assert (tmp_path / "keys/root.seed").stat().st_mode & 0o77 == 0
    code, told = office("load", ledger, CUSTOMERS, HISTORY, "--dry-run")
    assert (code, "What would happen" in told) == (1, True)
    assert office("due", ledger) == (0, "Nothing is to be renewed.\n")
    assert office("load", ledger, CUSTOMERS, HISTORY)[0] == 1
    code, told = office("due", ledger)
    assert (code, "museum" in told) == (0, True)
    assert office("chart", ledger, "orchard", "vms", tmp_path / "orchard.png")[0] == 0
    code, told = office("chart", ledger, "nobody", "vms", tmp_path / "nobody.png")
    assert code == 1
    assert "CUSTOMER_UNKNOWN" in told
    assert office()[0] == 2


def test_the_books_of_the_example_hold_no_real_names() -> None:
    with CUSTOMERS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row["name"].startswith("Example ") for row in rows)
    assert all(row["email"].endswith(".example") for row in rows)
