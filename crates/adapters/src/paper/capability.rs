//! What the paper venue can do, as data. Asks nobody.

use ordercast_model::{connection::Mode, instrument::AssetClass, ports::broker::Capabilities};

use super::config::PaperConfig;
use crate::meter::Metered;

/// Credential field with the account's key.
pub(super) const KEY: &str = "key";
/// Credential field with the account's id; no secret.
pub(super) const ACCOUNT: &str = "account";

pub(super) fn capabilities(config: &PaperConfig, line: &Metered) -> Capabilities {
    let meter = line.trading.as_ref();
    let allowances = meter.map_or_else(Vec::new, |meter| meter.allowances().to_vec());
    let types = ["market", "limit", "stop", "stop_limit", "trailing"];
    let classes = vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto];
    Capabilities {
        broker: "paper".to_owned(),
        name: "Paper".to_owned(),
        classes: classes.clone(),
        order_types: types.map(str::to_owned).to_vec(),
        modes: vec![Mode::Paper],
        credential_fields: vec![(ACCOUNT.to_owned(), false), (KEY.to_owned(), true)],
        client_id_dedupe: config.dedupe,
        visibility_window: config.visibility_window,
        native_protection: if config.native_protection {
            classes
        } else {
            Vec::new()
        },
        replace: false,
        requests_per_minute: allowances.first().map(|a| a.ours),
        allowances,
        extended_hours: Vec::new(),
        reserves_working: true,
        withdraw_permission_readable: true,
    }
}
