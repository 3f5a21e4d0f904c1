//! Leadership on each database keeps the contract, and so does the helm where several processes may share it.

use ordercast_testkit::contract;

use crate::database::all;

#[tokio::test]
async fn one_leads_until_it_lets_go() {
    for database in all().await {
        contract::lease::run(&*database.leadership).await;
    }
}

#[tokio::test]
async fn one_holds_the_helm_until_it_is_silent() {
    for database in all().await {
        match &database.helm {
            Some(helm) => contract::helm::run(&**helm).await,
            None => assert!(database.is_sqlite(), "only one process can be there"),
        }
    }
}
