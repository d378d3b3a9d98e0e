"""Pictures of a subscription that a sales person can read: need, wallet, coverage."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mlicense import Ledger, events
from mlicense.subscriptions import Subscription
from mlicense.views import NeedView

COVERED, MISSING, OPEN, NEEDED, GRACE = "#2a7f62", "#c44536", "#c9ccd1", "#333333", "#e0a030"
# The current period, and those about which anybody talks now.
PERIODS_SHOWN = 3


def draw(ledger: Ledger, subscription: Subscription, picture: Path) -> None:
    """Writes one picture with three charts over each other."""
    status, periods = subscription.status, [one for one in subscription.need if one.period]
    figure = Figure(figsize=(10, 11), layout="constrained")
    need, wallet, coverage = figure.subplots(3, 1, height_ratios=[3, 3, 2])
    name = ledger.products[subscription.product].view.name
    figure.suptitle(f"{subscription.customer}: {name}\n{status.text}", fontsize=15)
    draw_need(need, periods[:PERIODS_SHOWN])
    draw_wallet(wallet, wallet_levels(ledger, subscription))
    today = ledger.customers[subscription.customer].overview.today
    draw_coverage(coverage, periods[:PERIODS_SHOWN], status.grace_end, today)
    figure.savefig(picture, dpi=110)


def draw_need(axes: Axes, periods: list[NeedView]) -> None:
    """Licences needed and covered, a bar for each period."""
    axes.set_title("Licences needed and covered", loc="left", pad=12)
    for place, period in enumerate(periods):
        have, lack = sum(period.allocated.values()), sum(period.missing.values())
        want = sum(period.need.values())
        axes.bar(place, have, color=COVERED, width=0.5)
        axes.bar(place, lack, bottom=have, color=lacking(period), width=0.5)
        axes.hlines(want, place - 0.32, place + 0.32, colors=NEEDED, linewidth=2)
        above = (place, max(have + lack, want))
        text = f"{have} of {want}"
        axes.annotate(text, above, (0, 4), textcoords="offset points", ha="center")
    most = max((sum(one.need.values()) for one in periods), default=1)
    axes.set_ylim(0, max(most, 1) * 1.15)
    axes.set_xticks(range(len(periods)), [period_name(period) for period in periods])
    kinds = [("covered", COVERED), ("missing now", MISSING), ("not covered yet", OPEN)]
    handles = [Patch(color=colour, label=name) for name, colour in kinds]
    needed = Line2D([], [], color=NEEDED, linewidth=2, label="needed")
    axes.legend(
        handles=[*handles, needed], loc="lower right", bbox_to_anchor=(1, 1), ncols=4, frameon=False
    )
    finish(axes)


def draw_wallet(axes: Axes, levels: list[tuple[date, int]]) -> None:
    """Licences in the wallet over time."""
    axes.set_title("Licences in the wallet", loc="left", pad=12)
    days = [day.toordinal() for day, _ in levels]
    counts = [count for _, count in levels]
    axes.step(days, counts, where="post", color=COVERED, linewidth=2)
    axes.fill_between(days, counts, step="post", color=COVERED, alpha=0.15)
    axes.plot(days[-1:], counts[-1:], "o", color=COVERED)
    axes.annotate(
        f"{counts[-1]} now", (days[-1], counts[-1]), (0, 8), textcoords="offset points", ha="center"
    )
    axes.margins(x=0.06)
    axes.set_ylim(0, max(*counts, 1) * 1.2)
    finish(axes)
    name_days(axes)


def draw_coverage(axes: Axes, periods: list[NeedView], grace_end: date | None, today: date) -> None:
    """Which periods are covered, and where today is."""
    axes.set_title("Coverage", loc="left")
    for period in periods:
        start, end = span(period)
        left, width = start.toordinal(), (end - start).days
        lack = sum(period.missing.values())
        colour = lacking(period) if lack else COVERED
        axes.barh(0, width, left=left, height=0.5, color=colour, edgecolor="white")
        text = f"{lack} missing" if lack else "covered"
        ink = NEEDED if colour == OPEN else "white"
        axes.text(left + width / 2, 0, text, ha="center", va="center", color=ink)
    if grace_end and grace_end > today and periods and periods[0].missing:
        left = today.toordinal()
        axes.barh(0, grace_end.toordinal() - left, left=left, height=0.5, color=GRACE)
        last = grace_end - timedelta(days=1)
        axes.text(left, 0.3, f" runs in grace until {last:%d %b %Y}", color=NEEDED)
    axes.axvline(today.toordinal(), color=NEEDED, linestyle="--")
    axes.text(today.toordinal(), -0.48, f" today, {today:%d %b %Y}", va="bottom", color=NEEDED)
    finish(axes)
    name_days(axes)
    axes.set_yticks([])
    axes.set_ylim(-0.5, 0.5)
    axes.spines["left"].set_visible(False)


def lacking(period: NeedView) -> str:
    """The colour of what a period lacks: it matters now, or it can wait."""
    return OPEN if period.ahead else MISSING


def wallet_levels(ledger: Ledger, subscription: Subscription) -> list[tuple[date, int]]:
    """How many licences the wallet held after each day on which something came or went."""
    customer, levels = ledger.customers[subscription.customer], dict[date, int]()
    zone, count = customer.zone, 0
    for entry in customer.history:
        if getattr(entry.event, "product", None) != subscription.product:
            continue
        match entry.event:
            case events.KeyRedeemed(lots=lots) | events.LicensesStocked(lots=lots):
                count += sum(lot.quantity for lot in lots)
            case events.Compensated(lot=lot) if lot is not None:
                count += lot.quantity
            case events.Allocated(lines=lines):
                count -= sum(debit.quantity for line in lines for debit in line.debits)
            case events.LicensesVoided(debit=debit):
                count -= debit.quantity
            case _:
                continue
        levels[local_day(entry.at, zone)] = count
    if levels:
        levels.setdefault(min(levels) - timedelta(days=1), 0)
    today = customer.overview.today
    levels.setdefault(today, sum(subscription.wallet.usable.values()))
    return sorted(levels.items())


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day of a moment where the customer is."""
    return moment.astimezone(zone).date()


def span(period: NeedView) -> tuple[date, date]:
    """The first day of a period, and the first day after it."""
    if period.period is None:
        raise ValueError("nothing was started yet")
    return period.period.start, period.period.end


def period_name(period: NeedView) -> str:
    """A period as it stands under its bar."""
    start, end = span(period)
    return f"{start:%d %b %Y}\nto {end - timedelta(days=1):%d %b %Y}"


def name_days(axes: Axes) -> None:
    """Names days, where the axis counts them."""
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(lambda day, _: f"{date.fromordinal(int(day)):%d %b %Y}")


def finish(axes: Axes) -> None:
    """What all charts have."""
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
