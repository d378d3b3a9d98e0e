//! The vendor's side of a licence year, on one ledger file.
//!
//! `vendor INPUT.json FOLDER STEP` where STEP is `init`, `register`, `allocate` or `answer`; each
//! prints what it did in sentences, with figures that come from the ledger.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use mlicense_core::{
    access::Actor,
    batch::KeyContents,
    code::{Code, CodeFormat},
    error::Language,
    history::{Command, Envelope},
    id::{CommandId, CustomerId, LicenseType, ProductId},
    signing::{KeyRing, KeyRingClaims, RingKey},
    subscription::Quantities,
    time::Instant,
    view::{Overview, ProductStatus, Query, View, WalletView},
};
use mlicense_examples::{Done, input, make_key, read_key, short};
use mlicense_ledger::{Ledger, RequestFrom};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Year {
    vendor: String,
    product: Value,
    customer: Value,
    key_is_worth: Vec<KeyContents>,
    registered_at: Instant,
    redeemed_at: Instant,
    allocated_at: Instant,
    allocate: Quantities,
    answered_at: Instant,
}

fn main() -> Done {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (Some(year), Some(folder), Some(step)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: vendor INPUT.json FOLDER init|register|allocate|answer".into());
    };
    let (year, step) = (input(&year)?, step.to_string_lossy().into_owned());
    let vendor = Vendor::open(&folder, &step, year)?;
    match step.as_str() {
        "init" => vendor.init(),
        "register" => vendor.register(),
        "allocate" => vendor.allocate(),
        "answer" => vendor.answer(vendor.year.answered_at),
        other => Err(format!("there is no step `{other}`").into()),
    }
}

struct Vendor {
    year: Year,
    folder: PathBuf,
    ledger: Ledger,
    product: ProductId,
    customer: CustomerId,
}

