//! Compares what no venue holds with live quotes: levels of emulated lots, starts of trailing stops (PRODUCT EX-11, EX-15,
//! EX-21). Finds its lots in the store, so that a restart goes on; decides nothing itself.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use futures::{StreamExt, stream};
use ordercast_model::{
    connection::Connection,
    ids::{ConnectionId, LotId},
    instrument::Instrument,
    journal::kind::Kind,
    market::Quote,
    money::{self, Price},
    ports::{
        market::Market,
        store::{Batch, CommitError, Page, StoreError, SystemQuery, find_any, get},
    },
    position::{Lot, Watch},
    signal::instruction::PositionSide,
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};
use ordercast_rules::protect::emulate::{self as rules, Look, QUOTE_AGE_MAX};
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;

use crate::{context::Context, lane::Job, narrate};

/// How often levels are compared with quotes: well within the 2 s from touch to order.
const EVERY: Duration = Duration::from_millis(250);
/// Lots taken at once.
const PAGE: u32 = 500;
/// Longest wait for one venue's quote; the others are not held up longer.
const QUOTE_WAIT: Duration = Duration::from_millis(500);
/// Questions to venues at the same time.
const ASKED_MAX: usize = 64;
/// Without a fresh quote for this long in an open session the user is told.
const STALE_AFTER: Duration = Duration::from_secs(30);
/// A price this far from the stored one is stored.
const SEEN_STEP: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

type Spot = (String, Instrument);

/// What a venue says of an instrument now.
struct View {
    quote: Option<Quote>,
    open: bool,
    tick: Decimal,
}

/// The watch, with what it remembers between its rounds. Nothing of it is needed after a restart.
#[derive(Default)]
pub struct Vigil {
    connections: BTreeMap<ConnectionId, Connection>,
    ticks: BTreeMap<Spot, Decimal>,
    before: BTreeMap<(Spot, bool), Price>,
    silent: BTreeMap<LotId, Timestamp>,
}

/// Runs until the token is cancelled.
pub async fn run(ctx: Context, stop: CancellationToken) {
    let mut vigil = Vigil::default();
    while !stop.is_cancelled() {
        if let Err(error) = vigil.round(&ctx).await {
            tracing::error!(%error, "levels are not watched");
        }
        let next = ctx.clock.sleep_until(ctx.now().plus(EVERY));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
    }
}

