//! `SeatLedger` and `SiteSeats`: seats that programs and hosts share.

use std::{collections::BTreeSet, sync::Arc};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    id::{CustomerId, FeatureId, ProductId},
    seat::{Available, Captured, Holder, Kept, Limits, Quota, Session, SessionId, Terms, Usage},
};

#[cfg(feature = "postgres")]
use crate::store::PostgresSeats;
use crate::{
    error::Result,
    place::{At, Place},
    store::{SeatStore, SqliteSeats},
};

/// A small ledger of the seats that are taken, shared by the programs of a machine as a file or,
/// with feature `postgres`, by those of many as a table in a database.
///
/// It is no history: sessions come and go in one table, apart from the vendor's ledger. Usable from
/// many threads at once; each call is one transaction, by the clock of the machine on which the
/// file or the database is.
#[derive(Clone, Debug)]
pub struct SeatLedger(Arc<SeatStore>);

impl SeatLedger {
    /// Opens the seats in a file or in a database, and makes them where there are none: in a new or
    /// an empty file, or in a schema `mlicense_seats` of their own.
    ///
    /// A file must be on a disk of the machine: hosts that share seats over a network take a
    /// database, which may be that of a ledger.
    ///
    /// # Errors
    /// [`ErrorKind::StoreForeign`] when the file is something else, [`ErrorKind::StoreNewer`],
    /// [`ErrorKind::StoreReadOnly`], [`ErrorKind::StoreUnavailable`] and other storage faults; for a
    /// database also as [`Ledger::open`](crate::Ledger::open).
    pub fn open(place: impl Into<Place>) -> Result<Self> {
        let store = match place.into().at()? {
            At::File(path) => SeatStore::Sqlite(SqliteSeats::open(path)?),
            #[cfg(feature = "postgres")]
            At::Database(text) => SeatStore::Postgres(Box::new(PostgresSeats::open(text)?)),
        };
        Ok(Self(Arc::new(store)))
    }

    /// The seats of a product at a site, whose licences say how many there are: those of the client
    /// from which the quota comes.
    #[must_use]
    pub fn site(&self, product: &ProductId, quota: impl Quota + 'static) -> SiteSeats {
        SiteSeats {
            store: Arc::clone(&self.0),
            owner: product.to_string(),
            quota: Arc::new(quota),
            terms: Terms::default(),
        }
    }

    /// The seats of a product that a vendor counts for one of its customers over all its sites, with
    /// the quota of a licence it signed: wherever that is bound, its seats are handed out here.
    ///
    /// It costs nothing to make for each call of a site.
    ///
    /// ```
    /// use mlicense_core::document::{Feature, License, LicenseClaims};
    /// use mlicense_core::error::ErrorKind;
    /// use mlicense_core::seat::Limits;
    /// use mlicense_core::signing::{Signer, Trust};
    /// use mlicense_ledger::SeatLedger;
    ///
    /// let (vendor, now) = (Signer::from_seed([1; 32]), "2026-03-01T09:30:00Z".parse()?);
    /// let mut claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", now);
    /// claims.features.insert("export".parse()?, Feature::counted(1));
    /// let trust = Trust::new(&[vendor.public_key()], None)?;
    /// let license = License::verify(License::issue(&claims, &vendor)?.as_bytes(), &trust)?;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let ledger = SeatLedger::open(folder.path().join("vendor.seats"))?;
    /// let seats = |customer: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     let product = &license.claims().product;
    ///     let limits = Limits::of_license(&license, product, now);
    ///     Ok(ledger.customer(&customer.parse()?, product, limits))
    /// };
    /// seats("c1")?.capture("export", "hamburg, desk 1")?;
    /// let refused = seats("c1")?.capture("export", "lyon, desk 1").unwrap_err();
    /// assert_eq!(refused.kind(), ErrorKind::NoFreeLicense);
    /// assert!(seats("c2")?.capture("export", "").is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn customer(
        &self,
        customer: &CustomerId,
        product: &ProductId,
        quota: impl Quota + 'static,
    ) -> SiteSeats {
        // No id holds a slash.
        SiteSeats { owner: format!("{customer}/{product}"), ..self.site(product, quota) }
    }
}

/// Seats that programs and hosts of a site share.
///
/// Each call asks for the limits anew, so that a licence that a client accepted meanwhile, or the end
/// of one, counts at once. Programs that share seats hold the same licences; one that holds an
/// older licence goes by that one until it accepts the newer.
///
/// ```
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::seat::Limits;
/// use mlicense_ledger::SeatLedger;
///
/// # let folder = tempfile::tempdir()?;
/// let ledger = SeatLedger::open(folder.path().join("editor.seats"))?;
/// // A program takes `client.quota()` here, so that its signed licences say how many.
/// let quota = Limits::from_iter([("export".parse()?, Some(1))]);
/// let site = ledger.site(&"editor".parse()?, quota);
///
/// let session = site.capture("export", "desk 1")?.session;
/// let refused = site.capture("export", "desk 2").unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::NoFreeLicense);
/// assert!(site.keep_alive(&session)?.dropped.is_empty());
/// site.end(&session)?;
/// assert!(site.capture("export", "desk 2").is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SiteSeats {
    store: Arc<SeatStore>,
    owner: String,
    quota: Arc<dyn Quota>,
    terms: Terms,
}

impl SiteSeats {
    /// The same seats, given on other terms where the licences state none (S-MK-56, S-MK-58). They
    /// hold from a session's next sign of life on.
    #[must_use]
    pub fn with_terms(self, terms: Terms) -> Self {
        Self { terms, ..self }
    }

