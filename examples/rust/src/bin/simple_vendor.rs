//! The simplest vendor, without a ledger: make a signing key, sign a licence.
//!
//! `simple_vendor INPUT.json FOLDER` writes `root.key`, `root.pub` and `PRODUCT.license`.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use mlicense_core::{
    document::{Feature, License, LicenseClaims, Moment, SeatTerms},
    id::FeatureId,
    time::{Day, Instant},
};
use mlicense_examples::{Done, input, make_key, short};
use serde::Deserialize;

#[derive(Deserialize)]
struct Sale {
    product: String,
    licensee: String,
    issued_at: Instant,
    until: Day,
    #[serde(default)]
    features: BTreeMap<FeatureId, Feature>,
    seats: Option<SeatTerms>,
}

fn main() -> Done {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (Some(sale), Some(folder)) = (args.next(), args.next()) else {
        return Err("usage: simple_vendor INPUT.json FOLDER".into());
    };
    let sale: Sale = input(&sale)?;
    let root = make_key(&folder.join("root.key"))?;
    fs::write(folder.join("root.pub"), root.public_key().to_string())?;
    println!("The vendor makes a signing key, {}.", short(root.public_key().thumbprint()));

    let (product, until) = (sale.product.parse()?, Moment::utc(sale.until));
    let mut claims = LicenseClaims::until(product, &sale.licensee, sale.issued_at, until);
    (claims.features, claims.seats) = (sale.features, sale.seats);
    let license = License::issue(&claims, &root)?;
    fs::write(folder.join(format!("{}.license", sale.product)), &license)?;
    println!(
        "It signs a licence of `{}` for {}, up to and not including {}: {} bytes.",
        sale.product,
        sale.licensee,
        sale.until,
        license.len()
    );
    Ok(())
}
