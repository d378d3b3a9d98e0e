//! Licences of what was found in a file of another system.

use std::path::Path;

use mlicense_core::{
    document::{Feature, License, LicenseClaims, LicenseKind, Moment, Span},
    error::{ErrorKind, Refusal},
    id::{BatchId, FeatureId, ProductId},
    signing::Signer,
    time::{Instant, Zone},
};

use super::{import::Came, keygen::Found};
use crate::{fault::Result, files};

/// What a licence has to be to be made again.
const USABLE: [&str; 4] = ["ACTIVE", "INACTIVE", "EXPIRING", "EXPIRED"];

/// Makes a licence of what was found, and says what it is; without a signer it only says so.
pub(super) fn issue(
    found: &Found,
    (product, now): (&ProductId, Instant),
    to: Option<(&Signer, &Path)>,
) -> Result<(Came, String)> {
    let claims = claims(found, product, now)?;
    let what = words(&claims);
    let Some((signer, folder)) = to else { return Ok((Came::Done, what)) };
    // An id has no character that leads to another folder.
    let name: BatchId = found.id.parse()?;
    let path = folder.join(format!("{name}.license"));
    if path.exists() {
        return Ok((Came::DoneBefore, what));
    }
    let document = License::issue(&claims, signer)?;
    files::make(&path, format!("{document}\n").as_bytes())?;
    Ok((Came::Done, what))
}

fn claims(found: &Found, product: &ProductId, now: Instant) -> Result<LicenseClaims> {
    let status = found.status.as_deref().unwrap_or("ACTIVE");
    if !USABLE.contains(&status) {
        return Err(Refusal::new(ErrorKind::NotLicensed)
            .with("feature", &found.id)
            .with("reason", format_args!("its status is {status}"))
            .into());
    }
    let kind = match found.expiry {
        Some(_) => LicenseKind::Subscription,
        None => LicenseKind::Perpetual,
    };
    let mut claims = LicenseClaims::new(kind, product.clone(), now);
    let from = moment(found.created.unwrap_or(now))?;
    claims.licensed = Some(match found.expiry {
        Some(expiry) => Span::between(from, moment(expiry)?),
        None => Span::starting(from),
    });
    claims.serial = Some(found.id.clone());
    claims.licensee.clone_from(&found.name);
    for code in &found.entitlements {
        claims.features.insert(code.parse::<FeatureId>()?, Feature::uncounted());
    }
    Ok(claims)
}

/// An instant of theirs, exactly, on the day in UTC on which it falls.
fn moment(at: Instant) -> Result<Moment> {
    let utc: Zone = "UTC".parse()?;
    Ok(Moment::new(utc.day_at(at)?, at)?)
}

fn words(claims: &LicenseClaims) -> String {
    let ends = claims.licensed.and_then(|licensed| licensed.until);
    let ends =
        ends.map_or_else(|| "without end".to_owned(), |until| format!("until {}", until.at()));
    let features: Vec<&str> = claims.features.keys().map(FeatureId::as_str).collect();
    let features =
        if features.is_empty() { String::new() } else { format!(", {}", features.join(", ")) };
    let serial = claims.serial.as_deref().unwrap_or("-");
    format!("{serial} {}, {ends}{features}", claims.product)
}
