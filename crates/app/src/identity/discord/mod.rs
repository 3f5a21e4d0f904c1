//! Login with Discord: who leaves for Discord's page, who comes back, and what becomes of the tokens they bring. Refuses to
//! know how Discord is spoken to.

mod arrive;
mod grant;

pub use arrive::{Arrival, Leaving, arrive, leave};
pub use grant::{KEEP_EVERY, keep, release, stand};
