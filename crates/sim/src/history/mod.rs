//! Prices that were recorded, played through the paper venue's matching: what an order given then would have met.
//!
//! # Rules
//! - A bar's time is its beginning. Its open is known then, its high, low and close only at its end.
//! - An order meets bars that begin after it, first of all the open. The bar it was given in is not used.
//! - Whatever the open has jumped over fills at the open: stops worse, limits better than their level.
//! - Within a bar the price goes from the open to the extreme that hurts what is held, then to the other one, then to
//!   the close, through every level between. So a stop comes before a target when both are touched, and a stop that is
//!   reached fills at its level.
//! - When an entry fills within a bar, the extreme that hurts comes after it.
//! - Bars say nothing of bid and ask: half a spread is taken off and put on every price.

pub mod bar;
pub mod market;
pub mod walk;
