//! The vault on the store's data keys. Decides what a sealed field is bound to; refuses to keep an opened key or
//! credential beyond the call.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use ordercast_model::{
    connection::{Connection, Health, SealedField},
    ids::{ConnectionId, UserId},
    keyring::{DigestKey, reaches},
    ports::{
        BoxFuture,
        broker::Access,
        clock::{Clock, Random},
        store::{self, Batch, CommitError, Store, SystemQuery},
        vault::{Digest, KEY_LEN, MasterHolder, Vault, VaultError},
    },
    secret::Secret,
    tenant::SystemScope,
    user::DataKey,
};
use zeroize::Zeroize;

use super::{
    master::MasterKeys,
    place::{Place, kept, personal, wrapping},
    seal,
};

/// First word of what a sealed personal field or secret says about itself.
const PERSONAL_FORM: &str = "v1.";
/// How often a data key that changes meanwhile is read again.
const ATTEMPTS_MAX: u32 = 5;

/// Seals and opens with master keys that somebody holds and data keys of the store.
pub struct LocalVault {
    pub(super) ring: RwLock<Arc<Ring>>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
}

/// What is in force.
pub(super) struct Ring {
    pub(super) holder: Arc<dyn MasterHolder>,
    pub(super) active: u32,
    /// Digest keys of older versions as the keyring keeps them, and opened by version and purpose.
    pub(super) kept: BTreeMap<String, DigestKey>,
    pub(super) digests: BTreeMap<(u32, String), Secret<[u8; KEY_LEN]>>,
}

/// A data key in use, with the version of the master key that wraps it now.
pub(super) struct Opened {
    key: Secret<[u8; KEY_LEN]>,
    master_version: u32,
}

impl LocalVault {
    /// A vault on these keys; the newest seals until a keyring says otherwise.
    #[must_use]
    pub fn new(
        keys: MasterKeys,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self::held_by(keys.held(random.clone()), store, clock, random)
    }

    /// A vault on master keys that somebody else may hold; the newest seals until a keyring says otherwise.
    #[must_use]
    pub fn held_by(
        holder: Arc<dyn MasterHolder>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let active = holder.versions().last().copied().unwrap_or_default();
        let ring = Ring {
            holder,
            active,
            kept: BTreeMap::new(),
            digests: BTreeMap::new(),
        };
        Self {
            ring: RwLock::new(Arc::new(ring)),
            store,
            clock,
            random,
        }
    }

    /// Takes other master keys, such as those of a file that was changed. The version in force stays.
    ///
    /// # Errors
    /// `NoKey` when the version in force is not among them; then everything stays.
    pub fn give(&self, holder: Arc<dyn MasterHolder>) -> Result<(), VaultError> {
        let ring = self.ring();
        if !holder.versions().contains(&ring.active) {
            return Err(VaultError::NoKey(ring.active));
        }
        self.put(Ring {
            holder,
            active: ring.active,
            kept: ring.kept.clone(),
            digests: ring.digests.clone(),
        });
        Ok(())
    }

