//! A vault without secrets: it binds what it seals to its row, so that a moved or altered field does not open. It hides
//! nothing.

use std::collections::BTreeMap;

use ordercast_model::{
    connection::{Connection, SealedField},
    ids::{ConnectionId, UserId},
    ports::{
        BoxFuture,
        broker::Access,
        vault::{Digest, Vault, VaultError},
    },
    secret::Secret,
};

/// Seals by writing down what a field is bound to.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeVault;

fn binding(user: UserId, connection: ConnectionId, broker: &str, field: &str) -> String {
    format!("{user} {connection} {broker} {field}: ")
}

impl Vault for FakeVault {
    fn seal<'a>(
        &'a self,
        user: UserId,
        connection: ConnectionId,
        broker: &'a str,
        field: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<SealedField, VaultError>> {
        let sealed = SealedField {
            name: field.to_owned(),
            master_version: 1,
            sealed: binding(user, connection, broker, field) + value.expose(),
        };
        Box::pin(std::future::ready(Ok(sealed)))
    }
    fn open<'a>(&'a self, connection: &'a Connection) -> BoxFuture<'a, Result<Access, VaultError>> {
        let open = |field: &SealedField| {
            let bound = binding(connection.user_id, connection.id, &connection.broker, &field.name);
            let value = field
                .sealed
                .strip_prefix(&bound)
                .ok_or_else(|| VaultError::Sealed(connection.id.to_string()));
            value.map(|value| (field.name.clone(), Secret::new(value.to_owned())))
        };
        let fields: Result<BTreeMap<_, _>, VaultError> = connection.credential.iter().map(open).collect();
        let access = fields.map(|fields| Access {
            connection_id: connection.id,
            account_id: connection.account_id.clone(),
            mode: connection.mode,
            fields,
        });
        Box::pin(std::future::ready(access))
    }
    fn seal_personal<'a>(
        &'a self,
        user: UserId,
        field: &'a str,
        value: &'a str,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        Box::pin(std::future::ready(Ok(format!("{user} {field}: {value}"))))
    }
    fn seal_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        let sealed = format!("{user} {purpose}: {}", value.expose());
        Box::pin(std::future::ready(Ok(sealed)))
    }
    fn open_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        sealed: &'a str,
    ) -> BoxFuture<'a, Result<Secret<String>, VaultError>> {
        let value = sealed
            .strip_prefix(&format!("{user} {purpose}: "))
            .map(|value| Secret::new(value.to_owned()))
            .ok_or_else(|| VaultError::Sealed(format!("{user} ({purpose})")));
        Box::pin(std::future::ready(value))
    }
    fn digest(&self, purpose: &str, key_version: Option<u32>, parts: &[&str]) -> Result<Digest, VaultError> {
        // Spreads every part over the bytes; tells parts apart, hides nothing.
        let mut bytes = [0_u8; 32];
        let text = format!("{purpose} {parts:?}");
        for (i, byte) in text.bytes().enumerate() {
            let place = u8::try_from(i % 32).unwrap_or(0);
            if let Some(slot) = bytes.get_mut(usize::from(place)) {
                *slot = slot.wrapping_mul(31).wrapping_add(byte);
            }
        }
        Ok(Digest {
            key_version: key_version.unwrap_or(1),
            bytes: Secret::new(bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{id, trade};

    #[tokio::test]
    async fn a_field_opens_in_its_own_row_only() {
        let mut own = trade::connection(1, id(1));
        let value = Secret::new("swordfish".to_owned());
        let field = FakeVault
            .seal(own.user_id, own.id, "paper", "token", &value)
            .await
            .unwrap();
        own.credential.push(field.clone());
        let access = FakeVault.open(&own).await.unwrap();
        assert_eq!(
            access.fields.get("token").map(|s| s.expose().as_str()),
            Some("swordfish")
        );
        let mut other = trade::connection(2, id(1));
        other.credential.push(field);
        assert!(matches!(FakeVault.open(&other).await, Err(VaultError::Sealed(_))));
    }
}
