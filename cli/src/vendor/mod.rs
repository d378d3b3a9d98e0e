//! The vendor's side: what a clerk does in a ledger.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    id::LicenseType,
};

/// Takes a count of a type of licence, such as `camera=40`.
pub(crate) fn quantity(text: &str) -> Result<(LicenseType, u32), Refusal> {
    let (license_type, count) = text.split_once('=').ok_or_else(|| not_a_quantity(text))?;
    Ok((license_type.parse()?, count.parse().map_err(|_| not_a_quantity(text))?))
}

fn not_a_quantity(text: &str) -> Refusal {
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "quantity")
        .with("value", text)
        .with("expected", "a type of licence and a number, such as camera=40")
}
