//! Licences on the command line.

use clap::Args;
use mlicense_core::{
    batch::KeyContents,
    error::{ErrorKind, Refusal},
    id::LicenseType,
    time::Term,
    wallet::LotKind,
};

/// Which licences, and what they are good for.
#[derive(Clone, Debug, Args)]
pub(crate) struct Contents {
    /// Licences of a type, such as camera=40; repeat it for further types
    #[arg(required = true, value_name = "TYPE=N", value_parser = quantity)]
    quantities: Vec<(LicenseType, u32)>,
    /// What they are good for: a subscription of so many months, or host, device, expansion, upgrade
    #[arg(long = "for", value_name = "MONTHS|KIND", default_value = "12", value_parser = kind)]
    kind: LotKind,
}

impl Contents {
    pub(crate) fn read(&self) -> Vec<KeyContents> {
        let of = |(license_type, quantity): &(LicenseType, u32)| KeyContents {
            license_type: license_type.clone(),
            kind: self.kind,
            quantity: *quantity,
        };
        self.quantities.iter().map(of).collect()
    }
}

/// Takes a count of a type of licence, such as `camera=40`.
pub(crate) fn quantity(text: &str) -> Result<(LicenseType, u32), Refusal> {
    let expected = "a type of licence and a number, such as camera=40";
    let refused = || refusal("quantity", text, expected);
    let (license_type, count) = text.split_once('=').ok_or_else(refused)?;
    Ok((license_type.parse()?, count.parse().map_err(|_| refused())?))
}

/// Takes what licences are good for: a number of months, or the name of another kind.
pub(crate) fn kind(text: &str) -> Result<LotKind, Refusal> {
    Ok(match text {
        "host" => LotKind::Host,
        "device" => LotKind::Device,
        "expansion" => LotKind::Expansion,
        "upgrade" => LotKind::Upgrade,
        months => {
            let expected = "a number of months, host, device, expansion or upgrade";
            let months = months.parse().map_err(|_| refusal("kind", text, expected))?;
            LotKind::Subscription(Term::months(months)?)
        }
    })
}

pub(crate) fn refusal(field: &str, value: &str, expected: &str) -> Refusal {
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", field)
        .with("value", value)
        .with("expected", expected)
}
