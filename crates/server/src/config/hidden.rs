//! A secret of the configuration: prints stars, is wiped when dropped, and can be compared, so that two
//! configurations can.

use std::fmt;

use ordercast_model::secret::Secret;
use zeroize::Zeroize;

/// A secret that can be compared.
#[derive(Clone)]
pub struct Hidden<T: Zeroize>(Secret<T>);

impl<T: Zeroize> Hidden<T> {
    /// Takes the value in.
    pub const fn new(value: T) -> Self {
        Self(Secret::new(value))
    }
    /// The secret.
    pub const fn secret(&self) -> &Secret<T> {
        &self.0
    }
}

impl<T: Zeroize + PartialEq> PartialEq for Hidden<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl<T: Zeroize> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
