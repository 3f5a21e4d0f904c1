//! A provider's history through the same parser, rules, sizing, gate and paper venue as production, on recorded prices.

pub mod bars;
pub mod export;
pub mod gather;
pub mod html;
pub mod plot;
pub mod profile;
pub mod report;
pub mod run;
pub mod stage;
pub mod stored;
pub mod text;
pub mod venue;
pub mod wire;
