//! TLS: the server's certificate is signed by an authority of the vendor's choice, and names the
//! host that was asked for.
//!
//! The authorities come from one file that the caller names. Those of the system would let in
//! whoever gets a certificate for a name from any of them, and an environment variable can put
//! others in their place.

use std::{fs::File, io::Read, path::Path};

use mlicense_core::error::{ErrorKind, Refusal};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Result, internal};

/// The largest file of authorities, in bytes; that of a whole system has a quarter of it.
const ROOTS_MAX: u64 = 1 << 20;

/// What connects to servers that an authority of this file vouches for.
pub(super) fn connector(roots: &str) -> Result<MakeRustlsConnect> {
    let provider = ring::default_provider().into();
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(internal)?.with_root_certificates(read(roots)?);
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

fn read(roots: &str) -> Result<RootCertStore> {
    let path = Path::new(roots);
    if !path.is_absolute() {
        return Err(refused(roots, "an absolute path").into());
    }
    let mut pem = Vec::new();
    let file = File::open(path).and_then(|file| file.take(ROOTS_MAX + 1).read_to_end(&mut pem));
    file.map_err(|error| Error::io(path, error))?;
    if u64::try_from(pem.len()).is_ok_and(|length| length > ROOTS_MAX) {
        let refusal = Refusal::new(ErrorKind::InputTooLarge);
        let refusal = refusal.with("what", "`sslrootcert`").with("size", pem.len());
        return Err(refusal.with("limit", ROOTS_MAX).into());
    }
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let added = certificate.ok().and_then(|certificate| store.add(certificate).ok());
        added.ok_or_else(|| refused(roots, "a PEM file of nothing but sound certificates"))?;
    }
    if store.is_empty() {
        return Err(refused(roots, "a PEM file with a certificate").into());
    }
    Ok(store)
}

fn refused(roots: &str, expected: &str) -> Refusal {
    let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "sslrootcert");
    refusal.with("value", roots).with("expected", expected)
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    fn kind(roots: &str) -> ErrorKind {
        connector(roots).map(drop).unwrap_err().kind()
    }

    fn authority() -> String {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
    }

    #[test]
    fn authorities_come_from_one_readable_file_of_certificates() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let path = file.to_str().unwrap();
        assert_eq!(kind(path), ErrorKind::StoreUnavailable);
        assert_eq!(kind("ca.pem"), ErrorKind::FieldInvalid);
        assert_eq!(kind(""), ErrorKind::FieldInvalid);
        for bad in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            std::fs::write(&file, bad).unwrap();
            assert_eq!(kind(path), ErrorKind::FieldInvalid, "{bad}");
        }
        let two = authority() + &authority();
        std::fs::write(&file, &two).unwrap();
        connector(path).map(drop).unwrap();
        std::fs::write(&file, two + "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
        assert_eq!(kind(path), ErrorKind::FieldInvalid, "what is cut short");
    }

    #[test]
    fn a_file_of_authorities_is_limited() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let path = file.to_str().unwrap();
        let certificate = authority();
        let padding = |length: u64| " ".repeat(usize::try_from(length).unwrap());
        let length = ROOTS_MAX - certificate.len() as u64;
        std::fs::write(&file, padding(length) + "\n" + &certificate).unwrap();
        assert_eq!(kind(path), ErrorKind::InputTooLarge);
        std::fs::write(&file, padding(length - 1) + "\n" + &certificate).unwrap();
        connector(path).map(drop).unwrap();
    }
}