impl Vendor {
    fn open(folder: &Path, step: &str, year: Year) -> Done<Self> {
        let path = folder.join("vendor.mlicense");
        let ledger = if step == "init" { Ledger::create(&path)? } else { Ledger::open(&path)? };
        let text = |value: &Value, name: &str| {
            value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let product = text(&year.product, "product").parse()?;
        let customer = text(&year.customer, "customer").parse()?;
        Ok(Self { folder: folder.to_owned(), ledger, product, customer, year })
    }

    fn init(&self) -> Done {
        let at = self.year.registered_at;
        let root = make_key(&self.folder.join("root.key"))?;
        let signer = make_key(&self.folder.join("signer.key"))?;
        fs::write(self.folder.join("root.pub"), root.public_key().to_string())?;
        let roots = [root.public_key()];
        self.run(at, &json!({"establish_vendor": {"vendor": self.year.vendor, "roots": roots}}))?;
        let ring = KeyRingClaims::new(1, at, vec![RingKey::new(signer.public_key(), at)]);
        let ring = KeyRing::issue(&ring, &root)?;
        self.run(at, &json!({"publish_key_ring": {"document": ring}}))?;
        println!(
            "The vendor makes a ledger, a root key {} and a signing key {}.",
            short(root.public_key().thumbprint()),
            short(signer.public_key().thumbprint())
        );
        self.run(at, &json!({"define_product": self.year.product}))?;
        println!(
            "It defines product `{}` under a subscription to a pool of licences.",
            self.product
        );
        let key = self.new_key()?;
        fs::write(self.folder.join("license-key.txt"), key.reveal())?;
        self.run(
            at,
            &json!({"issue_keys": {
                "batch": "first", "product": self.product,
                "contents": self.year.key_is_worth, "keys": [key.reveal()],
            }}),
        )?;
        let worth: u64 = self.year.key_is_worth.iter().map(|line| u64::from(line.quantity)).sum();
        println!("It issues licence key {key}, worth {worth} licences.");
        Ok(())
    }

    fn register(&self) -> Done {
        let at = self.year.registered_at;
        self.run(at, &json!({"register_customer": self.year.customer}))?;
        let request = fs::read_to_string(self.folder.join("request.jws"))?;
        let (customer, product) = (&self.customer, &self.product);
        self.run(at, &json!({"take_request": {"customer": customer, "request": request}}))?;
        let status = self.status(at)?;
        println!(
            "The vendor registers customer `{customer}` and its system; it needs {} licences.",
            sum(&status.need)
        );
        self.run(at, &json!({"start_subscription": {"customer": customer, "product": product}}))?;
        let status = self.status(at)?.status;
        let (Some(start), Some(end), Some(grace_end)) =
            (status.start, status.end, status.grace_end)
        else {
            return Err("the subscription has no dates".into());
        };
        println!(
            "Subscription has started on {start}, to {end} exclusive; grace to {grace_end} exclusive."
        );
        self.answer(at)
    }

    fn allocate(&self) -> Done {
        let at = self.year.redeemed_at;
        let (customer, product) = (&self.customer, &self.product);
        println!("On {at} the status is {}.", word(&self.status(at)?)?);
        let key = fs::read_to_string(self.folder.join("license-key.txt"))?;
        let redeem = json!({"customer": customer, "product": product, "key": key});
        self.run(at, &json!({"redeem_key": redeem}))?;
        println!("The key is redeemed: the wallet holds {}.", in_wallet(&self.wallet(at)?));

        let (at, before) = (self.year.allocated_at, self.status(self.year.redeemed_at)?.status);
        let quantities = &self.year.allocate;
        let allocate = json!({"customer": customer, "product": product, "quantities": quantities});
        self.run(at, &json!({"allocate": allocate}))?;
        let (after, wallet) = (self.status(at)?, self.wallet(at)?);
        let unchanged = (before.start, before.end) == (after.status.start, after.status.end);
        let [Some(start), Some(end)] = [after.status.start, after.status.end] else {
            return Err("the subscription has no dates".into());
        };
        println!(
            "{} licences are allocated on {at}; the period is {} [{start}, {end}).",
            sum(quantities),
            if unchanged { "unchanged," } else { "now" }
        );
        let returned = wallet
            .lots
            .iter()
            .filter(|row| row.lot.source == mlicense_core::wallet::LotSource::Compensation);
        let returned: u64 = returned.map(|row| u64::from(row.lot.quantity)).sum();
        println!(
            "{returned} licences are credited back, {} is carried; the wallet holds {}.",
            carried(&wallet, (end.days_since(start)).unsigned_abs().into()),
            in_wallet(&wallet)
        );
        println!("The status is {}.", word(&after)?);
        Ok(())
    }

    fn answer(&self, at: Instant) -> Done {
        let bytes = fs::read(self.folder.join("request.jws"))?;
        let signer = read_key(&self.folder.join("signer.key"))?;
        let from = RequestFrom { customer: Some(&self.customer), actor: &actor()?, bytes: &bytes };
        let answer = self.ledger.answer(from, &signer, at)?;
        fs::write(self.folder.join("answer.jws"), &answer)?;
        println!("The request is answered with {} signed bytes.", answer.len());
        Ok(())
    }

    fn new_key(&self) -> Done<Code> {
        let format = self.year.product.pointer("/definition/key_format").and_then(Value::as_str);
        let format: CodeFormat = format.ok_or("the product has no key_format")?.parse()?;
        let mut entropy = vec![0; format.entropy_bytes()];
        getrandom::fill(&mut entropy)?;
        Ok(Code::generate(&format, &entropy)?)
    }

    fn run(&self, at: Instant, command: &Value) -> Done {
        let mut id = [0; 16];
        getrandom::fill(&mut id)?;
        let id = CommandId::new(&data_encoding::HEXLOWER.encode(&id))?;
        let body = Command::from_json(command.to_string().as_bytes())?;
        self.ledger.execute(&Envelope { id, actor: actor()?, body }, at)?;
        Ok(())
    }

    fn status(&self, at: Instant) -> Done<ProductStatus> {
        let query = Query::Overview { customer: self.customer.clone(), language: Language::En };
        match self.ledger.query(&query, at)? {
            View::Overview(Overview { products, .. }) => {
                products.get(&self.product).cloned().ok_or_else(|| "no such product".into())
            }
            other => Err(format!("not an overview: {other:?}").into()),
        }
    }

    fn wallet(&self, at: Instant) -> Done<WalletView> {
        let (customer, product) = (self.customer.clone(), self.product.clone());
        match self.ledger.query(&Query::Wallet { customer, product }, at)? {
            View::Wallet(wallet) => Ok(wallet),
            other => Err(format!("not a wallet: {other:?}").into()),
        }
    }
}

fn actor() -> Done<Actor> {
    Ok(Actor::vendor("back-office".parse()?))
}

fn word(status: &ProductStatus) -> Done<String> {
    let word = serde_json::to_value(status.status.kind)?;
    Ok(word.as_str().unwrap_or_default().replace('_', " "))
}

fn sum(quantities: &Quantities) -> u64 {
    quantities.values().map(|quantity| u64::from(*quantity)).sum()
}

fn in_wallet(wallet: &WalletView) -> String {
    let line = |(license_type, count): (&LicenseType, &u64)| format!("{count} `{license_type}`");
    wallet.usable.iter().map(line).collect::<Vec<_>>().join(", ")
}

/// The carry as a fraction of the period's days: a day is ticks / days.
fn carried(wallet: &WalletView, days: u64) -> String {
    let fraction = |carry: &mlicense_core::view::Carry| {
        let day = carry.ticks_per_license.checked_div(days).unwrap_or(1).max(1);
        format!("{}/{days} of a licence", carry.ticks.checked_div(day).unwrap_or(0))
    };
    let carries: Vec<String> = wallet.carry.values().map(fraction).collect();
    if carries.is_empty() { "nothing".to_owned() } else { carries.join(", ") }
}
