//! The vault on the store's data keys. Decides what a sealed field is bound to; refuses to keep an opened key or
//! credential beyond the call.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::{
    connection::{Connection, SealedField},
    ids::{ConnectionId, UserId},
    ports::{
        BoxFuture,
        broker::Access,
        clock::{Clock, Random},
        store::{self, Batch, CommitError, Store, SystemQuery},
        vault::{Digest, Vault, VaultError},
    },
    secret::Secret,
    tenant::SystemScope,
    user::DataKey,
};
use sha2::Sha256;
use zeroize::Zeroize;

use super::{
    master::{KEY_LEN, MasterKeys},
    seal::{self, bind},
};

/// First word of what a sealed personal field or secret says about itself.
const PERSONAL_FORM: &str = "v1.";

/// Seals and opens with keys of this process and data keys of the store.
pub struct LocalVault {
    keys: MasterKeys,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// A data key in use, with the version of the master key that wraps it now.
struct Opened {
    key: Secret<[u8; KEY_LEN]>,
    master_version: u32,
}

impl LocalVault {
    /// A vault on these keys.
    #[must_use]
    pub fn new(
        keys: MasterKeys,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            keys,
            store,
            clock,
            random,
        }
    }

    /// Opens what [`Vault::seal_personal`] sealed for this user and field. Safe to repeat.
    ///
    /// # Errors
    /// When the user's data key is gone (erased), or the text is not from there.
    pub async fn open_personal(
        &self,
        user: UserId,
        field: &str,
        sealed: &str,
    ) -> Result<Secret<String>, VaultError> {
        let broken = || VaultError::Sealed(format!("{user} ({field})"));
        let body = sealed.strip_prefix(PERSONAL_FORM).ok_or_else(broken)?;
        let opened = self.held(user).await?.ok_or_else(broken)?;
        text(&opened.key, &personal(user, field), body).ok_or_else(broken)
    }

    async fn stored(&self, user: UserId) -> Result<Option<DataKey>, VaultError> {
        let scope = SystemScope::housekeeping("the vault reads a data key");
        let rows = store::find_any::<DataKey>(self.store.as_ref(), scope, SystemQuery::DataKey(user)).await;
        Ok(rows
            .map_err(|e| VaultError::Store(e.to_string()))?
            .into_iter()
            .next())
    }

    async fn held(&self, user: UserId) -> Result<Option<Opened>, VaultError> {
        self.stored(user).await?.map(|row| self.unwrap(&row)).transpose()
    }

    fn unwrap(&self, row: &DataKey) -> Result<Opened, VaultError> {
        let version = row.master_version;
        let master = self.keys.get(version).ok_or(VaultError::NoKey(version))?;
        let broken = || VaultError::Sealed(format!("data key of {}", row.user_id));
        let bytes =
            seal::open(master, &wrapping(row.user_id, version), &row.wrapped).map_err(|_| broken())?;
        let mut key: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| broken())?;
        let secret = Secret::new(key);
        key.zeroize();
        Ok(Opened {
            key: secret,
            master_version: version,
        })
    }

    /// The user's data key, made when there is none. Two that make one at once end with the same: the store keeps
    /// the first.
    async fn own(&self, user: UserId) -> Result<Opened, VaultError> {
        if let Some(opened) = self.held(user).await? {
            return Ok(opened);
        }
        let row = self.new_data_key(user)?;
        let mut batch = Batch::new();
        batch.insert(row);
        let scope = SystemScope::housekeeping("the vault makes a data key");
        match store::commit(self.store.as_ref(), scope, batch).await {
            Ok(()) | Err(CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(VaultError::Store(error.to_string())),
        }
        // What counts is what stands in the store now.
        let lost = || VaultError::Store(format!("the data key of {user} was stored and is not there"));
        self.held(user).await?.ok_or_else(lost)
    }

    fn new_data_key(&self, user_id: UserId) -> Result<DataKey, VaultError> {
        let master_version = self.keys.newest();
        let master = self
            .keys
            .get(master_version)
            .ok_or(VaultError::NoKey(master_version))?;
        let mut bytes = [0_u8; KEY_LEN];
        self.random.fill(&mut bytes);
        let key = Secret::new(bytes);
        bytes.zeroize();
        let bound_to = wrapping(user_id, master_version);
        let wrapped = seal::seal(master, &bound_to, key.expose(), self.random.as_ref())
            .map_err(|_| VaultError::Sealed(format!("data key of {user_id}")))?;
        Ok(DataKey {
            user_id,
            version: 1,
            master_version,
            wrapped,
            created_at: self.clock.now(),
        })
    }

    async fn seal_field(&self, place: Place<'_>, value: &Secret<String>) -> Result<SealedField, VaultError> {
        let own = self.own(place.user).await?;
        let bound_to = place.bound(own.master_version);
        let sealed = seal::seal(
            &own.key,
            &bound_to,
            value.expose().as_bytes(),
            self.random.as_ref(),
        )
        .map_err(|_| VaultError::Sealed(place.connection.to_string()))?;
        Ok(SealedField {
            name: place.field.to_owned(),
            master_version: own.master_version,
            sealed,
        })
    }

    async fn open_fields(&self, connection: &Connection) -> Result<Access, VaultError> {
        let broken = |field: &str| VaultError::Sealed(format!("{} ({field})", connection.id));
        let mut access = Access {
            connection_id: connection.id,
            account_id: connection.account_id.clone(),
            mode: connection.mode,
            fields: std::collections::BTreeMap::new(),
        };
        if connection.credential.is_empty() {
            return Ok(access);
        }
        let own = self
            .held(connection.user_id)
            .await?
            .ok_or_else(|| broken("data key"))?;
        for field in &connection.credential {
            let place = Place {
                user: connection.user_id,
                connection: connection.id,
                broker: &connection.broker,
                field: &field.name,
            };
            let value = text(&own.key, &place.bound(field.master_version), &field.sealed)
                .ok_or_else(|| broken(&field.name))?;
            access.fields.insert(field.name.clone(), value);
        }
        Ok(access)
    }
}

