//! Switches of a program's modules: on, or off by the licence or the user.

use mlicense_core::decision::{Outcome, Switch};

/// Whether a module of the program is on, and who switched it off; the program keeps the number
/// beside its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[expect(non_camel_case_types, reason = "named for C")]
#[expect(clippy::exhaustive_enums, reason = "a new reason must stop callers from compiling")]
pub enum mlicense_switch {
    /// The licence does not allow it, or nobody asked yet; on again as soon as it is allowed.
    DisabledByLicense = 0,
    /// The module runs.
    On = 1,
    /// The user does not want it, whatever the licence allows; only the user switches it on again.
    DisabledByUser = 2,
}

impl From<Switch> for mlicense_switch {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::On => Self::On,
            Switch::DisabledByLicense => Self::DisabledByLicense,
            Switch::DisabledByUser => Self::DisabledByUser,
        }
    }
}

/// A number that none is stays off until the user switches it on.
const fn switch_of(number: u32) -> Switch {
    const ON: u32 = mlicense_switch::On as u32;
    const DISABLED_BY_LICENSE: u32 = mlicense_switch::DisabledByLicense as u32;
    match number {
        ON => Switch::On,
        DISABLED_BY_LICENSE => Switch::DisabledByLicense,
        _ => Switch::DisabledByUser,
    }
}

/// Says how the switch of a module stands after a check of its feature.
///
/// `current` is how it stood, as a mlicense_switch; a number that is none of them stays off, as
/// MLICENSE_SWITCH_DISABLED_BY_USER does. `outcome` is what a check returned; a number that is no
/// outcome counts as denied. What a lost licence switched off comes back by itself; what the user
/// switched off does not. Nothing is kept: pass in what came out at the next check.
///
/// Threads: any, at any time.
///
/// ```c
/// uint32_t printing = MLICENSE_SWITCH_ON; // as kept beside the program's settings
/// printing = mlicense_switch_after(printing, mlicense_client_check(client, "print"));
/// if (printing == MLICENSE_SWITCH_DISABLED_BY_LICENSE)
///     puts("without a licence for printing");
/// ```
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mlicense_switch_after(current: u32, outcome: u32) -> mlicense_switch {
    let known = [Outcome::Licensed, Outcome::Grace, Outcome::Limited, Outcome::Denied];
    let allowed = known.into_iter().any(|known| known.number() == outcome && known.allows());
    switch_of(current).following(allowed).into()
}
