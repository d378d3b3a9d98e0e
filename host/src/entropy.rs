//! Where random bytes come from.

use std::fmt;

use mlicense_core::error::{ErrorKind, Refusal};

use crate::error::Result;

/// Gives random bytes; a program may bring its own source, such as a certified one.
///
/// Keys are made of what it gives: bytes that can be guessed give the installation away.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// Why there are none; the call that needed them is refused with [`ErrorKind::Internal`].
    fn fill(&self, bytes: &mut [u8]) -> std::result::Result<(), String>;
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to set")]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> std::result::Result<(), String> {
        getrandom::fill(bytes).map_err(|fault| fault.to_string())
    }
}

pub(crate) fn random<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes).map_err(|fault| {
        Refusal::new(ErrorKind::Internal).with("detail", format_args!("no random bytes: {fault}"))
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use mlicense_core::document::{Nonce, Request, RequestKind};

    use super::*;
    use crate::{Client, Options, RequestDetails};

    #[derive(Debug)]
    struct Sevens;

    impl Entropy for Sevens {
        fn fill(&self, bytes: &mut [u8]) -> std::result::Result<(), String> {
            bytes.fill(7);
            Ok(())
        }
    }

    #[derive(Debug)]
    struct Dry;

    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> std::result::Result<(), String> {
            Err("the well is dry".to_owned())
        }
    }

    fn open(options: Options) -> Result<Client> {
        let roots = [mlicense_core::signing::Signer::from_seed([1; 32]).public_key()];
        Client::open("editor".parse().unwrap(), &roots, options)
    }

    #[test]
    fn keys_and_requests_are_made_of_the_bytes_of_the_source() {
        let mut client = open(Options::stateless().entropy(Sevens)).unwrap();
        let expected = mlicense_core::signing::Signer::from_seed([7; 32]).key_id();
        assert_eq!(client.installation(), expected);
        let request = client.request(RequestKind::Trial, RequestDetails::default()).unwrap();
        let request = Request::verify(request.as_bytes()).unwrap();
        assert_eq!(request.fields().nonce, Nonce::from_entropy([7; 16]));
    }

    #[test]
    fn without_random_bytes_no_installation_is_made() {
        let refusal = open(Options::stateless().entropy(Dry)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::Internal);
        assert!(refusal.to_string().contains("the well is dry"), "{refusal}");
    }
}