    pub(super) fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
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
        match self.stored(user).await? {
            Some(row) => self.unwrap(&row).await.map(Some),
            None => Ok(None),
        }
    }

    pub(super) async fn unwrap(&self, row: &DataKey) -> Result<Opened, VaultError> {
        let (ring, version) = (self.ring(), row.master_version);
        if !reaches(ring.active, version) {
            return Err(VaultError::NoKey(version));
        }
        let bound_to = wrapping(row.user_id, version);
        let opened = ring.holder.unwrap(version, &bound_to, &row.wrapped).await;
        let key = opened.map_err(|error| match error {
            VaultError::Sealed(_) => VaultError::Sealed(format!("data key of {}", row.user_id)),
            other => other,
        })?;
        Ok(Opened {
            key,
            master_version: version,
        })
    }

    pub(super) async fn wrap(
        &self,
        user_id: UserId,
        key: &Secret<[u8; KEY_LEN]>,
    ) -> Result<(u32, String), VaultError> {
        let ring = self.ring();
        let bound_to = wrapping(user_id, ring.active);
        let wrapped = ring.holder.wrap(ring.active, &bound_to, key).await?;
        Ok((ring.active, wrapped))
    }

    /// The row wrapped by the version in force; none when it is already, or by a newer one that others know of.
    pub(super) async fn wrapped_anew(&self, row: &DataKey) -> Result<Option<DataKey>, VaultError> {
        if row.master_version >= self.ring().active {
            return Ok(None);
        }
        let opened = self.unwrap(row).await?;
        let (master_version, wrapped) = self.wrap(row.user_id, &opened.key).await?;
        Ok(Some(DataKey {
            version: row.version + 1,
            master_version,
            wrapped,
            ..row.clone()
        }))
    }

    /// The user's data key under the version in force, made when there is none. Two that make or wrap one at once end
    /// with the same: the store keeps the first.
    pub(super) async fn own(&self, user: UserId) -> Result<Opened, VaultError> {
        for _ in 0..ATTEMPTS_MAX {
            let mut batch = Batch::new();
            match self.stored(user).await? {
                None => batch.insert(self.new_data_key(user).await?),
                Some(row) => match self.wrapped_anew(&row).await? {
                    Some(fresh) => batch.update(fresh),
                    None => return self.unwrap(&row).await,
                },
            }
            let scope = SystemScope::housekeeping("the vault makes or wraps a data key");
            // What counts is what stands in the store then.
            match store::commit(self.store.as_ref(), scope, batch).await {
                Ok(()) | Err(CommitError::Duplicate { .. } | CommitError::Conflict { .. }) => {}
                Err(error) => return Err(VaultError::Store(error.to_string())),
            }
        }
        Err(VaultError::Store(format!(
            "the data key of {user} keeps changing"
        )))
    }

    async fn new_data_key(&self, user_id: UserId) -> Result<DataKey, VaultError> {
        let mut bytes = [0_u8; KEY_LEN];
        self.random.fill(&mut bytes);
        let key = Secret::new(bytes);
        bytes.zeroize();
        let (master_version, wrapped) = self.wrap(user_id, &key).await?;
        Ok(DataKey {
            user_id,
            version: 1,
            master_version,
            wrapped,
            created_at: self.clock.now(),
        })
    }

    pub(super) async fn seal_field(
        &self,
        place: Place<'_>,
        value: &Secret<String>,
    ) -> Result<SealedField, VaultError> {
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

    pub(super) async fn open_fields(&self, connection: &Connection) -> Result<Access, VaultError> {
        let broken = |field: &str| VaultError::Sealed(format!("{} ({field})", connection.id));
        let mut access = Access {
            connection_id: connection.id,
            account_id: connection.account_id.clone(),
            mode: connection.mode,
            fields: std::collections::BTreeMap::new(),
        };
        // Whatever is at hand: nothing is opened for what was switched off (PRODUCT SEC-08).
        if connection.health == Health::Disabled {
            return Err(VaultError::Disabled(connection.id));
        }
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

fn text(key: &Secret<[u8; KEY_LEN]>, bound_to: &[u8], sealed: &str) -> Option<Secret<String>> {
    let clear = seal::open(key, bound_to, sealed).ok()?;
    std::str::from_utf8(&clear)
        .ok()
        .map(|text| Secret::new(text.to_owned()))
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
        let ring = self.ring();
        let key_version = key_version.unwrap_or(ring.active);
        let kept = ring.digests.get(&(key_version, purpose.to_owned()));
        let bytes = match kept {
            Some(key) => seal::digest(key, parts),
            None => seal::digest(&ring.holder.derive(key_version, purpose)?, parts),
        };
        Ok(Digest {
            key_version,
            bytes: bytes.ok_or(VaultError::NoKey(key_version))?,
        })
    }
}
