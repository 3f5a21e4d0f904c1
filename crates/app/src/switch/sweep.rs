//! What a kill does after it was acknowledged: entries it covers are cancelled, what it closes is handed over, and the
//! journal says which. What stands in the store decides, so that a restart goes on where it stopped.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, stream};
use ordercast_model::{
    account::Account,
    journal::entry::{Actor, Entry},
    limits::{Switch, SwitchKind, SwitchScope},
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::{
        BoxFuture,
        store::{Batch, CommitError, Page, Query, StoreError, SystemQuery, find, find_any, get},
    },
    tenant::{SystemScope, TenantScope},
    user::User,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::facts;
use crate::{context::Context, execute::ask_cancel, flatten, pages::Pages};

/// How often kills in force are looked at, should a wake-up be lost.
const EVERY: Duration = Duration::from_secs(2);
/// Orders and lots named in an entry; more are counted.
const NAMED_MAX: usize = 50;
/// Working orders read at once.
const PAGE: u32 = 500;
/// Cancels written down at the same time: they share a transaction where the store groups them.
const ASKED_AT_ONCE: usize = 32;

/// Which version of each kill found nothing left to cancel.
type Done = BTreeMap<String, u64>;

/// Carries kills out until the token is cancelled.
pub(crate) async fn run(ctx: &Context, stop: &CancellationToken) {
    let mut done = Done::new();
    let mut told = versions(ctx);
    loop {
        if let Err(error) = round(ctx, &mut done, &mut told).await {
            tracing::warn!(%error, "what a kill cancels waits");
        }
        let again = ctx.clock.sleep_until(ctx.now().plus(EVERY));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = ctx.switchboard.changed() => {}
            () = again => {}
        }
    }
}

fn kills(ctx: &Context) -> impl Iterator<Item = Switch> {
    let all = ctx.switchboard.all().into_iter();
    all.filter(|switch| switch.kind == SwitchKind::Kill)
}

/// Kills that stood before this process looked: what they close was told by the one before.
fn versions(ctx: &Context) -> Done {
    kills(ctx).map(|switch| (switch.key, switch.version)).collect()
}

/// Looks at every kill that may still have something to cancel. Safe to repeat.
async fn round(ctx: &Context, done: &mut Done, told: &mut Done) -> Result<(), CommitError> {
    let on: Vec<Switch> = kills(ctx).collect();
    for map in [&mut *done, &mut *told] {
        map.retain(|key, _| on.iter().any(|switch| switch.key == *key));
    }
    for switch in on {
        if done.get(&switch.key) == Some(&switch.version) {
            continue;
        }
        let cancelled = cancel(ctx, &switch).await?;
        let fresh = told.insert(switch.key.clone(), switch.version) != Some(switch.version);
        let closing = if fresh {
            flatten::begin(ctx, &switch).await?
        } else {
            Vec::new()
        };
        if !cancelled.is_empty() || !closing.is_empty() {
            let closing = closing.iter().map(ToString::to_string).collect();
            tell(ctx, &switch, cancelled.clone(), closing).await?;
        }
        if cancelled.is_empty() {
            done.insert(switch.key, switch.version);
        }
    }
    Ok(())
}

async fn tell(
    ctx: &Context,
    switch: &Switch,
    cancelled: Vec<String>,
    closing: Vec<String>,
) -> Result<(), CommitError> {
    let mut entry = entry(ctx, switch);
    if let Some(serde_json::Value::Object(after)) = &mut entry.after {
        let named = |ids: Vec<String>| json!({ "count": ids.len(), "first": ids.into_iter().take(NAMED_MAX).collect::<Vec<_>>() });
        after.insert("cancelled".to_owned(), named(cancelled));
        after.insert("closing".to_owned(), named(closing));
        if let Some(left) = left_alone(ctx, switch).await? {
            after.insert("left_at_broker".to_owned(), json!(left));
        }
    }
    let mut batch = Batch::new();
    batch.note(entry);
    let system = SystemScope::housekeeping("a kill may be wider than its setter");
    ctx.commit(system, batch).await
}

