//! What each kind of ciphertext is bound to (PRODUCT SEC-02), so that none opens in another's place.

use ordercast_model::ids::{ConnectionId, UserId};

use super::seal::bind;

/// Where a credential field belongs.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) user: UserId,
    pub(super) connection: ConnectionId,
    pub(super) broker: &'a str,
    pub(super) field: &'a str,
}

impl Place<'_> {
    /// What the field is bound to. The data key is named by its user, who has one; the version is the one that wrapped it
    /// when the field was sealed, kept beside the field.
    pub(super) fn bound(&self, master_version: u32) -> Vec<u8> {
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

/// What a wrapped data key is bound to.
pub(super) fn wrapping(user: UserId, master_version: u32) -> Vec<u8> {
    bind(&[
        "ordercast data key v1",
        &user.to_string(),
        &master_version.to_string(),
    ])
}

/// What a personal field of the journal is bound to.
pub(super) fn personal(user: UserId, field: &str) -> Vec<u8> {
    bind(&["ordercast personal v1", &user.to_string(), field])
}

/// What a secret of a user is bound to.
pub(super) fn kept(user: UserId, purpose: &str) -> Vec<u8> {
    bind(&["ordercast secret v1", &user.to_string(), purpose])
}

/// What a digest key of an older version is bound to.
pub(super) fn digesting(version: u32, purpose: &str, master_version: u32) -> Vec<u8> {
    bind(&[
        "ordercast kept digest key v1",
        &version.to_string(),
        purpose,
        &master_version.to_string(),
    ])
}
