//! Rows of CSV.

use mlicense_core::{
    batch::KeyContents,
    error::Refusal,
    id::{CustomerId, LicenseType, ProductId, SystemId},
    time::{Day, Zone},
    wallet::LotKind,
};
use serde::Deserialize;

use crate::vendor;

/// So many licences of one type that a customer bought.
#[derive(Clone, Debug)]
pub(super) struct Bought {
    /// The line it stands on.
    pub(super) line: u64,
    /// The number of the purchase.
    pub(super) id: String,
    pub(super) customer: CustomerId,
    pub(super) zone: Zone,
    pub(super) product: ProductId,
    pub(super) contents: KeyContents,
    /// The day from which they are licensed.
    pub(super) start: Day,
    /// The system whose need they cover; without one they stay in the wallet.
    pub(super) system: Option<SystemId>,
}

/// A row as it stands in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    id: String,
    customer: CustomerId,
    zone: Zone,
    product: ProductId,
    license_type: LicenseType,
    quantity: u32,
    #[serde(rename = "for")]
    kind: String,
    start: Day,
    #[serde(default)]
    system: Option<SystemId>,
    /// What an export says beside.
    #[serde(default, rename = "left")]
    _left: Option<String>,
    #[serde(default, rename = "until")]
    _until: Option<String>,
}

/// Reads all rows; one that cannot be read is told with its line.
pub(super) fn read(bytes: &[u8]) -> Vec<(u64, Result<Bought, Refusal>)> {
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(bytes);
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return vec![(1, Err(unreadable(1, &error)))],
    };
    let mut rows = Vec::new();
    for (number, record) in (2_u64..).zip(reader.records()) {
        let line = record
            .as_ref()
            .ok()
            .and_then(|record| record.position())
            .map_or(number, ::csv::Position::line);
        let columns = record.and_then(|record| record.deserialize::<Columns>(Some(&headers)));
        let bought = columns
            .map_err(|error| unreadable(line, &error))
            .and_then(|columns| columns.read(line));
        rows.push((line, bought));
    }
    rows
}

fn unreadable(line: u64, error: &::csv::Error) -> Refusal {
    let detail = match error.kind() {
        ::csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells, and there are {expected_len} columns")
        }
        _ => error.to_string(),
    };
    vendor::refusal("row", &line.to_string(), &format!("readable: {detail}"))
}

impl Columns {
    fn read(self, line: u64) -> Result<Bought, Refusal> {
        let kind: LotKind = vendor::kind(&self.kind)?;
        if self.id.is_empty() {
            return Err(vendor::refusal("id", "", "the number of a purchase"));
        }
        if self.system.is_some() && !matches!(kind, LotKind::Subscription(_)) {
            return Err(vendor::refusal("system", &self.kind, "for a number of months"));
        }
        let (license_type, quantity) = (self.license_type, self.quantity);
        let contents = KeyContents { license_type, kind, quantity };
        let Self { id, customer, zone, product, start, system, .. } = self;
        Ok(Bought { line, id, customer, zone, product, contents, start, system })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id,customer,zone,product,license_type,quantity,for,start,system\n";

    fn one(row: &str) -> Result<Bought, Refusal> {
        read(format!("{HEAD}{row}\n").as_bytes()).remove(0).1
    }

    #[test]
    fn a_row_is_read_and_a_wrong_cell_is_told() {
        let bought = one("17,c1,Europe/Paris,vms,camera,10,12,2024-03-01,plant").unwrap();
        assert_eq!((bought.line, bought.contents.quantity), (2, 10));
        for (row, told) in [
            ("17,c1,Mars/Base,vms,camera,10,12,2024-03-01,plant", "Mars/Base"),
            ("17,c1,Europe/Paris,vms,camera,ten,12,2024-03-01,", "digit"),
            ("17,c1,Europe/Paris,vms,camera,10,ever,2024-03-01,", "ever"),
            ("17,c1,Europe/Paris,vms,camera,10,host,2024-03-01,plant", "host"),
            (",c1,Europe/Paris,vms,camera,10,host,2024-03-01,", "purchase"),
            ("17,c1,Europe/Paris", "3 cells"),
        ] {
            let refusal = one(row).unwrap_err().to_string();
            assert!(refusal.contains(told), "{refusal}");
        }
    }

    #[test]
    fn an_unknown_column_is_refused() {
        let text = HEAD.replace("system", "sytsem") + "17,c1,UTC,vms,camera,1,12,2024-03-01,a";
        assert!(read(text.as_bytes()).remove(0).1.is_err());
    }
}
