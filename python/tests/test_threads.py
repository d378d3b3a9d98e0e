"""Threads and asyncio: one ledger or client, many callers, and nobody holds up the others."""

import asyncio
import concurrent.futures
import datetime
import pathlib
import threading

from mlicense import (
    Client,
    Ledger,
    License,
    LicenseClaims,
    Receipt,
    Refusal,
    commands,
    queries,
    views,
)
from mlicense.testing import Clock
from support import ROOT, Shop, at, blocked


def test_eight_threads_give_commands_to_one_ledger(shop: Shop) -> None:
    def register(number: int) -> str:
        command = commands.RegisterCustomer(customer=f"t{number}", zone="UTC")
        return shop.ledger.execute(command).events[0].stream

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        streams = list(pool.map(register, range(200)))
    assert len(set(streams)) == 200
    assert sum(customer.id.startswith("t") for customer in shop.ledger.customers) == 200


def test_threads_that_want_the_same_thing_get_it_once(shop: Shop) -> None:
    def register(number: int) -> str:
        try:
            shop.ledger.customers.create("wanted", zone="UTC")
        except Refusal as refusal:
            return refusal.name
        return f"thread {number}"

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        got = list(pool.map(register, range(16)))
    assert sum(name.startswith("thread") for name in got) == 1
    assert got.count("CUSTOMER_ALREADY_REGISTERED") == 15


def test_asyncio_gives_commands_by_threads(shop: Shop) -> None:
    async def register(number: int) -> int:
        command = commands.RegisterCustomer(customer=f"a{number}", zone="UTC")
        receipt = await asyncio.to_thread(shop.ledger.execute, command)
        return len(receipt.events)

    async def main() -> tuple[list[int], views.Overview]:
        done = await asyncio.gather(*(register(number) for number in range(50)))
        query = queries.Overview(customer="a7")
        return done, await asyncio.to_thread(shop.ledger.query, query)

    done, overview = asyncio.run(main())
    assert done == [1] * 50
    assert overview.products == {}


def test_a_loop_goes_on_while_a_command_waits_for_the_file(shop: Shop) -> None:
    command = commands.RegisterCustomer(customer="c2", zone="UTC")

    async def main() -> Receipt:
        with blocked(shop.path) as unblock:
            waiting = asyncio.create_task(asyncio.to_thread(shop.ledger.execute, command))
            # The writer would give up after 5 seconds: a loop that is held up comes too late.
            for _ in range(20):
                await asyncio.sleep(0.01)
            assert not waiting.done()
            unblock()
        return await waiting

    assert asyncio.run(main()).events[0].kind == "registered"


def test_a_clock_is_read_by_all_threads(tmp_path: pathlib.Path) -> None:
    clock = Clock(at("2026-03-01"))
    client = Client("editor", [ROOT.public_key], clock=clock)
    claims = LicenseClaims.until(
        "editor", "Example Ltd", at("2026-04-01").date(), zone="UTC", issued_at=clock.now
    )
    client.accept(License.issue(claims, ROOT))
    feature = client.feature("editor")
    ended = threading.Event()
    seen: list[bool] = []

    def watch() -> None:
        while not ended.is_set():
            seen.append(bool(feature))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        watching = [pool.submit(watch) for _ in range(4)]
        while not seen:
            pass
        for _ in range(40):
            clock.advance(datetime.timedelta(days=1))
        ended.set()
        concurrent.futures.wait(watching)
    assert seen[0]
    assert not feature
    with Ledger.create(tmp_path / "vendor.mlicense", clock=clock) as ledger:
        assert ledger.execute(commands.RegisterCustomer(customer="c1", zone="UTC")).at == at(
            "2026-04-10"
        )
