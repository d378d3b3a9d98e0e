//! Registration numbers, by which a customer is known; and why there is no second customer for one
//! company.

use super::{Customer, CustomerEvent, Draft};
use crate::{
    batch::IssuedKey,
    catalogue::Catalogue,
    document::Request,
    error::{ErrorKind, Refusal, Result},
    id::PersonId,
    pseudonym::Pseudonym,
    time::Day,
};

/// Under what a customer registered, none of it readable.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Registration {
    /// The person to speak with.
    pub owner: PersonId,
    /// The company.
    pub company: Pseudonym,
    /// The address for mail.
    pub email: Pseudonym,
}

/// Why who asks for a number gets none; none when nothing speaks against it.
///
/// | this host has a number | this address has | for the same company | answer |
/// |---|---|---|---|
/// | no | no | either | a new number |
/// | no | yes | yes | 1059 |
/// | no | yes | no | 2022 |
/// | yes | yes | yes | 1059 |
/// | yes | yes | no | 2051 |
/// | yes | no | either | 2051 |
///
/// The company is compared with that of the customer who has the host, else of the one who has the
/// address (S-MK-10, S-MK-11, S-MK-12).
#[must_use]
pub const fn registered_before(
    same_host: bool,
    same_email: bool,
    same_company: bool,
) -> Option<ErrorKind> {
    match (same_host, same_email, same_company) {
        (false, false, _) => None,
        (_, true, true) => Some(ErrorKind::AlreadyHasNumber),
        (false, true, false) => Some(ErrorKind::EmailOfOtherCompany),
        (true, ..) => Some(ErrorKind::RegisteredDifferently),
    }
}

impl Customer {
    /// The numbers of the customer, masked; the newest is the last. Older ones stay valid.
    #[must_use]
    pub fn numbers(&self) -> &[IssuedKey] {
        &self.numbers
    }

    /// Under what the customer registered, when it did.
    #[must_use]
    pub const fn registration(&self) -> Option<&Registration> {
        self.registration.as_ref()
    }

    /// The day on which the newest number was given.
    pub(crate) const fn number_issued_on(&self) -> Option<Day> {
        self.number_issued_on
    }

    /// The newest number, when somebody asked for it as a forgotten one and nobody used it yet.
    pub(crate) const fn unused_number(&self) -> Option<&IssuedKey> {
        self.unused_number.as_ref()
    }

    pub(super) fn take_number(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::NumberIssued { number, issued_on, recovered, registration } => {
                self.numbers.push(number.clone());
                self.number_issued_on = Some(*issued_on);
                if *recovered {
                    self.unused_number = Some(number.clone());
                }
                if let Some(registration) = registration {
                    self.registration = Some(registration.clone());
                }
            }
            CustomerEvent::NumberUsed { .. } => self.unused_number = None,
            CustomerEvent::NumberSuperseded { number } => {
                self.numbers.retain(|known| known.digest != *number);
                self.unused_number = None;
            }
            _ => {}
        }
    }
}

impl Draft<'_> {
    /// Refuses what needs a number while the customer has none (S-MK-25).
    pub(crate) fn check_number(&mut self, catalogue: &Catalogue, request: &Request) -> Result<()> {
        let product = &request.fields().product;
        let needed = self.join_hosts(catalogue, product)?.policy().needs_number;
        if needed && self.customer.numbers.is_empty() {
            return Err(ErrorKind::NoNumber.into());
        }
        Ok(())
    }

    /// Gives up the claim to a machine.
    pub(crate) fn free_machine(&mut self, facts: Vec<String>, reason: &str) {
        self.record(CustomerEvent::MachineFreed { facts, reason: reason.to_owned() });
    }

    /// Gives the customer its first number, by which it registered.
    pub(crate) fn first_number(&mut self, number: IssuedKey, registration: Registration) {
        let (issued_on, registration) = (self.today, Some(registration));
        let recovered = false;
        self.record(CustomerEvent::NumberIssued { number, issued_on, recovered, registration });
    }

    /// Gives the customer a further number. One that somebody asked for as a forgotten one takes
    /// the place of the last such that nobody used, so that asking every day gathers none.
    pub(crate) fn issue_number(&mut self, number: IssuedKey, recovered: bool) -> Result<()> {
        let unused = self.customer.unused_number.clone().filter(|_| recovered);
        if let Some(IssuedKey { digest: number, .. }) = unused {
            self.record(CustomerEvent::NumberSuperseded { number });
        }
        if self.customer.numbers.len() >= Customer::NUMBERS_MAX {
            return Err(Refusal::over(
                "numbers of one customer:",
                Customer::NUMBERS_MAX.saturating_add(1),
                Customer::NUMBERS_MAX,
            ));
        }
        let (issued_on, registration) = (self.today, None);
        self.record(CustomerEvent::NumberIssued { number, issued_on, recovered, registration });
        Ok(())
    }

    /// Notes that a number was used which somebody asked for as a forgotten one.
    pub(crate) fn use_number(&mut self, is: impl FnOnce(&IssuedKey) -> bool) {
        let unused = self.customer.unused_number.clone();
        if let Some(IssuedKey { digest: number, .. }) = unused.filter(is) {
            self.record(CustomerEvent::NumberUsed { number });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_mk_10_s_mk_11_s_mk_12_host_address_and_company_tell_why_there_is_no_second_number() {
        use ErrorKind as K;
        let table = [
            ((false, false, false), None),
            ((false, false, true), None),
            ((false, true, false), Some((K::EmailOfOtherCompany, 2022))),
            ((false, true, true), Some((K::AlreadyHasNumber, 1059))),
            ((true, false, false), Some((K::RegisteredDifferently, 2051))),
            ((true, false, true), Some((K::RegisteredDifferently, 2051))),
            ((true, true, false), Some((K::RegisteredDifferently, 2051))),
            ((true, true, true), Some((K::AlreadyHasNumber, 1059))),
        ];
        for ((host, email, company), expected) in table {
            let found = registered_before(host, email, company);
            assert_eq!(found.map(|kind| (kind, kind.number())), expected);
        }
    }
}
