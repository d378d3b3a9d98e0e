//! The registration number that an installation keeps.

use mlicense_core::{
    code::Code,
    document::RequestKind,
    error::{ErrorKind, Refusal},
    time::Instant,
};

use crate::{Client, RequestDetails, error::Result};

impl Client {
    /// The registration number kept, all but its tail masked; none when there is none (S-MK-51).
    #[must_use]
    pub fn number(&self) -> Option<String> {
        let number = self.kept_number()?;
        Some(self.read_number(number).map_or_else(|_| "*".repeat(8), |code| code.masked()))
    }

    /// The registration number kept, in full: for whoever asked to see it.
    #[must_use]
    pub fn reveal_number(&self) -> Option<&str> {
        self.kept_number()
    }

    /// Writes a request to use a number here, as it was typed. It is kept once the vendor's answer
    /// is accepted; from then on every request bears it.
    ///
    /// None when this number is kept already: nobody needs to be asked (S-MK-17).
    ///
    /// # Errors
    /// [`ErrorKind::NumberLocked`] when another number is kept (S-MK-14);
    /// [`ErrorKind::CodeInvalid`], [`ErrorKind::CodeMistyped`] and
    /// [`ErrorKind::CodeForeignCharacter`] for what is no number, where the form of numbers is
    /// known ([`Options::number_format`](crate::Options::number_format)); as [`Client::request`].
    pub fn enter_number(&mut self, typed: &str) -> Result<Option<String>> {
        self.enter_number_at(typed, None)
    }

    /// As [`Client::enter_number`], at an instant given, if one is.
    ///
    /// # Errors
    /// As [`Client::enter_number`].
    pub fn enter_number_at(&mut self, typed: &str, now: Option<Instant>) -> Result<Option<String>> {
        let code = self.read_number(typed)?.reveal();
        match self.kept_number() {
            Some(kept) if kept == code => Ok(None),
            Some(_) => Err(Refusal::new(ErrorKind::NumberLocked).into()),
            None => self.ask_for(code, now).map(Some),
        }
    }

    /// Writes a request to use another number here than the one that is kept; see
    /// [`Client::enter_number`].
    ///
    /// The number kept stays until the answer is accepted.
    ///
    /// # Errors
    /// As [`Client::enter_number`], but for the lock.
    pub fn change_number(&mut self, typed: &str) -> Result<Option<String>> {
        self.change_number_at(typed, None)
    }

    /// As [`Client::change_number`], at an instant given, if one is.
    ///
    /// # Errors
    /// As [`Client::change_number`].
    pub fn change_number_at(
        &mut self,
        typed: &str,
        now: Option<Instant>,
    ) -> Result<Option<String>> {
        let code = self.read_number(typed)?.reveal();
        if self.kept_number() == Some(&code) {
            return Ok(None);
        }
        self.ask_for(code, now).map(Some)
    }

    /// Forgets the number (S-MK-34). Licences stay until they end; the vendor is not told, and this
    /// host stays bound (S-MK-35).
    ///
    /// # Errors
    /// [`ErrorKind::ConfirmationNeeded`] unless `confirmed` (S-MK-78); storage faults.
    pub fn remove_number(&mut self, confirmed: bool) -> Result<()> {
        if !confirmed {
            return Err(Refusal::new(ErrorKind::ConfirmationNeeded).into());
        }
        self.change_state(|state| state.number = None)
    }

    fn kept_number(&self) -> Option<&str> {
        self.state.number.as_ref().map(|number| number.0.as_str())
    }

    fn ask_for(&mut self, number: String, now: Option<Instant>) -> Result<String> {
        let details = RequestDetails { number: Some(number), ..RequestDetails::default() };
        let now = now.unwrap_or_else(|| self.present().now);
        self.request_at(RequestKind::Number, details, now)
    }

    /// A number as it is kept, however it was typed.
    fn read_number(&self, typed: &str) -> Result<Code, Refusal> {
        match &self.number_format {
            Some(format) => Code::parse(format, typed),
            None => Code::opaque(typed),
        }
    }

    /// Adds the number that is kept, and refuses what makes no sense with it or without it.
    pub(crate) fn numbered(
        &self,
        kind: RequestKind,
        details: RequestDetails,
    ) -> Result<RequestDetails, Refusal> {
        let typed = details.number.as_deref().map(|typed| self.read_number(typed));
        let typed = typed.transpose()?.map(|code| code.reveal());
        let kept = self.kept_number();
        let locked = match kind {
            RequestKind::Register => kept.is_some(),
            RequestKind::Number => false,
            _ => typed.as_deref().is_some_and(|typed| kept.is_some_and(|kept| kept != typed)),
        };
        if locked {
            return Err(ErrorKind::NumberLocked.into());
        }
        let number = typed.or_else(|| kept.map(ToOwned::to_owned));
        match kind {
            RequestKind::Coupon if number.is_none() && self.number_format.is_some() => {
                Err(ErrorKind::NoNumber.into())
            }
            RequestKind::Register | RequestKind::Recover => Ok(details),
            _ => Ok(RequestDetails { number, ..details }),
        }
    }
}
