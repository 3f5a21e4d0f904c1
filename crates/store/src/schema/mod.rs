//! Decides the columns of each table and how they are filled from a row: one description per table.

mod shape;

use ordercast_model::{
    connection::Health,
    decision::ApprovalState,
    limits::SwitchScope,
    order::{intent::Order, state::OrderState},
    ports::store::{Row, Table},
    time::Timestamp,
};

pub(crate) use self::shape::Shape;
use crate::value::{Value, count, flag, instant, maybe, number, text};

macro_rules! shapes {
    ($($table:ident($row:ident) {
        $($column:ident = $value:expr;)+
        $(@owner $($owner:ident),+;)?
        $(@unique $($unique:ident),+;)?
    })+) => {
        /// The description of a table.
        pub(crate) const fn shape(table: Table) -> &'static Shape {
            match table {$(
                Table::$table => const { &Shape {
                    name: Table::$table.name(),
                    columns: &[$(stringify!($column)),+],
                    owner: &[$($(stringify!($owner)),+)?],
                    unique: &[$($(stringify!($unique)),+)?],
                } },
            )+}
        }
        /// The values of a row's own columns, in the order of its shape.
        fn own_values(row: &Row) -> Vec<Value> {
            match row {$(
                Row::$table($row) => vec![$($value),+],
            )+}
        }
    };
}

shapes! {
    User(row) {
        name = text(&row.name); demo = flag(row.demo); discord_id = maybe(row.discord_id.as_ref());
        platform_admin = flag(row.platform_admin);
        @unique discord_id;
    }
    Session(row) {
        user_id = text(row.user_id); token_hash = text(&row.token_hash);
        previous_hash = maybe(row.previous.as_ref().map(|old| &old.token_hash));
        @owner user_id; @unique token_hash;
    }
    LoginTicket(row) { user_id = text(row.user_id); @owner user_id; }
    LinkTicket(row) { discord_id = text(&row.discord_id); }
    DataKey(row) { user_id = text(row.user_id); @owner user_id;  }
    Idempotency(row) { user_id = text(row.user_id); @owner user_id; }
    Community(row) { guild_id = text(&row.guild_id); @unique guild_id; }
    Membership(row) {
        community_id = text(row.community_id); user_id = text(row.user_id);
        @owner community_id, user_id;
    }
    Channel(row) {
        community_id = text(row.community_id); source_key = text(&row.source_key); enabled = flag(row.enabled);
        @owner community_id; @unique source_key;
    }
    Provider(row) { community_id = text(row.community_id); name = text(&row.name); @owner community_id; }
    Hook(row) { community_id = text(row.community_id); @owner community_id; }
    HookLedger(row) { community_id = text(row.community_id); @owner community_id; }
    Delivery(row) {
        community_id = text(row.community_id); hook_id = text(row.hook_id); number = count(row.number);
        @owner community_id;
    }
    ProfileVersion(row) {
        community_id = text(row.community_id); provider_id = text(row.provider_id);
        @owner community_id;
    }
    Message(row) {
        community_id = text(row.community_id); source_key = text(row.source.key());
        source_id = text(&row.source_id); revision = number(row.revision); processed = flag(row.processed);
        provider_id = maybe(row.provider_id);
        @owner community_id; @unique source_key, source_id, revision;
    }
    Signal(row) {
        community_id = text(row.community_id); source_key = text(&row.source_key);
        source_id = text(&row.source_id);
        @owner community_id; @unique source_key, source_id;
    }
    Follow(row) {
        user_id = text(row.user_id); provider_id = text(row.provider_id); enabled = flag(row.enabled);
        @owner user_id; @unique user_id, provider_id;
    }
    Connection(row) {
        user_id = text(row.user_id); enabled = flag(row.health != Health::Disabled);
        @owner user_id;
    }
    Account(row) {
        user_id = text(row.user_id); connection_id = text(row.connection_id);
        @owner user_id; @unique connection_id;
    }
    Decision(row) {
        signal_id = text(row.signal_id); revision = number(row.revision);
        instruction = number(row.instruction); user_id = text(row.user_id);
        @owner user_id; @unique signal_id, revision, instruction, user_id;
    }
    Approval(row) {
        user_id = text(row.user_id); state = text(approval_code(row.state)); due_at = instant(row.expires_at);
        @owner user_id;
    }
    Intent(row) {
        user_id = text(row.user_id); order_id = text(row.order_id);
        @owner user_id; @unique order_id;
    }
    Order(row) {
        user_id = text(row.user_id); connection_id = text(row.connection_id);
        client_order_id = text(row.client_order_id()); signal_id = maybe(row.signal_id);
        lot_id = maybe(row.lot_id); state = text(row.state.code());
        is_open = flag(!row.state.is_final()); due_at = Value::Number(due_at(row).map(Timestamp::micros));
        @owner user_id; @unique connection_id, client_order_id;
    }
    Fill(row) {
        user_id = text(row.user_id); connection_id = text(row.connection_id); order_id = text(row.order_id);
        venue_fill_id = text(&row.venue_fill_id);
        @owner user_id; @unique connection_id, venue_fill_id;
    }
    Lot(row) {
        user_id = text(row.user_id); provider_id = maybe(row.provider_id); signal_id = maybe(row.signal_id);
        is_open = flag(!row.closed); watched = flag(row.watched());
        @owner user_id;
    }
    Position(row) {
        user_id = text(row.user_id); connection_id = text(row.connection_id);
        instrument = text(&row.instrument); is_open = flag(row.closed_at.is_none());
        @owner user_id; @unique connection_id, instrument;
    }
    UserLimits(row) {
        user_id = text(row.user_id); due_at = Value::Number(row.due_at().map(Timestamp::micros));
        @owner user_id;
    }
    SecondFactor(row) { user_id = text(row.user_id); @owner user_id; }
    Switch(row) {
        user_id = maybe(row.user_id); community_id = maybe(community_of(&row.scope)); enabled = flag(row.on);
        @owner user_id, community_id;
    }
    NoticeSettings(row) { user_id = text(row.user_id); @owner user_id; }
    Bookmark(row) { next = count(row.next); }
    Checkpoint(row) { size = count(row.size); @unique size; }
    Departure(row) { due_at = instant(row.expires_at); }
    DiscordGrant(row) {
        user_id = text(row.user_id); due_at = Value::Number(row.due_at.map(Timestamp::micros));
        @owner user_id;
    }
    Keyring(row) { active = count(u64::from(row.active)); }
    SentCard(row) { user_id = text(row.user_id); @owner user_id; }
    EquityPoint(row) {
        user_id = text(row.user_id); connection_id = text(row.connection_id); at = instant(row.at);
        @owner user_id;
    }
}