/// Where a credential field belongs.
#[derive(Clone, Copy)]
struct Place<'a> {
    user: UserId,
    connection: ConnectionId,
    broker: &'a str,
    field: &'a str,
}

impl Place<'_> {
    /// The data key is named by its user, who has one.
    fn bound(&self, master_version: u32) -> Vec<u8> {
        let user = self.user.to_string();
        let (connection, version) = (self.connection.to_string(), master_version.to_string());
        let parts = [
            "ordercast credential v1",
            &user,
            &connection,
            self.broker,
            self.field,
            &user,
            &version,
        ];
        bind(&parts)
    }
}

fn wrapping(user: UserId, master_version: u32) -> Vec<u8> {
    bind(&[
        "ordercast data key v1",
        &user.to_string(),
        &master_version.to_string(),
    ])
}

fn personal(user: UserId, field: &str) -> Vec<u8> {
    bind(&["ordercast personal v1", &user.to_string(), field])
}

fn kept(user: UserId, purpose: &str) -> Vec<u8> {
    bind(&["ordercast secret v1", &user.to_string(), purpose])
}

fn text(key: &Secret<[u8; KEY_LEN]>, bound_to: &[u8], sealed: &str) -> Option<Secret<String>> {
    let clear = seal::open(key, bound_to, sealed).ok()?;
    std::str::from_utf8(&clear)
        .ok()
        .map(|text| Secret::new(text.to_owned()))
}

/// HMAC-SHA256 over parts, each with its length before it; none never happens, since any length of key will do.
fn digest(key: &Secret<[u8; KEY_LEN]>, parts: &[&str]) -> Option<Secret<[u8; KEY_LEN]>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    mac.update(&bind(parts));
    Some(Secret::new(mac.finalize().into_bytes().into()))
}

impl Vault for LocalVault {
    fn seal<'a>(
        &'a self,
        user: UserId,
        connection: ConnectionId,
        broker: &'a str,
        field: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<SealedField, VaultError>> {
        let place = Place {
            user,
            connection,
            broker,
            field,
        };
        Box::pin(self.seal_field(place, value))
    }

    fn open<'a>(&'a self, connection: &'a Connection) -> BoxFuture<'a, Result<Access, VaultError>> {
        Box::pin(self.open_fields(connection))
    }

    fn seal_personal<'a>(
        &'a self,
        user: UserId,
        field: &'a str,
        value: &'a str,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        Box::pin(async move {
            let own = self.own(user).await?;
            let sealed = seal::seal(
                &own.key,
                &personal(user, field),
                value.as_bytes(),
                self.random.as_ref(),
            )
            .map_err(|_| VaultError::Sealed(format!("{user} ({field})")))?;
            Ok(format!("{PERSONAL_FORM}{sealed}"))
        })
    }

    fn seal_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        Box::pin(async move {
            let own = self.own(user).await?;
            let bytes = value.expose().as_bytes();
            let sealed = seal::seal(&own.key, &kept(user, purpose), bytes, self.random.as_ref())
                .map_err(|_| VaultError::Sealed(format!("{user} ({purpose})")))?;
            Ok(format!("{PERSONAL_FORM}{sealed}"))
        })
    }

    fn open_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        sealed: &'a str,
    ) -> BoxFuture<'a, Result<Secret<String>, VaultError>> {
        Box::pin(async move {
            let broken = || VaultError::Sealed(format!("{user} ({purpose})"));
            let body = sealed.strip_prefix(PERSONAL_FORM).ok_or_else(broken)?;
            let own = self.held(user).await?.ok_or_else(broken)?;
            text(&own.key, &kept(user, purpose), body).ok_or_else(broken)
        })
    }

    fn digest(&self, purpose: &str, key_version: Option<u32>, parts: &[&str]) -> Result<Digest, VaultError> {
        let key_version = key_version.unwrap_or_else(|| self.keys.newest());
        let master = self.keys.get(key_version).ok_or(VaultError::NoKey(key_version))?;
        let bytes = digest(master, &["ordercast digest key v1", purpose]).and_then(|key| digest(&key, parts));
        Ok(Digest {
            key_version,
            bytes: bytes.ok_or(VaultError::NoKey(key_version))?,
        })
    }
}
