"""Claims of the usual kinds of licences; the engine reckons when a day of a zone begins."""

from __future__ import annotations

from mlicense._native import simple_claims
from mlicense._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime

    from typing_extensions import Self

__all__ = ["SimpleClaims"]


class SimpleClaims(Value):
    """Claims with constructors for the usual kinds of licences."""

    __slots__ = ()

    @classmethod
    def perpetual(cls, product: str, licensee: str, *, issued_at: datetime | None = None) -> Self:
        """Claims without an end, from the day of issue in UTC on.

        Args:
            product: The product's id.
            licensee: Who is licensed, to be shown.
            issued_at: An aware datetime; now when left out.

        Returns:
            The claims.

        Examples:
            >>> LicenseClaims.perpetual("editor", "Example Ltd").kind
            LicenseKind.PERPETUAL
        """
        return cls._read(simple_claims("perpetual", product, licensee, issued_at=issued_at))

    @classmethod
    def with_updates(
        cls,
        product: str,
        licensee: str,
        until: date,
        *,
        zone: str,
        issued_at: datetime | None = None,
    ) -> Self:
        """Claims without an end, for all versions released before a day.

        Args:
            product: The product's id.
            licensee: Who is licensed, to be shown.
            until: The first day whose versions are not covered.
            zone: The IANA time zone in which that day begins.
            issued_at: An aware datetime; now when left out.

        Returns:
            The claims.

        Examples:
            >>> from datetime import date
            >>> claims = LicenseClaims.with_updates(
            ...     "editor", "Example Ltd", date(2027, 3, 1), zone="UTC")
            >>> claims.licensed.until, claims.updates_until.day
            (None, datetime.date(2027, 3, 1))
        """
        return cls._read(
            simple_claims(
                "updates_until", product, licensee, until=until, zone=zone, issued_at=issued_at
            )
        )

    @classmethod
    def until(
        cls,
        product: str,
        licensee: str,
        until: date,
        *,
        zone: str,
        issued_at: datetime | None = None,
    ) -> Self:
        """Claims from the day of issue in UTC up to and not including a day.

        Args:
            product: The product's id.
            licensee: Who is licensed, to be shown.
            until: The first day that is not licensed.
            zone: The IANA time zone in which that day begins.
            issued_at: An aware datetime; now when left out.

        Returns:
            The claims.

        Raises:
            InputError: ``ZONE_UNKNOWN``, ``DATE_INVALID``.

        Examples:
            >>> from datetime import date
            >>> LicenseClaims.until("editor", "Example Ltd", date(2027, 3, 1), zone="Mars/Base")
            Traceback (most recent call last):
            mlicense.errors.InputError: ...
        """
        return cls._read(
            simple_claims("until", product, licensee, until=until, zone=zone, issued_at=issued_at)
        )

    @classmethod
    def trial(
        cls,
        product: str,
        licensee: str,
        *,
        start: date,
        until: date,
        zone: str,
        issued_at: datetime | None = None,
    ) -> Self:
        """Claims of a trial, from one day up to and not including another.

        Args:
            product: The product's id.
            licensee: Who is licensed, to be shown.
            start: The first day.
            until: The first day after the trial.
            zone: The IANA time zone in which those days begin.
            issued_at: An aware datetime; now when left out.

        Returns:
            The claims.
        """
        return cls._read(
            simple_claims(
                "trial",
                product,
                licensee,
                start=start,
                until=until,
                zone=zone,
                issued_at=issued_at,
            )
        )

    @classmethod
    def subscription(
        cls,
        product: str,
        licensee: str,
        *,
        start: date,
        until: date,
        zone: str,
        issued_at: datetime | None = None,
    ) -> Self:
        """Claims of a subscription, from one day up to and not including another.

        Args:
            product: The product's id.
            licensee: Who is licensed, to be shown.
            start: The first day.
            until: The first day that is not licensed.
            zone: The IANA time zone in which those days begin.
            issued_at: An aware datetime; now when left out.

        Returns:
            The claims.
        """
        return cls._read(
            simple_claims(
                "subscription",
                product,
                licensee,
                start=start,
                until=until,
                zone=zone,
                issued_at=issued_at,
            )
        )
