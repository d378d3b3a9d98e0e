//! Partners: what they have, and their customers.

use serde::Serialize;

use super::View;
use crate::{
    id::{CustomerId, LicenseType, PartnerId, ProductId},
    partner::Partner,
    person::PersonFields,
    unreadable::unreadable,
    wallet::LotKind,
};

/// How many customers a page holds; from so many on there is a pager (S-IP-34).
pub const PAGE: usize = 20;

/// A partner, as it sees itself.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PartnerView {
    /// Its name; none once erased.
    pub name: Option<String>,
    /// Its e-mail.
    pub email: Option<String>,
    /// Its code.
    pub code: PartnerId,
    /// Licences in stock.
    pub total: u64,
    /// Licences in stock, by product, type and kind; their sum is `total` (S-IP-03).
    pub stock: Vec<StockView>,
    /// Whether it is linked to its account at the vendor's shop.
    pub shop_linked: bool,
}

/// Licences of one kind in the stock of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StockView {
    /// The product.
    pub product: ProductId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// What they are good for.
    pub kind: LotKind,
    /// How many came.
    pub received: u64,
    /// How many were given to customers.
    pub given: u64,
    /// How many are there.
    pub left: u64,
}

/// A page of a partner's customers.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomersPage {
    /// The customers, by e-mail and then by id.
    pub customers: Vec<CustomerRow>,
    /// Which page it is, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many customers match.
    pub total: usize,
    /// Whether to show a pager (S-IP-34).
    pub pager: bool,
}

/// A customer in the list of its dealer.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of an index")]
pub struct CustomerRow {
    /// The customer.
    pub customer: CustomerId,
    /// The name of the person to speak with; none once erased.
    pub name: Option<String>,
    /// The e-mail of that person.
    pub email: Option<String>,
}

unreadable! { PartnerView CustomersPage CustomerRow }

/// The answer to [`Query::Partner`](super::Query::Partner) (S-IP-31).
#[must_use]
pub fn partner(partner: &Partner, contact: Option<PersonFields>) -> View {
    let stock: Vec<StockView> = partner
        .stock()
        .iter()
        .map(|(key, stock)| StockView {
            product: key.product.clone(),
            license_type: key.license_type.clone(),
            kind: key.kind,
            received: stock.received,
            given: stock.given,
            left: stock.left(),
        })
        .collect();
    let (name, email) = contact.map_or((None, None), |of| (Some(of.name), of.email));
    View::Partner(PartnerView {
        name,
        email,
        code: partner.code().clone(),
        total: stock.iter().map(|row| row.left).sum(),
        stock,
        shop_linked: partner.shop_linked(),
    })
}

/// The answer to [`Query::PartnerCustomers`](super::Query::PartnerCustomers): those of a partner's
/// customers whose e-mail has `filter` in it, on the page wanted (S-IP-32, S-IP-34).
///
/// ASCII letters match in either case; everything else is compared as it is written (S-IP-33).
#[must_use]
pub fn partner_customers(mut rows: Vec<CustomerRow>, filter: &str, page: u32) -> View {
    let filter = filter.trim().to_ascii_lowercase();
    let matches = |email: &Option<String>| {
        let email = email.as_ref().map(|email| email.to_ascii_lowercase());
        filter.is_empty() || email.is_some_and(|email| email.contains(&filter))
    };
    rows.retain(|row| matches(&row.email));
    let key = |row: &CustomerRow| {
        let email = row.email.as_ref().map(|email| email.to_ascii_lowercase());
        (email.is_none(), email, row.customer.clone())
    };
    rows.sort_by_cached_key(key);
    let total = rows.len();
    let pages = total.div_ceil(PAGE).max(1);
    let page = usize::try_from(page).unwrap_or(usize::MAX).clamp(1, pages);
    let before = page.saturating_sub(1).saturating_mul(PAGE);
    let customers = rows.into_iter().skip(before).take(PAGE).collect();
    View::PartnerCustomers(CustomersPage { customers, page, pages, total, pager: total >= PAGE })
}
