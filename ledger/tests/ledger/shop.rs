//! The link to the vendor’s shop.
