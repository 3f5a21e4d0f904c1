//! The API document: what is committed is what the routes say, and its codes are spelled as the answers spell them.

use ordercast_model::{community, connection, decision, follow, instrument, limits, order, plan, signal};
use ordercast_web::{openapi, view::code};
use serde::Serialize;
use serde_json::Value;

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = include_str!("../../openapi.json");
    assert!(
        openapi::pretty().unwrap() == committed,
        "the routes changed: cargo run -p ordercast-web --example openapi > crates/web/openapi.json"
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_its_text() {
    let document: Value = serde_json::from_str(&openapi::pretty().unwrap()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in references(&document) {
        let name = reference.rsplit('/').next().unwrap();
        assert!(schemas.contains_key(name), "{reference}");
    }
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(
                operation["summary"].as_str().is_some_and(|t| !t.is_empty()),
                "{what}"
            );
            assert!(operation["tags"][0].is_string(), "{what}");
            assert!(
                names.insert(operation["operationId"].to_string()),
                "{what}: its id is taken"
            );
        }
    }
}

/// Two answers of one name would be described as one of them.
#[test]
fn no_two_words_of_the_document_share_a_name() {
    let mut names = std::collections::BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for described in text.split("ToSchema)]").skip(1) {
                let words = described.split_whitespace();
                let mut name = words.skip_while(|w| *w != "struct" && *w != "enum").skip(1);
                let name = name.next().unwrap().trim_end_matches(['{', '<', '(']);
                assert!(names.insert(name.to_owned()), "{name} in {}", path.display());
            }
        }
    }
    assert!(names.len() > 100, "{}", names.len());
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, inner)| match (key.as_str(), inner) {
                ("$ref", Value::String(text)) => vec![text.clone()],
                _ => references(inner),
            })
            .collect(),
        Value::Array(list) => list.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The codes of the document and those our words write must be the same.
fn check<A: Serialize, B: Serialize>(name: &str, document: &[A], words: &[B]) {
    let text = |value: Result<Value, serde_json::Error>| value.unwrap();
    let ours: Vec<Value> = words.iter().map(|w| text(serde_json::to_value(w))).collect();
    let theirs: Vec<Value> = document.iter().map(|d| text(serde_json::to_value(d))).collect();
    assert_eq!(theirs, ours, "{name}");
}

