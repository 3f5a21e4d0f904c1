//! The vault on a store: what it sealed opens in its place only, under a key of a known version only.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use ordercast_adapters::vault::{LocalVault, MasterKeys};
use ordercast_model::{
    connection::Connection,
    ids::UserId,
    ports::{
        store::{self, SystemQuery},
        vault::{Vault, VaultError},
    },
    secret::Secret,
    tenant::SystemScope,
    user::DataKey,
};
use ordercast_testkit::{sample, store::MemoryStore};

use crate::world::{clock, random};

const CANARY: &str = "canary-4f1c9e-secret";

fn keys(versions: &[u8]) -> MasterKeys {
    let entry = |v: &u8| {
        let key: Vec<u8> = (0..32).map(|i| i ^ v).collect();
        format!("{v}:{}", STANDARD.encode(key))
    };
    let text: Vec<String> = versions.iter().map(entry).collect();
    MasterKeys::parse(&Secret::new(text.join(","))).unwrap()
}

fn vault(versions: &[u8], store: &Arc<MemoryStore>) -> LocalVault {
    LocalVault::new(keys(versions), store.clone(), clock(), random())
}

async fn sealed(vault: &LocalVault, n: u64, user: UserId) -> Connection {
    let mut connection = sample::trade::connection(n, user);
    let secret = Secret::new(CANARY.to_owned());
    for field in ["key", "secret"] {
        let field = vault
            .seal(user, connection.id, &connection.broker, field, &secret)
            .await
            .unwrap();
        connection.credential.push(field);
    }
    connection
}

