//! Decides entry 0: it binds the deployment and its public key to everything that follows (PRODUCT AU-03).

use ordercast_model::{
    ids::JournalId,
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    time::Timestamp,
};
use serde_json::json;

/// Entry 0 of a deployment's journal. `public_key_hex` is the Ed25519 key that signs its checkpoints.
#[must_use]
pub fn genesis(id: JournalId, at: Timestamp, deployment: &str, public_key_hex: &str) -> Entry {
    let object = ("deployment", deployment.to_owned());
    let mut entry = Entry::new(id, at, Kind::JournalGenesis, Actor::system("sequencer"), object);
    entry.after = Some(json!({
        "deployment": deployment,
        "public_key": public_key_hex,
        "algorithm": "ed25519",
        "format": 1,
    }));
    entry
}
