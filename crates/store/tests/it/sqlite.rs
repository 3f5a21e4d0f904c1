//! SQLite keeps the contract.

use std::sync::{Arc, Mutex};

use ordercast_testkit::contract;

use crate::database::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_the_contract() {
    let kept = Arc::new(Mutex::new(Vec::new()));
    contract::store::run(|_| async {
        let database = Database::sqlite().await;
        let store = Arc::clone(&database.store);
        kept.lock().expect("not poisoned").push(database);
        store
    })
    .await;
}
