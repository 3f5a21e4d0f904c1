//! Signs checkpoints of the journal with the deployment's Ed25519 key, and keeps the newest one in the data folder, beside
//! the database.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Result;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use ordercast_model::{journal::checkpoint::Checkpoint, ports::notary::Notary};

/// Where the newest checkpoint is kept.
pub const FILE: &str = "checkpoint.json";

/// The deployment's notary.
pub struct LocalNotary {
    key: SigningKey,
    folder: PathBuf,
}

impl LocalNotary {
    /// One that signs with a seed of 32 bytes, given in hex.
    ///
    /// # Errors
    /// When the seed is malformed.
    pub fn new(seed_hex: &str, folder: &Path) -> Result<Self> {
        let seed: [u8; 32] = hex::decode(seed_hex)?
            .try_into()
            .map_err(|_| anyhow::anyhow!("journal key: expected 64 hex digits"))?;
        Ok(Self {
            key: SigningKey::from_bytes(&seed),
            folder: folder.to_owned(),
        })
    }
}

/// The checkpoint a folder keeps; none when it keeps none.
///
/// # Errors
/// When it is there and does not read.
pub fn kept(path: &Path) -> Result<Option<Checkpoint>, String> {
    let told = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|why| told(&why)),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(told(&why)),
    }
}

/// Whether a checkpoint bears the signature of the key it names.
#[must_use]
pub fn is_signed(checkpoint: &Checkpoint) -> bool {
    let key = hex::decode(&checkpoint.key)
        .ok()
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok());
    let signature = hex::decode(&checkpoint.signature)
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok());
    let (Some(key), Some(signature)) = (key, signature) else {
        return false;
    };
    let signed = Checkpoint::signed(checkpoint.size, &checkpoint.root, checkpoint.at);
    key.verify_strict(&signed, &signature).is_ok()
}

impl Notary for LocalNotary {
    fn key(&self) -> String {
        hex::encode(self.key.verifying_key().as_bytes())
    }
    fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.key.sign(bytes).to_bytes())
    }
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let (path, fresh) = (self.folder.join(FILE), self.folder.join("checkpoint.json.new"));
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = fs::File::create(&fresh)?;
            file.write_all(&serde_json::to_vec_pretty(checkpoint)?)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|why| format!("{}: {why}", path.display()))
    }
    fn kept(&self) -> Result<Option<Checkpoint>, String> {
        kept(&self.folder.join(FILE))
    }
}
