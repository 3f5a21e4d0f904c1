//! Use cases: who does what in which order. Asks `rules` for a decision and a port for an effect; knows no SQL, no
//! wire, no clock of its own.

pub mod access;
pub mod alert;
pub mod approve;
pub mod backlog;
pub mod chat;
pub mod checkpoint;
pub mod context;
pub mod cursor;
pub mod decide;
pub mod desk;
pub mod execute;
pub mod flatten;
pub mod hook;
pub mod identity;
pub mod intake;
pub mod lane;
pub mod manual;
pub mod mark;
pub mod narrate;
pub mod notice;
pub mod pipeline;
pub mod proof;
pub mod protect;
pub mod publish;
pub mod quota;
pub mod reconcile;
pub mod record;
pub mod replay;
pub mod switch;
pub mod switchboard;
pub mod teach;
pub mod timer;
pub mod unlock;
pub mod verify;
pub mod wire;
