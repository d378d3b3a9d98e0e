//! The options of a connection text that say whom to trust: `tokio-postgres` knows one of them not at
//! all, and of the other not the only value that checks the name of the server.

use percent_encoding::percent_decode_str;

/// What a connection text says about trust.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// `sslmode`.
    pub(super) mode: Option<String>,
    /// `sslrootcert`.
    pub(super) roots: Option<String>,
}

impl Options {
    /// Takes the options out of a text, a URL or pairs; what is left means what it meant before.
    pub(super) fn take_from(text: &str) -> (Self, String) {
        let is_url = ["postgres://", "postgresql://"].iter().any(|start| text.starts_with(start));
        if is_url { Self::take_from_url(text) } else { Self::take_from_pairs(text) }
    }

    fn take_from_url(text: &str) -> (Self, String) {
        let mut options = Self::default();
        let place = text.split_once('@').map_or(text, |(_, place)| place);
        let parts = place.split_once('?');
        let parts = parts.and_then(|(_, list)| Some((text.strip_suffix(list)?, list)));
        let Some((before, list)) = parts else { return (options, text.to_owned()) };
        let mut is_other = |pair: &&str| {
            let pair = pair.split_once('=');
            let pair = pair.and_then(|(key, value)| Some((decoded(key)?, decoded(value)?)));
            !pair.is_some_and(|(key, value)| options.take(&key, value))
        };
        let others: Vec<&str> = list.split('&').filter(|pair| is_other(pair)).collect();
        let rest = format!("{before}{}", others.join("&"));
        (options, rest)
    }

    fn take_from_pairs(text: &str) -> (Self, String) {
        let (mut options, mut left, mut others) = (Self::default(), text, String::new());
        while let Some((key, value, rest)) = first_pair(left) {
            if options.take(key, value) {
                others.push(' ');
            } else {
                others.push_str(left.strip_suffix(rest).unwrap_or(left));
            }
            left = rest;
        }
        others.push_str(left);
        (options, others)
    }

    /// Keeps a value if it is one of these; the last of several counts.
    fn take(&mut self, key: &str, value: String) -> bool {
        let place = match key {
            "sslmode" => &mut self.mode,
            "sslrootcert" => &mut self.roots,
            _ => return false,
        };
        *place = Some(value);
        true
    }
}

/// The first `key = value`, and what follows it; none where there is none, or half of one.
fn first_pair(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = text.split_once('=')?;
    let (value, rest) = first_value(rest.trim_start())?;
    Some((key.trim(), value, rest))
}

/// A value up to a space, or in single quotes; a backslash stands before what is meant as it is.
fn first_value(text: &str) -> Option<(String, &str)> {
    let mut chars = text.chars();
    let quoted = text.starts_with('\'');
    if quoted {
        chars.next();
    }
    let mut value = String::new();
    loop {
        let left = chars.as_str();
        match chars.next() {
            None => return (!quoted && !value.is_empty()).then_some((value, "")),
            Some('\'') if quoted => return Some((value, chars.as_str())),
            Some(space) if !quoted && space.is_whitespace() => return Some((value, left)),
            Some('\\') => value.extend(chars.next()),
            Some(other) => value.push(other),
        }
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_postgres::Config;

    use super::*;

    fn options(mode: Option<&str>, roots: Option<&str>) -> Options {
        Options { mode: mode.map(Into::into), roots: roots.map(Into::into) }
    }

    /// All that the texts of these tests set.
    fn facts(text: &str) -> impl PartialEq + std::fmt::Debug + use<> {
        let config: Config = text.parse().unwrap();
        let user = config.get_user().map(str::to_owned);
        let password = config.get_password().map(<[u8]>::to_vec);
        let database = config.get_dbname().map(str::to_owned);
        (user, password, database, config.get_hosts().to_vec(), config.get_ports().to_vec())
    }

    #[test]
    fn options_are_taken_from_pairs_and_urls() {
        let both = options(Some("verify-full"), Some("/etc/ca.pem"));
        for text in [
            "host=a sslmode=verify-full sslrootcert=/etc/ca.pem port=5",
            "sslrootcert = '/etc/ca.pem' host=a  sslmode='verify-full'port=5",
            "host=a sslmode=disable port=5 sslmode=verify-full sslrootcert=/etc\\/ca.pem",
            "postgresql://a:5?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgres://a:5?sslrootcert=%2Fetc%2Fca.pem&sslmod%65=verify-full",
        ] {
            let (found, rest) = Options::take_from(text);
            assert_eq!(found, both, "{text}");
            assert_eq!(facts(&rest), facts("host=a port=5"), "{text}: {rest}");
        }
    }

    #[test]
    fn what_only_looks_like_an_option_stays() {
        for text in [
            "password='sslmode=disable' host=a",
            "password=\\ sslmode\\=disable host=a",
            "postgresql://me:?sslmode=disable@a/x",
            "host=a",
            "",
        ] {
            let (found, rest) = Options::take_from(text);
            assert_eq!((found, rest.as_str()), (Options::default(), text));
        }
        for half in ["host=a sslmode=", "sslrootcert='/etc", "host=a sslmode"] {
            let (_, rest) = Options::take_from(half);
            assert!(rest.parse::<Config>().is_err(), "{half}: {rest}");
        }
    }

    fn quoted(value: &str) -> String {
        format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
    }

    proptest! {
        #[test]
        fn the_other_options_mean_what_they_meant(
            values in proptest::collection::vec("[a-z '\\\\=?&@]{0,8}", 3),
            roots in "[a-z /'\\\\]{0,8}",
            place in 0_usize..4,
        ) {
            let keys = ["user", "password", "dbname"];
            let mut pairs: Vec<String> = keys.iter().zip(&values)
                .map(|(key, value)| format!("{key}={}", quoted(value))).collect();
            let before = facts(&pairs.join(" "));
            pairs.insert(place, format!("sslrootcert={}", quoted(&roots)));
            let (found, rest) = Options::take_from(&pairs.join(" "));
            prop_assert_eq!(found, options(None, Some(&roots)));
            prop_assert_eq!(facts(&rest), before);
        }

        #[test]
        fn any_text_is_taken_apart(text in "\\PC{0,40}") {
            for text in [text.clone(), format!("postgresql://{text}")] {
                let (found, rest) = Options::take_from(&text);
                if found == Options::default() {
                    prop_assert_eq!(rest, text);
                }
            }
        }
    }
}
