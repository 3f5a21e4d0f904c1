//! Each way a database cannot be opened has its own clear words.

use std::{fs, path::Path};

use ordercast_store::{FolderError, FolderLock, OpenError, Options, open};
use tempfile::TempDir;

use crate::database::{Database, all};

async fn refused(url: &str) -> OpenError {
    match open(url, &Options::default()).await {
        Ok(_) => panic!("{url} opened"),
        Err(error) => error,
    }
}

fn sqlite(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_by_name() {
    for url in [
        "",
        "ordercast.db",
        "mysql://localhost/x",
        "sqlite:",
        "sqlite::memory:",
        "postgres://[bad/x",
    ] {
        let error = refused(url).await;
        assert!(matches!(error, OpenError::Address { .. }), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damaged() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("ordercast.db");
    fs::write(
        &file,
        "this is not a database, it is a letter to somebody who lost one".repeat(100),
    )
    .expect("written");
    let error = refused(&sqlite(&file)).await;
    assert!(
        matches!(&error, OpenError::Corrupt { why, .. } if why.contains("not a database")),
        "{error}"
    );
    let before = fs::read(&file).expect("there");
    assert!(before.starts_with(b"this is not"), "and is left as it was");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let folder = TempDir::new().expect("a folder");
    let error = refused(&sqlite(&folder.path().join("missing/ordercast.db"))).await;
    assert!(
        matches!(&error, OpenError::NotWritable { why, .. } if why.contains("missing")),
        "{error}"
    );
    let error = refused(&sqlite(folder.path())).await;
    assert!(
        matches!(error, OpenError::NotWritable { .. }),
        "a folder is no file: {error}"
    );
    let options = Options {
        create: false,
        ..Options::default()
    };
    let absent = open(&sqlite(&folder.path().join("absent.db")), &options).await;
    assert!(matches!(absent.err(), Some(OpenError::NotWritable { .. })));
}

#[tokio::test]
async fn a_newer_schema_is_not_touched() {
    for mut database in all().await {
        let insert = if database.is_sqlite() {
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', 1, x'00', 0)"
        } else {
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', true, '\\x00', 0)"
        };
        database.raw(insert).await.expect("written");
        database.close().await;
        let error = refused(&database.url).await;
        assert!(
            matches!(
                error,
                OpenError::Newer {
                    found: 9999,
                    known: 1..,
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_edited_migration_is_noticed() {
    for mut database in all().await {
        let edit = if database.is_sqlite() { "x'00'" } else { "'\\x00'" };
        let sql = format!("UPDATE _sqlx_migrations SET checksum = {edit}");
        database.raw(&sql).await.expect("written");
        database.close().await;
        let error = refused(&database.url).await;
        assert!(matches!(error, OpenError::Altered { version: 1, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable_and_the_password_stays_secret() {
    let error = refused("postgres://trader:hunter2@127.0.0.1:1/ordercast").await;
    assert!(
        matches!(&error, OpenError::Unreachable { server, .. } if server == "127.0.0.1:1"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_second_program_is_told_who_was_first() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let first = FolderLock::take(&data, "ordercast demo").expect("free");
    let error = FolderLock::take(&data, "ordercast serve").expect_err("held");
    let holder = format!("ordercast demo (process {})", std::process::id());
    assert!(
        matches!(&error, FolderError::Held { holder: said, .. } if *said == holder),
        "{error}"
    );
    drop(first);
    let again = FolderLock::take(&data, "ordercast serve").expect("free again");
    assert_eq!(again.folder(), data);
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let error = FolderLock::take(&file.join("data"), "ordercast").expect_err("no folder");
    assert!(matches!(error, FolderError::NotWritable { .. }), "{error}");
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    let database = Database::sqlite().await;
    let columns = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let before = database.column(columns).await;
    let database = database.reopen().await;
    assert_eq!(database.column(columns).await, before);
}
