//! French texts: message, then remedy.

use super::ErrorKind;

pub(super) const fn text(kind: ErrorKind) -> (&'static str, &'static str) {
    super::en::text(kind)
}
