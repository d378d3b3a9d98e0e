"""Prints what the benches measured as one table: ours, peer, ratio, goal, met or not.

Usage: table.py CRITERION_FOLDER ring|aws-lc-rs [LOAD]
"""

import json
import sys
from pathlib import Path

# Group, ours, peer, the goal as a ratio (or None to show only), and which library signs.
RATIOS = [
    ("verify", "mlicense", "bare {library}", {"ring": 1.05, "aws-lc-rs": 1.08}),
    ("verify", "mlicense", "jsonwebtoken", {"aws-lc-rs": 1.0}),
    ("verify", "mlicense", "pasetors", {"ring": 1.0, "aws-lc-rs": 1.0}),
    ("sign", "mlicense", "bare {library}", {}),
    ("sign", "mlicense", "jsonwebtoken", {"aws-lc-rs": 1.0}),
    ("sign", "mlicense", "pasetors", {"ring": 1.0, "aws-lc-rs": 1.0}),
    ("seat at a site", "keep alive again", "bare update", {}),
    ("seat at a site", "capture and release", "bare update", {}),
]
# Nanoseconds more than the peer may take, or in all.
MORE = [("check", "by name", "clock", 30.0), ("check", "by feature", "clock", 8.0)]
IN_ALL = [
    ("seat", "capture", 200.0),
    ("seat", "release", 200.0),
    ("seat", "keep alive", 200.0),
    ("seat", "is held", 200.0),
    *(
        ("garbage", name, 20_000.0)
        for name in ("no parts", "dots", "a wrong header", "a stranger's key", "a byte too many")
    ),
    ("status", "licensed", 40.0),
    ("status", "in grace", 40.0),
    ("overlap", "credit", 15.0),
    ("code", "as printed", 300.0),
    ("code", "as typed", 300.0),
    ("fingerprint", "match", 500.0),
    ("a long customer", "from its snapshot", 1_000_000.0),
    ("customers of a partner", "first page", 5_000_000.0),
    ("customers of a partner", "page by e-mail", 5_000_000.0),
]


def median(folder: Path, group: str, name: str) -> float:
    """Nanoseconds a turn."""
    # Criterion writes another character where a name of a file cannot have one.
    path = folder / group / name.replace("'", "_") / "new/estimates.json"
    if not path.exists():
        path = folder / group / name / "new/estimates.json"
    estimates = json.loads(path.read_text(encoding="utf-8"))
    return float(estimates["median"]["point_estimate"])


def shown_name(group: str, name: str) -> str:
    return group if name == "mlicense" else f"{group}: {name}"


def row(what: str, ours: float, peer: str, figure: str, goal: str, met: bool | None) -> None:
    verdict = "" if met is None else "met" if met else "NOT MET"
    print(f"{what:36}{ours / 1000:>10.3f} µs  {peer:28}{figure:>12}  {goal:>12}  {verdict}")


def main() -> None:
    folder, library = Path(sys.argv[1]), sys.argv[2]
    print(f"signatures by {library}; medians")
    for group, name, peer, goals in RATIOS:
        other = peer.format(library=library)
        ours, theirs = median(folder, group, name), median(folder, group, other)
        goal, ratio = goals.get(library), ours / theirs
        limit = f"<= {goal:.2f}" if goal else ""
        met = ratio <= goal if goal else None
        shown = f"{other} {theirs / 1000:.1f} µs"
        row(shown_name(group, name), ours, shown, f"{ratio:.2f} x", limit, met)
    for group, name, peer, goal in MORE:
        ours, theirs = median(folder, group, name), median(folder, group, peer)
        more = ours - theirs
        shown = f"{peer} {theirs:.1f} ns"
        row(f"{group} {name}", ours, shown, f"+{more:.1f} ns", f"<= +{goal:.0f}", more <= goal)
    for group, name, goal in IN_ALL:
        ours = median(folder, group, name)
        limit = f"<= {goal / 1000:.0f} µs" if goal >= 1000 else f"<= {goal:.0f} ns"
        row(f"{group}: {name}", ours, "", "", limit, ours <= goal)


if __name__ == "__main__":
    main()