#[test]
fn codes_are_spelled_as_the_answers_spell_them() {
    use community::{ProviderStatus, Role};
    use connection::{Health, Mode};
    use decision::ApprovalState;
    use follow::{BelowMin, FollowMode, OnDelete, WhenClosed};
    use instrument::AssetClass;
    use limits::{LimitOwner, SwitchKind};
    use order::{intent::CancelledBy, shape::OrderSide, state::OrderState};
    use signal::instruction::{Action, EntryKind, PositionSide, TimeInForce};
    use signal::record::SignalStatus;

    check("OrderState", code::OrderState::ALL, &OrderState::ALL);
    check("Plan", code::Plan::ALL, &plan::Plan::ALL);
    check(
        "OrderSide",
        code::OrderSide::ALL,
        &[OrderSide::Buy, OrderSide::Sell],
    );
    check(
        "PositionSide",
        code::PositionSide::ALL,
        &[PositionSide::Long, PositionSide::Short],
    );
    let classes = [
        AssetClass::Equity,
        AssetClass::Option,
        AssetClass::Crypto,
        AssetClass::Fx,
        AssetClass::Future,
    ];
    check("AssetClass", code::AssetClass::ALL, &classes);
    check("Mode", code::Mode::ALL, &[Mode::Paper, Mode::Live]);
    let healths = [
        Health::Ok,
        Health::Degraded,
        Health::Down,
        Health::Unauthorised,
        Health::Disabled,
    ];
    check("Health", code::Health::ALL, &healths);
    let lives = [
        TimeInForce::Day,
        TimeInForce::Gtc,
        TimeInForce::Ioc,
        TimeInForce::Fok,
    ];
    check("TimeInForce", code::TimeInForce::ALL, &lives);
    let enders = [
        CancelledBy::User,
        CancelledBy::System,
        CancelledBy::Provider,
        CancelledBy::Broker,
    ];
    check("CancelledBy", code::CancelledBy::ALL, &enders);
    let roles = [
        Role::Viewer,
        Role::Trader,
        Role::Moderator,
        Role::Admin,
        Role::Owner,
    ];
    check("Role", code::Role::ALL, &roles);
    let providers = [
        ProviderStatus::Draft,
        ProviderStatus::Active,
        ProviderStatus::Paused,
        ProviderStatus::Suspended,
        ProviderStatus::Banned,
    ];
    check("ProviderStatus", code::ProviderStatus::ALL, &providers);
    use ordercast_model::hook::{DeliveryOutcome as Outcome, HookStatus};
    check(
        "HookStatus",
        code::HookStatus::ALL,
        &[HookStatus::Active, HookStatus::Disabled, HookStatus::Removed],
    );
    let outcomes = [
        Outcome::Accepted,
        Outcome::Duplicate,
        Outcome::Test,
        Outcome::Invalid,
        Outcome::NotATrade,
        Outcome::Unreadable,
        Outcome::TooLarge,
        Outcome::Signature,
        Outcome::Passphrase,
        Outcome::Address,
        Outcome::Disabled,
        Outcome::Plan,
        Outcome::Quota,
    ];
    check("DeliveryOutcome", code::DeliveryOutcome::ALL, &outcomes);
    check(
        "FollowMode",
        code::FollowMode::ALL,
        &[FollowMode::Auto, FollowMode::Approve],
    );
    check("BelowMin", code::BelowMin::ALL, &[BelowMin::Skip, BelowMin::Ask]);
    check(
        "OnDelete",
        code::OnDelete::ALL,
        &[OnDelete::CancelUnfilled, OnDelete::Ignore, OnDelete::Close],
    );
    check(
        "WhenClosed",
        code::WhenClosed::ALL,
        &[WhenClosed::Queue, WhenClosed::Skip],
    );
    let cards = [
        ApprovalState::Pending,
        ApprovalState::Approved,
        ApprovalState::Declined,
        ApprovalState::Expired,
    ];
    check("ApprovalState", code::ApprovalState::ALL, &cards);
    let signals = [
        SignalStatus::Read,
        SignalStatus::Done,
        SignalStatus::Stale,
        SignalStatus::Invalid,
        SignalStatus::Superseded,
        SignalStatus::Deleted,
    ];
    check("SignalStatus", code::SignalStatus::ALL, &signals);
    use ordercast_model::signal::profile::{ExpiryRule, Label, SellMeans};
    check(
        "PriceLabel",
        code::PriceLabel::ALL,
        &[Label::Entry, Label::Stop, Label::Target],
    );
    check(
        "SellMeans",
        code::SellMeans::ALL,
        &[SellMeans::CloseLong, SellMeans::OpenShort],
    );
    check(
        "ExpiryRule",
        code::ExpiryRule::ALL,
        &[ExpiryRule::SameDay, ExpiryRule::SameWeek],
    );
    let actions = [
        Action::Open,
        Action::Add,
        Action::Reduce,
        Action::Close,
        Action::UpdateStop,
        Action::UpdateTarget,
        Action::Cancel,
    ];
    check("Action", code::Action::ALL, &actions);
    let entries = [
        EntryKind::Market,
        EntryKind::Limit,
        EntryKind::ImpliedLimit,
        EntryKind::Stop,
        EntryKind::StopLimit,
    ];
    check("EntryKind", code::EntryKind::ALL, &entries);
    check(
        "SwitchKind",
        code::SwitchKind::ALL,
        &[SwitchKind::Kill, SwitchKind::Pause, SwitchKind::Lock],
    );
    let owners = [
        LimitOwner::Platform,
        LimitOwner::Community,
        LimitOwner::User,
        LimitOwner::Follow,
    ];
    check("LimitOwner", code::LimitOwner::ALL, &owners);
}
