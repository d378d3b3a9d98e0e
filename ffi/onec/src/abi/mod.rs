//! The border to 1C: what the library exports, and objects as C++ has them.
//!
//! Everything unsafe is in this folder. No header of 1C is used; what is known of the interface is
//! written down where it is declared.

mod exports;
mod host;
mod object;
mod panic;
mod tables;
mod variant;

pub use exports::{
    DestroyObject, GetAttachType, GetClassNames, GetClassObject, SetPlatformCapabilities,
};
