//! The keys, each with its own purpose. Decides that no two are the same; refuses to make one up.

use std::time::Duration;

use ordercast_adapters::vault::MasterKeys;

use super::{
    fault::Fault, hidden::Hidden, master::MasterSource, reader::Reader, setting, source::Origin, value,
};

/// Section `keys`.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys {
    /// Where the vault's master keys are read from.
    pub master: Option<MasterSource>,
    /// Keys of the CSRF tokens, newest first: 32 bytes each.
    pub session_keys: Vec<Hidden<Vec<u8>>>,
    /// Keys of the socket tokens, newest first: 32 bytes each.
    pub socket_keys: Vec<Hidden<Vec<u8>>>,
    /// Ed25519 seed of the journal: 32 bytes.
    pub journal_key: Option<Hidden<Vec<u8>>>,
    /// Life of a socket token.
    pub socket_token_ttl: Duration,
}

fn master(given: &str) -> Result<Hidden<String>, String> {
    let keys = Hidden::new(given.to_owned());
    match MasterKeys::parse(keys.secret()) {
        Ok(_) => Ok(keys),
        Err(error) => Err(error.to_string()),
    }
}

fn source(reader: &mut Reader<'_>) -> Option<MasterSource> {
    let text = reader.value(setting::MASTER_KEYS, master);
    let command = reader.value(setting::MASTER_KEYS_COMMAND, value::text);
    match (text, command) {
        (Some(_), Some(_)) => {
            let both = format!("given beside {}; give one of them", setting::MASTER_KEYS.name);
            reader.fault(setting::MASTER_KEYS_COMMAND, both);
            None
        }
        (None, command) => command.map(MasterSource::Command),
        (Some(text), None) => Some(match reader.origin(setting::MASTER_KEYS) {
            Some(Origin::SecretFile(path)) => MasterSource::File(path),
            _ => MasterSource::Fixed(text),
        }),
    }
}

impl Keys {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            master: source(reader),
            session_keys: reader
                .value(setting::SESSION_KEY, value::keys)
                .unwrap_or_default(),
            socket_keys: reader.value(setting::SOCKET_KEY, value::keys).unwrap_or_default(),
            journal_key: reader.value(setting::JOURNAL_KEY, value::key),
            socket_token_ttl: reader
                .value(setting::SOCKET_TOKEN_TTL, value::duration_between::<600, 3_600>)
                .unwrap_or(Duration::from_secs(3_600)),
        }
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let session = self.session_keys.iter().map(|key| (setting::SESSION_KEY, key));
        let socket = self.socket_keys.iter().map(|key| (setting::SOCKET_KEY, key));
        let journal = self.journal_key.iter().map(|key| (setting::JOURNAL_KEY, key));
        let keys: Vec<_> = session.chain(socket).chain(journal).collect();
        for (at, (setting, key)) in keys.iter().enumerate() {
            let twin = keys.iter().take(at).find(|(_, other)| other == key);
            if let Some((other, _)) = twin {
                reader.fault(
                    setting,
                    format!("expected a key of its own, got the one of {}", other.name),
                );
            }
        }
    }

    /// What is missing before the program may serve (PRODUCT SEC-06).
    pub(super) fn missing(&self, faults: &mut Vec<Fault>) {
        let given = [
            (setting::MASTER_KEYS, self.master.is_some()),
            (setting::SESSION_KEY, !self.session_keys.is_empty()),
            (setting::SOCKET_KEY, !self.socket_keys.is_empty()),
            (setting::JOURNAL_KEY, self.journal_key.is_some()),
        ];
        for (setting, _) in given.iter().filter(|(_, given)| !given) {
            // A value that was given and refused is a fault already.
            if !faults.iter().any(|fault| fault.name == setting.name) {
                faults.push(Fault::about(
                    setting.name,
                    format!("not set; expected {}", setting.expected),
                ));
            }
        }
    }
}
