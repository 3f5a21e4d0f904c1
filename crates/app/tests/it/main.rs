//! The use cases through their public doors: a message goes in, orders come out at a fake venue, entries in the feed.
#![allow(
    unreachable_pub,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::indexing_slicing
)]

mod approval;
mod asked;
mod by_hand;
mod caps;
mod chat;
mod checkpoint;
mod connect;
mod curve;
mod edit;
mod emulated;
mod extended;
mod factor;
mod fanout;
mod flatten;
mod follow_up;
mod gap;
mod health;
mod helm;
mod hook;
mod intake;
mod kill;
mod liveness;
mod loosening;
mod manual;
mod notice;
mod outcome;
mod outside;
mod protection;
mod session;
mod spy;
mod teach;
mod trace;
mod unlock;
mod world;
