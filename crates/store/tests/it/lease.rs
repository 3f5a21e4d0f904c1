//! Leadership on each database keeps the contract.

use ordercast_testkit::contract;

use crate::database::all;

#[tokio::test]
async fn one_leads_until_it_lets_go() {
    for database in all().await {
        contract::lease::run(&*database.leadership).await;
    }
}