const fn approval_code(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Pending => "pending",
        ApprovalState::Approved => "approved",
        ApprovalState::Declined => "declined",
        ApprovalState::Expired => "expired",
    }
}

/// Until when an order waits; a queued one without an instant is due at once.
fn due_at(order: &Order) -> Option<Timestamp> {
    let queued = (order.state == OrderState::Queued).then_some(Timestamp::default());
    order.due_at.or(queued)
}

const fn community_of(scope: &SwitchScope) -> Option<ordercast_model::ids::CommunityId> {
    match scope {
        SwitchScope::Community(id) => Some(*id),
        _ => None,
    }
}

/// All values of a row: key, version, its own columns, body.
///
/// # Errors
/// serde's, when the row cannot be written as JSON.
pub(crate) fn values(row: &Row) -> Result<Vec<Value>, serde_json::Error> {
    let mut all = vec![text(row.key()), count(row.version())];
    all.extend(own_values(row));
    all.push(text(row.body()?));
    Ok(all)
}

/// The tables of the journal that are written in multi-row statements, described the same way.
pub(crate) mod record {
    /// Entries.
    pub(crate) const JOURNAL: (&str, &[&str]) = (
        "journal",
        &[
            "id",
            "at",
            "kind",
            "user_id",
            "community_id",
            "object_type",
            "object_id",
            "body",
        ],
    );
    /// Entries that wait.
    pub(crate) const PENDING: (&str, &[&str]) = ("journal_pending", &["id"]);
    /// Steps of feeds.
    pub(crate) const FEED: (&str, &[&str]) = ("feed", &["user_id", "user_seq", "seq"]);
}