    /// Captures a feature in a new session; `holder` is what its user says about itself, at most
    /// [`HOLDER_BYTES_MAX`](mlicense_core::seat::HOLDER_BYTES_MAX) bytes.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`] when the feature may not run, with the reason;
    /// [`ErrorKind::NoFreeLicense`] when all its seats are taken (S-MK-55);
    /// [`ErrorKind::SessionsFull`] when too many sessions are open (S-MK-61);
    /// [`ErrorKind::InputTooLarge`] and [`ErrorKind::FieldInvalid`] for the holder (S-MK-62);
    /// [`ErrorKind::Internal`] when the system gives no random bytes; storage faults.
    pub fn capture(&self, feature: &str, holder: &str) -> Result<Captured> {
        let holder = Holder::new(holder)?;
        let feature = self.licensed(feature)?;
        let id = SessionId::from_entropy(entropy()?);
        self.store.write(&self.owner, |seats| {
            let (limits, terms) = self.now();
            Ok(seats.capture((id, &holder), &feature, &limits, &terms)?)
        })
    }

    /// Captures another feature in a session that is open, which is a sign of life too; again the
    /// same feature takes no other seat (S-MK-54).
    ///
    /// # Errors
    /// [`ErrorKind::SessionUnknown`] when it is not open (S-MK-57); as [`SiteSeats::capture`].
    pub fn capture_in(&self, session: &SessionId, feature: &str) -> Result<Captured> {
        let feature = self.licensed(feature)?;
        let mut dropped = Lost::default();
        self.store.write(&self.owner, |seats| {
            let (limits, terms) = self.now();
            let mut captured = seats.capture_in(session, &feature, &limits, &terms)?;
            captured.kept = dropped.told(captured.kept);
            Ok(captured)
        })
    }

    /// Gives a sign of life: the session lasts for a lease from now (S-MK-58). The answer lists what
    /// it holds, and what it lost meanwhile (S-MK-59).
    ///
    /// # Errors
    /// [`ErrorKind::SessionUnknown`] when it is not open, or has run out (S-MK-57); storage faults.
    pub fn keep_alive(&self, session: &SessionId) -> Result<Kept> {
        let mut dropped = Lost::default();
        self.store.write(&self.owner, |seats| {
            let (limits, terms) = self.now();
            let kept = seats.keep_alive(session, &limits, &terms)?;
            Ok(dropped.told(kept))
        })
    }

    /// Releases one feature; the session stays open.
    ///
    /// # Errors
    /// With [strict](Terms::strict) terms [`ErrorKind::SessionUnknown`] and
    /// [`ErrorKind::NotCaptured`] (S-MK-56); storage faults.
    pub fn release(&self, session: &SessionId, feature: &FeatureId) -> Result<()> {
        let mut terms = FirstStrict(self.now().1);
        self.store.write(&self.owner, |seats| Ok(seats.release(session, feature, &terms.next())?))
    }

    /// Releases all that a session captured and ends it.
    ///
    /// # Errors
    /// With [strict](Terms::strict) terms [`ErrorKind::SessionUnknown`] (S-MK-56); storage faults.
    pub fn end(&self, session: &SessionId) -> Result<()> {
        let mut terms = FirstStrict(self.now().1);
        self.store.write(&self.owner, |seats| Ok(seats.end(session, &terms.next())?))
    }

    /// Every feature that may run, with its limit and how many seats are taken (S-MK-52).
    ///
    /// # Errors
    /// Storage faults.
    pub fn usage(&self) -> Result<Vec<Usage>> {
        self.store.read(&self.owner, |seats| Ok(seats.usage(&self.quota.limits())))
    }

    /// Whether a feature could be captured now. It captures nothing: a feature counted by seats is
    /// served only to who captured it (S-MK-64).
    ///
    /// # Errors
    /// Storage faults.
    pub fn available(&self, feature: &str) -> Result<Available> {
        let Ok(feature) = feature.parse() else { return Ok(Available::NotLicensed) };
        self.store.read(&self.owner, |seats| Ok(seats.available(&feature, &self.quota.limits())))
    }

    /// Whether a session holds what it captured. It is no sign of life.
    ///
    /// # Errors
    /// Storage faults.
    pub fn is_held(&self, session: &SessionId, feature: &FeatureId) -> Result<bool> {
        self.store
            .read(&self.owner, |seats| Ok(seats.is_held(session, feature, &self.quota.limits())))
    }

    /// The sessions that are open.
    ///
    /// # Errors
    /// Storage faults.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        self.store.read(&self.owner, |seats| Ok(seats.sessions().cloned().collect()))
    }

    /// The limits of this moment, and the terms that go with them.
    fn now(&self) -> (Limits, Terms) {
        let limits = self.quota.limits();
        let terms = limits.terms(self.terms);
        (limits, terms)
    }

    fn licensed(&self, feature: &str) -> Result<FeatureId> {
        self.quota.require(feature)?;
        Ok(feature.parse()?)
    }
}

/// What a session lost, over every run of one call: an earlier one may have been committed, though
/// nobody was told.
#[derive(Debug, Default)]
struct Lost(BTreeSet<FeatureId>);

impl Lost {
    fn told(&mut self, kept: Kept) -> Kept {
        self.0.extend(kept.dropped.iter().cloned());
        let held: BTreeSet<_> = kept.captured.iter().collect();
        let dropped = self.0.iter().filter(|feature| !held.contains(feature)).cloned().collect();
        let mut kept = kept;
        kept.dropped = dropped;
        kept
    }
}

/// Terms that are strict in the first run of a call only: an earlier one may have been committed.
#[derive(Debug)]
struct FirstStrict(Terms);

impl FirstStrict {
    fn next(&mut self) -> Terms {
        std::mem::take(&mut self.0)
    }
}

fn entropy() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|fault| {
        Refusal::new(ErrorKind::Internal).with("detail", format_args!("no random bytes: {fault}"))
    })?;
    Ok(bytes)
}
