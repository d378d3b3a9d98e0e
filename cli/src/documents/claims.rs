//! What a licence to be issued says, from the command line or from JSON.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mlicense_core::{
    document::{Feature, LicenseClaims, LicenseKind, Moment, Span},
    error::{ErrorKind, Refusal},
    id::{CustomerId, DeviceId, FeatureId, ProductId, VendorId},
    signing::KeyId,
    time::{Day, Instant, Zone},
};

use crate::{
    context::Context,
    fault::{Fault, Result},
    files,
};

/// What the licence says.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the licence says")]
pub(crate) struct Claims {
    /// All of it as JSON, with the members of docs/formats.md; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["product", "kind", "until"])]
    claims: Option<PathBuf>,
    /// The product's id
    #[arg(long, value_name = "ID", required_unless_present = "claims")]
    product: Option<ProductId>,
    /// Who is licensed, to be shown
    #[arg(long, value_name = "NAME")]
    licensee: Option<String>,
    /// What sort of licence; one that ends is usually a subscription
    #[arg(long)]
    kind: Option<Kind>,
    /// The first licensed day; usually the day of issue
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// The first day that is not licensed
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// Days of grace after the licensed time
    #[arg(long, value_name = "N", requires = "until")]
    grace_days: Option<u32>,
    /// The first day whose versions are not covered
    #[arg(long, value_name = "DAY")]
    updates_until: Option<Day>,
    /// From this day on only a newer licence allows use
    #[arg(long, value_name = "DAY")]
    offline_until: Option<Day>,
    /// The time zone in which days begin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: Zone,
    /// A feature, such as export or export=5 for five at once; repeat it for further ones
    #[arg(long = "feature", value_name = "ID[=N]", value_parser = feature)]
    features: Vec<(FeatureId, Feature)>,
    /// A device that is covered; repeat it for further ones
    #[arg(long = "device", value_name = "ID")]
    devices: Vec<DeviceId>,
    /// The vendor's number of the licence
    #[arg(long)]
    serial: Option<String>,
    /// The customer's id
    #[arg(long, value_name = "ID")]
    customer: Option<CustomerId>,
    /// The vendor's id
    #[arg(long, value_name = "ID")]
    issuer: Option<VendorId>,
    /// The installation it is made for
    #[arg(long, value_name = "KEY_ID")]
    installation: Option<KeyId>,
}

/// The sort of a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// For one host or installation
    NodeLocked,
    /// Without an end
    Perpetual,
    /// For a site
    Site,
    /// For a paid time
    Subscription,
    /// To try the product
    Trial,
    /// Without an end, for versions up to a day
    UpdatesUntil,
}

impl Claims {
    /// Makes claims to be signed at `now`.
    pub(crate) fn read(self, context: &mut Context<'_>, now: Instant) -> Result<LicenseClaims> {
        if let Some(path) = &self.claims {
            return Ok(LicenseClaims::from_json(&files::read(context, path)?)?);
        }
        let moment = |day: Day| Moment::in_zone(day, self.zone);
        let from = moment(self.from.map_or_else(|| self.zone.day_at(now), Ok)?);
        let until = self.until.map(moment);
        let kind = self.kind();
        let product = self.product.ok_or_else(|| Fault::from(ErrorKind::Internal))?;
        let mut claims = LicenseClaims::new(kind, product, now);
        claims.licensed = Some(match until {
            Some(until) => Span::between(from, until),
            None => Span::starting(from),
        });
        if let (Some(days), Some(until)) = (self.grace_days, self.until) {
            let end = moment(until.plus_days(days)?);
            claims.grace = Some(Span::between(moment(until), end));
        }
        claims.updates_until = self.updates_until.map(moment);
        claims.offline_until = self.offline_until.map(moment);
        claims.features = self.features.into_iter().collect();
        claims.devices = (!self.devices.is_empty()).then_some(self.devices);
        (claims.licensee, claims.serial) = (self.licensee, self.serial);
        (claims.customer, claims.vendor) = (self.customer, self.issuer);
        claims.installation = self.installation;
        Ok(claims)
    }

    /// The sort that was named, or the one that the dates make it.
    const fn kind(&self) -> LicenseKind {
        match self.kind {
            Some(Kind::NodeLocked) => LicenseKind::NodeLocked,
            Some(Kind::Perpetual) => LicenseKind::Perpetual,
            Some(Kind::Site) => LicenseKind::Site,
            Some(Kind::Subscription) => LicenseKind::Subscription,
            Some(Kind::Trial) => LicenseKind::Trial,
            Some(Kind::UpdatesUntil) => LicenseKind::UpdatesUntil,
            None if self.until.is_some() => LicenseKind::Subscription,
            None if self.updates_until.is_some() => LicenseKind::UpdatesUntil,
            None => LicenseKind::Perpetual,
        }
    }
}

fn feature(text: &str) -> Result<(FeatureId, Feature), Refusal> {
    let Some((id, count)) = text.split_once('=') else {
        return Ok((text.parse()?, Feature::uncounted()));
    };
    let count = count.parse().map_err(|_| {
        Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "feature")
            .with("value", text)
            .with("expected", "an id, or an id and a number, such as export=5")
    })?;
    Ok((id.parse()?, Feature::counted(count)))
}
