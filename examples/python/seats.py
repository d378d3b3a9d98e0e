"""Three desks share the seats of one licence, through a file on their machine.

Usage: seats.py ROOT_KEY LICENSE SEATS [crash]

The vendor's key would be part of the program. With ``crash`` the program takes a seat and ends
without giving it back: it is free when its lease is over.
"""

import json
import os
import sys
from pathlib import Path

from mlicense import Client, Refusal, Seat, Site


def main(root: str, document: str, seats: str, *crash: str) -> None:
    client = Client("editor", [root])
    client.accept(Path(document).read_bytes())
    site = Site(Path(seats), client)
    if crash:
        sit(site, "a desk that crashes")
        sys.stdout.flush()
        os._exit(9)
    tell(site)
    desks = ["desk 1", "desk 2", "desk 3"]
    seated = {desk: sit(site, desk) for desk in desks}
    leave("desk 1", seated["desk 1"])
    seated["desk 3"] = seated["desk 3"] or sit(site, "desk 3")
    for desk in desks[1:]:
        seat = seated[desk]
        if seat:
            print(f"{desk} is there and holds [{', '.join(seat.keep_alive().captured)}]")
            leave(desk, seat)
    tell(site)


def sit(site: Site, desk: str) -> Seat | None:
    """Takes a seat, or tells why there is none."""
    try:
        seat = site.capture("export", holder=desk)
    except Refusal as refusal:
        print(f"{desk} waits: {refusal.number} {refusal.name}")
        return None
    print(f"{desk} has a seat")
    return seat


def leave(desk: str, seat: Seat | None) -> None:
    if seat:
        seat.release()
        print(f"{desk} goes home")


def tell(site: Site) -> None:
    print(json.dumps([usage.to_json() for usage in site.usage()], separators=(",", ":")))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
