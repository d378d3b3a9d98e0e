//! Examples in the docstrings of generated classes; the tests in Python run them.

use super::text::Class;

/// What classes are derived from, their names, and an example each.
const EXAMPLES: [(&str, &str, &str); 10] = [
    ("SimpleClaims", "LicenseClaims", LICENSE),
    ("Value", "KeyRingClaims", KEY_RING),
    ("Value", "RingKey", RING_KEY),
    ("Value", "TimeClaims", TIME),
    ("Calculation", "Period", PERIOD),
    ("Calculation", "Periods", PERIODS),
    ("Calculation", "Compensation", COMPENSATION),
    ("Calculation", "Wallet", WALLET),
    ("Calculation", "Growth", GROWTH),
    ("Calculation", "Prorata", PRORATA),
];

const LICENSE: &str = r#"
>>> from datetime import date
>>> from mlicense.documents import Feature, LicenseClaims
>>> claims = LicenseClaims.until(
...     "editor", "Example Ltd", date(2027, 3, 1), zone="Europe/Paris")
>>> print(claims.licensed.until.day, claims.licensed.until.at)
2027-03-01 2027-02-28 23:00:00+00:00
>>> counted = claims.replace(features={"export": Feature(quantity=5)})
>>> counted.features["export"].quantity
5
>>> License.issue(claims.replace(licensed=None), Signer.generate())
Traceback (most recent call last):
mlicense.errors.Refusal: the licence contradicts itself: ...
"#;

const KEY_RING: &str = r"
>>> from datetime import datetime, timezone
>>> from mlicense.documents import KeyRingClaims, RingKey
>>> now, root = datetime(2026, 3, 1, tzinfo=timezone.utc), Signer.generate()
>>> daily = RingKey(key=Signer.generate().public_key, valid_from=now)
>>> document = KeyRing.issue(KeyRingClaims(number=1, issued_at=now, keys=[daily]), root)
>>> KeyRing.verify(document, [root.public_key]).keys == (daily,)
True
";

const RING_KEY: &str = r#"
>>> from datetime import datetime, timezone
>>> from mlicense.documents import KeyRole, RingKey
>>> key = RingKey(
...     key="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
...     valid_from=datetime(2026, 3, 1, tzinfo=timezone.utc), role=KeyRole.LICENSES)
>>> key.key.key_id, str(key.role), key.valid_until
('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', 'licenses', None)
"#;

const TIME: &str = r#"
>>> from datetime import datetime, timezone
>>> root = Signer.generate()
>>> asked = Request.verify(Client("editor", [root.public_key]).request("trial"))
>>> noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
>>> document = TimeToken.issue(asked, root, issued_at=noon)
>>> token = TimeToken.verify(document, [root.public_key])
>>> token.claims.issued_at == noon, token.claims.installation == asked.installation
(True, True)
"#;

const PERIOD: &str = r"
>>> from datetime import date
>>> from mlicense.calculations import Period
>>> calculate(Period(anchor=date(2026, 1, 31), term_months=1, index=1))
PeriodRow(start=datetime.date(2026, 2, 28), end=datetime.date(2026, 3, 31), days=31)
";

const PERIODS: &str = r"
>>> from datetime import date
>>> from mlicense.calculations import Periods
>>> periods = Periods(anchor=date(2026, 1, 31), term_months=1, count=3)
>>> [row.days for row in calculate(periods)]
[28, 31, 30]
";

const COMPENSATION: &str = r"
>>> from datetime import date
>>> from mlicense.calculations import Compensation
>>> from mlicense.values import CompensationStep
>>> late = CompensationStep(
...     quantity=10, joined=date(2026, 3, 1), allocated=date(2026, 3, 31))
>>> given = calculate(Compensation(
...     start=date(2026, 3, 1), end=date(2027, 3, 1), grace_days=30, steps=[late]))
>>> given.ticks_per_license, given.steps[0].overlap_days, given.steps[0].credited
(133590, 30, 0)
";

const WALLET: &str = r"
>>> from datetime import date
>>> from mlicense.calculations import Wallet
>>> from mlicense.values import StoredLot
>>> lot = StoredLot(quantity=3, stored_on=date(2026, 3, 1))
>>> wallet = Wallet(lots=[lot], storage_years=5, today=date(2026, 6, 1), quantity=2)
>>> calculate(wallet).expires_on
(datetime.date(2031, 3, 1),)
>>> calculate(wallet.replace(quantity=4))
Traceback (most recent call last):
mlicense.errors.Refusal: the wallet holds 3 usable licences of type `any`, 4 are wanted
";

const GROWTH: &str = r"
>>> from mlicense.calculations import Growth
>>> calculate(Growth(base=10, allocated=10, devices=21, percent=100))
Growth(free=20, extra_now=1)
";

const PRORATA: &str = r"
>>> from mlicense.calculations import Prorata
>>> calculate(Prorata(price_cents=36_500, days_left=10, basis_days=365)).cents
1000
";

/// The example of a class, if it has one.
pub(crate) fn of(class: &Class<'_>) -> Option<&'static str> {
    let base = class.base.split('[').next();
    EXAMPLES
        .iter()
        .find(|(derived, name, _)| base == Some(*derived) && *name == class.name)
        .map(|(_, _, example)| *example)
}
