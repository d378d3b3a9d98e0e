"""What cannot all be true: the rest of step 7."""

import re

from reader.form import ITEMS_MAX, Json, refuse
from reader.members import REQUESTS

FACTS_MAX = 64


def require(claim: bool) -> None:
    if not claim:
        refuse("CLAIMS_CONTRADICTORY")


def check_license(claims: Json) -> None:
    spans = [claims[one] for one in ("licensed", "grace") if one in claims]
    require(bool(spans))
    for span in spans:
        if until := span.get("until"):
            require(until["at"] > span["from"]["at"] and until["day"] >= span["from"]["day"])
    require("grace" not in claims or "until" in claims["grace"])
    start = min(span["from"]["at"] for span in spans)
    check_kind(claims)
    if "updates_until" in claims:
        require(claims["updates_until"]["at"] >= start)
    if "offline_until" in claims:
        require(claims["offline_until"]["at"] > claims["iat"])
    for feature in claims["features"].values():
        require(feature.get("quantity") != 0)
        require("until" not in feature or feature["until"]["at"] > start)
    if "lease_seconds" in claims.get("seats", {}):
        require(60 <= claims["seats"]["lease_seconds"] <= 3600)
    if "devices" in claims:
        devices = claims["devices"]
        require(1 <= len(devices) <= ITEMS_MAX and len(set(devices)) == len(devices))
    if "host" in claims:
        check_facts(claims["host"]["facts"])
        weights = sum(fact["weight"] for fact in claims["host"]["facts"])
        require(1 <= claims["host"]["threshold"] <= weights)


def check_kind(claims: Json) -> None:
    kind, licensed = claims["kind"], claims.get("licensed")
    ends = licensed is not None and "until" in licensed
    if kind in ("perpetual", "updates_until"):
        require(not ends)
    if kind == "updates_until":
        require("updates_until" in claims)
    if kind == "subscription":
        require(licensed is None or ends)
    if kind == "trial":
        require(ends)
    if kind == "node_locked":
        require("host" in claims or "installation" in claims)


def check_facts(facts: list[Json]) -> None:
    require(len(facts) <= FACTS_MAX)
    require(len({(fact["kind"], fact["digest"]) for fact in facts}) == len(facts))


def check_request(claims: Json) -> None:
    require(claims["kind"] in REQUESTS)
    kind, owner = claims["kind"], claims.get("owner", {})
    require("code" in claims or kind != "coupon")
    require("number" in claims or kind != "number")
    require("owner" in claims or kind not in ("register", "recover"))
    if kind == "register":
        require(owner.keys() >= {"company", "contact", "zone"})
    if owner:
        require(re.fullmatch(r"[^@]+@.+", owner["email"].strip()) is not None)
    require("system" in claims or claims["kind"] != "system")
    require(len(claims["devices"]) <= 100)
    if "host" in claims:
        check_facts(claims["host"]["facts"])


def check_answer(claims: Json) -> None:
    require("refusal" not in claims or "license" not in claims)


def check_revocations(claims: Json, signer: str) -> None:
    require(claims["next_update"] > claims["iat"])
    for one in ("licenses", "keys", "installations"):
        require(all(entry["at"] <= claims["iat"] for entry in claims.get(one, {}).values()))
    require(signer not in claims.get("keys", {}))