async fn data_keys(store: &MemoryStore, user: UserId) -> Vec<DataKey> {
    let scope = SystemScope::housekeeping("test");
    store::find_any(store, scope, SystemQuery::DataKey(user))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_credential_opens_in_its_place_and_shows_nowhere() {
    let store = Arc::new(MemoryStore::new());
    let vault = vault(&[1], &store);
    let connection = sealed(&vault, 1, sample::id(1)).await;
    let access = vault.open(&connection).await.unwrap();
    assert_eq!(access.fields["key"].expose(), CANARY);
    assert_eq!(
        (access.account_id.as_str(), access.connection_id),
        ("PA1", connection.id)
    );
    let rows = data_keys(&store, sample::id(1)).await;
    let shown = format!(
        "{access:?} {connection:?} {rows:?} {}",
        serde_json::to_string(&connection).unwrap()
    );
    assert!(!shown.contains(CANARY) && !shown.contains(&STANDARD.encode(CANARY)));
    assert_ne!(connection.credential[0].sealed, connection.credential[1].sealed);
}

#[tokio::test]
async fn a_moved_or_altered_field_does_not_open() {
    let store = Arc::new(MemoryStore::new());
    let vault = vault(&[1], &store);
    let mine = sealed(&vault, 1, sample::id(1)).await;
    let other = sealed(&vault, 2, sample::id(1)).await;
    let theirs = sealed(&vault, 3, sample::id(2)).await;
    type Change = fn(&mut Connection, &Connection, &Connection);
    let changes: [(&str, Change); 7] = [
        ("another connection", |c, other, _| {
            c.credential = other.credential.clone()
        }),
        ("another user", |c, _, theirs| c.user_id = theirs.user_id),
        ("another user's field", |c, _, theirs| {
            c.credential = theirs.credential.clone()
        }),
        ("another venue", |c, _, _| c.broker = "alpaca".to_owned()),
        ("another field", |c, _, _| {
            c.credential[0].name = "secret".to_owned()
        }),
        ("another version", |c, _, _| c.credential[0].master_version = 2),
        ("another byte", |c, _, _| {
            let flipped = if c.credential[0].sealed.starts_with('A') {
                "B"
            } else {
                "A"
            };
            c.credential[0].sealed.replace_range(0..1, flipped);
        }),
    ];
    for (what, change) in changes {
        let mut moved = mine.clone();
        change(&mut moved, &other, &theirs);
        let opened = vault.open(&moved).await;
        assert!(matches!(opened, Err(VaultError::Sealed(_))), "{what}: {opened:?}");
    }
    assert!(vault.open(&mine).await.is_ok());
}

#[tokio::test]
async fn a_lost_master_key_is_named_and_an_older_one_still_opens() {
    let store = Arc::new(MemoryStore::new());
    let connection = sealed(&vault(&[1], &store), 1, sample::id(1)).await;
    for within_reach in [&[2, 1][..], &[3, 2, 1]] {
        let access = vault(within_reach, &store).open(&connection).await.unwrap();
        assert_eq!(access.fields["secret"].expose(), CANARY);
    }
    for lost in [&[2][..], &[4, 3, 2, 1]] {
        let opened = vault(lost, &store).open(&connection).await;
        assert!(
            matches!(opened, Err(VaultError::NoKey(1))),
            "{lost:?}: {opened:?}"
        );
    }
    // A new user is sealed under the newest.
    sealed(&vault(&[2, 1], &store), 5, sample::id(5)).await;
    assert_eq!(data_keys(&store, sample::id(5)).await[0].master_version, 2);
}

#[tokio::test]
async fn many_that_seal_at_once_share_one_data_key() {
    let store = Arc::new(MemoryStore::new());
    let (one, two) = (vault(&[1], &store), vault(&[1], &store));
    let user = sample::id(1);
    let (a, b) = tokio::join!(sealed(&one, 1, user), sealed(&two, 2, user));
    assert_eq!(data_keys(&store, user).await.len(), 1);
    assert!(two.open(&a).await.is_ok() && one.open(&b).await.is_ok());
}

#[tokio::test]
async fn personal_fields_open_for_their_user_only_and_a_missing_store_is_an_error() {
    let store = Arc::new(MemoryStore::new());
    let vault = vault(&[1], &store);
    let user: UserId = sample::id(1);
    let text = vault.seal_personal(user, "address", "203.0.113.9").await.unwrap();
    assert!(!text.contains("203.0.113.9"));
    assert_eq!(
        vault
            .open_personal(user, "address", &text)
            .await
            .unwrap()
            .expose(),
        "203.0.113.9"
    );
    vault.seal_personal(sample::id(2), "address", "x").await.unwrap();
    for (who, field) in [
        (user, "agent"),
        (sample::id(2), "address"),
        (sample::id(3), "address"),
    ] {
        let opened = vault.open_personal(who, field, &text).await;
        assert!(matches!(opened, Err(VaultError::Sealed(_))), "{opened:?}");
    }
    store.set_away(true);
    let failed = vault.seal_personal(user, "address", "x").await;
    assert!(matches!(failed, Err(VaultError::Store(_))), "{failed:?}");
}

#[tokio::test]
async fn a_secret_opens_for_its_user_and_purpose_only_also_after_a_new_master_key() {
    let store = Arc::new(MemoryStore::new());
    let old = vault(&[1], &store);
    let (user, other): (UserId, UserId) = (sample::id(1), sample::id(2));
    let secret = Secret::new(CANARY.to_owned());
    let text = old.seal_secret(user, "totp", &secret).await.unwrap();
    let again = old.seal_secret(user, "totp", &secret).await.unwrap();
    assert!(text != again && !text.contains(CANARY), "{text}");
    let new = vault(&[2, 1], &store);
    assert_eq!(
        new.open_secret(user, "totp", &text).await.unwrap().expose(),
        CANARY
    );
    new.seal_secret(other, "totp", &secret).await.unwrap();
    let address = old.seal_personal(user, "totp", CANARY).await.unwrap();
    for (who, purpose, sealed) in [
        (user, "other", &text),
        (other, "totp", &text),
        (sample::id(3), "totp", &text),
        (user, "totp", &address),
    ] {
        let opened = new.open_secret(who, purpose, sealed).await;
        assert!(
            matches!(opened, Err(VaultError::Sealed(_))),
            "{who} {purpose}: {opened:?}"
        );
    }
}