impl Vigil {
    /// Compares every watched lot with its quote once. Safe to repeat.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn round(&mut self, ctx: &Context) -> Result<(), StoreError> {
        let system = SystemScope::housekeeping("levels of every tenant are watched");
        let mut lots: Vec<Lot> = Vec::new();
        loop {
            let page = Page {
                after: lots.last().map(|l| l.id.to_string()),
                limit: PAGE,
            };
            let found = find_any::<Lot>(ctx.store.as_ref(), system, SystemQuery::LotsWatched(page)).await?;
            let last = found.len() < PAGE as usize;
            lots.extend(found);
            if last {
                break;
            }
        }
        let mut spots: BTreeMap<Spot, Vec<Lot>> = BTreeMap::new();
        for lot in lots {
            if let Some(connection) = self.connection(ctx, &lot).await? {
                let spot = (connection.broker.clone(), lot.instrument.clone());
                spots.entry(spot).or_default().push(lot);
            }
        }
        self.silent
            .retain(|id, _| spots.values().flatten().any(|l| l.id == *id));
        let views = self.views(ctx, spots.keys().cloned().collect()).await;
        for (spot, view) in views {
            for lot in spots.get(&spot).into_iter().flatten() {
                self.compare(ctx, &spot, lot, &view).await?;
            }
            if let Some(quote) = view.quote.filter(|q| ctx.now().since(q.at) <= QUOTE_AGE_MAX) {
                for side in [PositionSide::Long, PositionSide::Short] {
                    let price = rules::closing_price(side, &quote);
                    self.before
                        .insert((spot.clone(), side == PositionSide::Long), price);
                }
            }
        }
        Ok(())
    }

    async fn connection(&mut self, ctx: &Context, lot: &Lot) -> Result<Option<&Connection>, StoreError> {
        if let Entry::Vacant(place) = self.connections.entry(lot.connection_id) {
            let (scope, key) = (TenantScope::of_user(lot), lot.connection_id.to_string());
            if let Some(found) = get::<Connection>(ctx.store.as_ref(), &scope, &key).await? {
                place.insert(found);
            }
        }
        Ok(self.connections.get(&lot.connection_id))
    }

    async fn views(&mut self, ctx: &Context, spots: Vec<Spot>) -> Vec<(Spot, View)> {
        let ticks = &self.ticks;
        let asked = spots.into_iter().filter_map(|spot| {
            let market = ctx.markets.get(&spot.0)?;
            let tick = ticks.get(&spot).copied();
            Some(async move {
                let view = view(ctx, market.as_ref(), &spot.1, tick).await;
                (spot, view)
            })
        });
        let found: Vec<(Spot, Option<View>)> = stream::iter(asked).buffered(ASKED_MAX).collect().await;
        let mut views = Vec::new();
        for (spot, view) in found {
            if let Some(view) = view {
                self.ticks.insert(spot.clone(), view.tick);
                views.push((spot, view));
            }
        }
        views
    }

    async fn compare(
        &mut self,
        ctx: &Context,
        spot: &Spot,
        lot: &Lot,
        view: &View,
    ) -> Result<(), StoreError> {
        let Some(watch) = &lot.watch else { return Ok(()) };
        if !view.open {
            self.silent.remove(&lot.id);
            return Ok(());
        }
        let now = ctx.now();
        let before = self
            .before
            .get(&(spot.clone(), lot.side == PositionSide::Long))
            .copied();
        let look = match rules::look(lot, view.quote.as_ref(), before, now, view.tick) {
            Ok(look) => look,
            Err(error) => {
                tracing::error!(lot = %lot.id, %error, "a watched level is no price");
                return Ok(());
            }
        };
        if look == Look::Stale {
            let since = *self.silent.entry(lot.id).or_insert(now);
            if !watch.stale && now.since(since) >= STALE_AFTER {
                let words = "there is no fresh quote, so that its levels cannot be watched; nothing is sent until there is one";
                let stale = changed(lot, |w| w.stale = true);
                self.write(ctx, stale, Some((Kind::ProtectionMissing, Some(words))))
                    .await?;
            }
            return Ok(());
        }
        self.silent.remove(&lot.id);
        if watch.stale {
            let fresh = changed(lot, |w| w.stale = false);
            return self
                .write(ctx, fresh, Some((Kind::ProtectionEmulated, None)))
                .await;
        }
        let Some(quote) = view.quote.as_ref() else {
            return Ok(());
        };
        self.act(ctx, lot, watch, look, quote, view.tick).await
    }

    async fn act(
        &self,
        ctx: &Context,
        lot: &Lot,
        watch: &Watch,
        look: Look,
        quote: &Quote,
        tick: Decimal,
    ) -> Result<(), StoreError> {
        match look {
            Look::Jump { from, to } => {
                let words = format!(
                    "its price went from {from} to {to} without a trade, as after a split; nothing is sent until the price is back or you resume it"
                );
                let held = changed(lot, |w| (w.suspended, w.seen) = (true, Some(from)));
                return self
                    .write(ctx, held, Some((Kind::ProtectionMissing, Some(&words))))
                    .await;
            }
            Look::Back => {
                let on = changed(lot, |w| w.suspended = false);
                return self.write(ctx, on, Some((Kind::ProtectionEmulated, None))).await;
            }
            Look::Raised(mark) => {
                let next = rules::raised(lot, mark, tick);
                if next.stop_price != lot.stop_price {
                    return self.write(ctx, next, None).await;
                }
            }
            Look::Touched(_) | Look::Activated(_) => {
                ctx.lanes.push_for(lot, Job::Touched(lot.id, quote.clone())).await;
            }
            Look::Nothing | Look::Stale => {}
        }
        let price = rules::closing_price(lot.side, quote);
        if !watch.suspended && watch.seen.is_none_or(|seen| is_far(seen, price)) {
            let next = changed(lot, |w| w.seen = Some(price));
            self.write(ctx, next, None).await?;
        }
        Ok(())
    }

    /// Writes a lot down; when somebody else changed it the next round looks again.
    async fn write(
        &self,
        ctx: &Context,
        mut next: Lot,
        told: Option<(Kind, Option<&str>)>,
    ) -> Result<(), StoreError> {
        next.version += 1;
        next.updated_at = ctx.now();
        let mut batch = Batch::new();
        if let (Some((kind, words)), Some(connection)) = (told, self.connections.get(&next.connection_id)) {
            batch.note(narrate::protection(ctx, connection, &next, kind, words));
        }
        let scope = TenantScope::of_user(&next);
        batch.update(next);
        match ctx.commit(scope, batch).await {
            Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Unavailable(error.to_string())),
        }
    }
}

fn changed(lot: &Lot, change: impl FnOnce(&mut Watch)) -> Lot {
    let mut next = lot.clone();
    next.watch.as_mut().map(change);
    next
}

fn is_far(seen: Price, price: Price) -> bool {
    let change = money::sub(price.value(), seen.value()).and_then(|d| money::div(d, seen.value()));
    change.is_ok_and(|c| c.abs() >= SEEN_STEP)
}

/// What a venue says now; none when it does not name the instrument's price step in time.
async fn view(
    ctx: &Context,
    market: &dyn Market,
    instrument: &Instrument,
    tick: Option<Decimal>,
) -> Option<View> {
    let symbol = instrument.to_string();
    let ask = async {
        let tick = match tick {
            Some(tick) => tick,
            None => market.rules(&symbol).await.ok()?.tick,
        };
        // A venue that does not say is open as far as a fresh quote says so.
        let open = market.session(instrument).await.map_or(true, |s| s.open);
        let fresh = |q: &Quote| ctx.now().since(q.at) <= QUOTE_AGE_MAX;
        let quote = match market.latest(instrument).filter(fresh) {
            Some(quote) => Some(quote),
            None => market.quote(instrument).await.ok(),
        };
        Some(View { quote, open, tick })
    };
    tokio::select! {
        biased;
        view = ask => view,
        () = ctx.clock.sleep_until(ctx.now().plus(QUOTE_WAIT)) => tick.map(|tick| View {
            quote: market.latest(instrument),
            open: true,
            tick,
        }),
    }
}
