//! Changes master keys: data keys are wrapped anew, fields sealed anew, digest keys of older versions kept. Decides nothing
//! about when.

use std::collections::BTreeMap;

use ordercast_model::{
    connection::{Connection, SealedField},
    keyring::{DigestKey, Keyring},
    ports::{
        BoxFuture,
        vault::{Keeper, VaultError},
    },
    user::DataKey,
};

use super::{
    local::{LocalVault, Ring},
    place::{Place, digesting},
};

impl LocalVault {
    async fn adopt_ring(&self, to: &Keyring) -> Result<(), VaultError> {
        let now = self.ring();
        if now.active == to.active && now.kept == to.digests {
            return Ok(());
        }
        if !now.holder.versions().contains(&to.active) {
            return Err(VaultError::NoKey(to.active));
        }
        let mut digests = BTreeMap::new();
        for kept in to.digests.values() {
            let bound_to = digesting(kept.version, &kept.purpose, kept.master_version);
            // One that does not open is missed by what was made with it, and by nothing else.
            match now
                .holder
                .unwrap(kept.master_version, &bound_to, &kept.wrapped)
                .await
            {
                Ok(key) => drop(digests.insert((kept.version, kept.purpose.clone()), key)),
                Err(error) => tracing::error!(version = kept.version, purpose = kept.purpose, %error,
                    "a digest key of an older version does not open"),
            }
        }
        self.put(Ring {
            holder: now.holder.clone(),
            active: to.active,
            kept: to.digests.clone(),
            digests,
        });
        Ok(())
    }

    async fn sealed_anew(&self, connection: &Connection) -> Result<Option<Connection>, VaultError> {
        let active = self.ring().active;
        if connection
            .credential
            .iter()
            .all(|field| field.master_version >= active)
        {
            return Ok(None);
        }
        // First, so that the fields below are bound to the version in force.
        self.own(connection.user_id).await?;
        let opened = self.open_fields(connection).await?;
        let mut credential: Vec<SealedField> = Vec::with_capacity(opened.fields.len());
        for (field, value) in &opened.fields {
            let place = Place {
                user: connection.user_id,
                connection: connection.id,
                broker: &connection.broker,
                field,
            };
            credential.push(self.seal_field(place, value).await?);
        }
        Ok(Some(Connection {
            version: connection.version + 1,
            credential,
            ..connection.clone()
        }))
    }

    async fn keys_of_digests(
        &self,
        ring: &Keyring,
        to: u32,
        purposes: &[&str],
    ) -> Result<Vec<DigestKey>, VaultError> {
        let holder = self.ring().holder.clone();
        let mut all = BTreeMap::new();
        for version in holder.versions().into_iter().filter(|version| *version < to) {
            for purpose in purposes {
                let key = holder.derive(version, purpose)?;
                all.insert((version, (*purpose).to_owned()), key);
            }
        }
        for kept in ring.digests.values() {
            let place = (kept.version, kept.purpose.clone());
            if kept.version < to && !all.contains_key(&place) {
                let bound_to = digesting(kept.version, &kept.purpose, kept.master_version);
                let key = holder
                    .unwrap(kept.master_version, &bound_to, &kept.wrapped)
                    .await?;
                all.insert(place, key);
            }
        }
        let mut wrapped = Vec::with_capacity(all.len());
        for ((version, purpose), key) in all {
            let text = holder.wrap(to, &digesting(version, &purpose, to), &key).await?;
            wrapped.push(DigestKey {
                version,
                purpose,
                master_version: to,
                wrapped: text,
            });
        }
        Ok(wrapped)
    }
}

impl Keeper for LocalVault {
    fn versions(&self) -> Vec<u32> {
        self.ring().holder.versions()
    }
    fn active(&self) -> u32 {
        self.ring().active
    }
    fn adopt<'a>(&'a self, ring: &'a Keyring) -> BoxFuture<'a, Result<(), VaultError>> {
        Box::pin(self.adopt_ring(ring))
    }
    fn rewrapped<'a>(&'a self, row: &'a DataKey) -> BoxFuture<'a, Result<Option<DataKey>, VaultError>> {
        Box::pin(self.wrapped_anew(row))
    }
    fn resealed<'a>(
        &'a self,
        connection: &'a Connection,
    ) -> BoxFuture<'a, Result<Option<Connection>, VaultError>> {
        Box::pin(self.sealed_anew(connection))
    }
    fn digest_keys<'a>(
        &'a self,
        ring: &'a Keyring,
        to: u32,
        purposes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<DigestKey>, VaultError>> {
        Box::pin(self.keys_of_digests(ring, to, purposes))
    }
}