/// How many orders the user placed at the broker by hand: no kill touches those. None where the kill is not of the user's
/// own accounts.
async fn left_alone(ctx: &Context, switch: &Switch) -> Result<Option<usize>, StoreError> {
    let (user, only) = match &switch.scope {
        SwitchScope::User(id) => (Some(*id), None),
        SwitchScope::Connection(id) => (switch.user_id, Some(*id)),
        _ => (None, None),
    };
    let Some(user) = user else {
        return Ok(None);
    };
    let system = SystemScope::housekeeping("a kill tells what it leaves alone");
    let users = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::User(user)).await?;
    let Some(user) = users.first() else {
        return Ok(None);
    };
    let own = TenantScope::of_user(user);
    let accounts = find::<Account>(ctx.store.as_ref(), &own, Query::Accounts).await?;
    let covered = accounts
        .iter()
        .filter(|a| only.is_none_or(|id| a.connection_id == id));
    Ok(Some(covered.map(|a| a.outside.len()).sum()))
}

fn entry(ctx: &Context, switch: &Switch) -> Entry {
    let actor = switch.set_by.map_or_else(|| Actor::system("switch"), Actor::user);
    let mut entry = super::named(ctx, actor, switch);
    entry.user = switch.user_id.or(switch.set_by);
    entry.reason = (!switch.reason.is_empty()).then(|| switch.reason.clone());
    entry.after = Some(facts(switch));
    entry
}

/// Asks for the cancel of every entry that works under the kill and was not asked for yet; protection stays. Gives which.
async fn cancel(ctx: &Context, switch: &Switch) -> Result<Vec<String>, CommitError> {
    // The follower's own word only when the switch is the follower's own.
    let by = match switch.scope {
        SwitchScope::User(_) | SwitchScope::Follow(_) | SwitchScope::Connection(_) => CancelledBy::User,
        SwitchScope::Platform | SwitchScope::Community(_) | SwitchScope::Provider(_) => CancelledBy::System,
    };
    let mut cancelled = Vec::new();
    let mut pages = Pages::of(PAGE);
    while let Some(page) = pages.next() {
        let found = working(ctx, switch, page, &mut pages).await?;
        let new = found.into_iter().filter(|order| !order.cancel_requested);
        let asking: Vec<Asking<'_>> = new.map(|order| asking(ctx, order, by)).collect();
        let mut asking = stream::iter(asking).buffer_unordered(ASKED_AT_ONCE);
        while let Some(asked) = asking.next().await {
            cancelled.push(asked?);
        }
    }
    cancelled.sort();
    Ok(cancelled)
}

/// Asking for one cancel; gives the order's id.
type Asking<'a> = BoxFuture<'a, Result<String, CommitError>>;

fn asking(ctx: &Context, order: Order, by: CancelledBy) -> Asking<'_> {
    Box::pin(async move {
        ask_cancel(ctx, &order, by).await?;
        Ok(order.id.to_string())
    })
}

/// How many entries that work now a kill covers.
pub(super) async fn count(ctx: &Context, switch: &Switch) -> Result<usize, StoreError> {
    let (mut count, mut pages) = (0, Pages::of(PAGE));
    while let Some(page) = pages.next() {
        let found = working(ctx, switch, page, &mut pages).await?;
        count += found.iter().filter(|order| !order.cancel_requested).count();
    }
    Ok(count)
}

/// The entries of one page that a kill covers.
async fn working(
    ctx: &Context,
    switch: &Switch,
    page: Page,
    pages: &mut Pages,
) -> Result<Vec<Order>, StoreError> {
    let system = SystemScope::housekeeping("a kill cancels entries of everybody it covers");
    let found = find_any::<Order>(ctx.store.as_ref(), system, SystemQuery::OrdersOpen(page)).await?;
    pages.read(&found, |last| last.id.to_string());
    let mut working = Vec::new();
    for order in found {
        if order.leg.opens()
            && order.state != OrderState::PendingApproval
            && covers(ctx, switch, &order).await?
        {
            working.push(order);
        }
    }
    Ok(working)
}

async fn covers(ctx: &Context, switch: &Switch, order: &Order) -> Result<bool, StoreError> {
    Ok(match &switch.scope {
        SwitchScope::Platform => true,
        SwitchScope::User(id) => order.user_id == *id,
        SwitchScope::Connection(id) => order.connection_id == *id,
        SwitchScope::Provider(id) => order.provider_id == Some(*id),
        SwitchScope::Community(id) => match order.provider_id {
            Some(of) => ctx.community_of(of).await? == Some(*id),
            None => false,
        },
        SwitchScope::Follow(id) if switch.user_id == Some(order.user_id) => {
            let own = TenantScope::of_user(order);
            let follow: Option<ordercast_model::follow::Follow> =
                get(ctx.store.as_ref(), &own, &id.to_string()).await?;
            follow.is_some_and(|f| order.provider_id == Some(f.provider_id))
        }
        SwitchScope::Follow(_) => false,
    })
}
