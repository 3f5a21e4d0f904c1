//! The text of every question, one static text each for both databases.

pub(crate) mod journal;
#[cfg(test)]
mod plan;
pub(crate) mod system;
pub(crate) mod tenant;

use ordercast_model::ports::store::{Page, Table};

use crate::{
    dialect::Text,
    value::{Value, number, text},
};

/// A question, ready to be asked.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Where the rows stand.
    pub(crate) table: Table,
    /// Its text; gives `id, version, body`.
    pub(crate) text: Text,
    /// Its parameters.
    pub(crate) values: Vec<Value>,
}

/// Sorts behind every key: keys are ASCII letters, digits and a few signs below the tilde.
const LAST: &str = "~";

/// At most how many rows a page may ask for.
fn limit(page: &Page) -> Value {
    number(page.limit.clamp(1, 1_000))
}

/// Where a page that runs down the keys begins.
fn below(page: &Page) -> Value {
    text(page.after.as_deref().unwrap_or(LAST))
}

/// Where a page that runs up the keys begins.
fn above(page: &Page) -> Value {
    text(page.after.as_deref().unwrap_or_default())
}

/// A question about one table.
macro_rules! rows {
    ($table:literal, $rest:literal) => {
        $crate::dialect::Text::same(concat!(
            "SELECT id, version, body FROM ",
            $table,
            " WHERE ",
            $rest
        ))
    };
    // Rows of the users in the list `$1`.
    ($table:literal OF_USERS $rest:literal) => {
        $crate::dialect::Text::listed(
            concat!(
                "SELECT id, version, body FROM ",
                $table,
                " WHERE user_id",
                $crate::dialect::in_list!(sqlite),
                $rest
            ),
            concat!(
                "SELECT id, version, body FROM ",
                $table,
                " WHERE user_id",
                $crate::dialect::in_list!(postgres),
                $rest
            ),
            concat!(
                "SELECT id, version, body FROM ",
                $table,
                " WHERE user_id = $1 ",
                $rest
            ),
        )
    };
}
use rows;

/// The text that reads one row of a table by its key.
pub(crate) const fn by_key(table: Table) -> Text {
    macro_rules! each {
        ($($row:ident = $name:literal;)+) => {
            match table { $(Table::$row => rows!($name, "id = $1"),)+ }
        };
    }
    each! {
        User = "users"; Session = "sessions"; LoginTicket = "login_tickets"; DataKey = "data_keys";
        Idempotency = "idempotency_keys"; Community = "communities"; Membership = "memberships";
        Hook = "hooks"; HookLedger = "hook_ledgers"; Delivery = "hook_deliveries"; Channel = "channels"; Provider = "providers"; Message = "messages"; Signal = "signals"; Follow = "follows";
        Connection = "connections"; Account = "accounts"; Decision = "decisions"; Approval = "approvals";
        Intent = "intents"; Order = "orders"; Fill = "fills"; Lot = "lots"; Position = "positions";
        UserLimits = "risk_limits"; Switch = "switches"; SecondFactor = "second_factors"; EquityPoint = "equity_points";
        LinkTicket = "link_tickets"; NoticeSettings = "notice_settings"; Bookmark = "bookmarks";
        SentCard = "sent_cards"; ProfileVersion = "profiles"; Checkpoint = "checkpoints";
        Keyring = "keyrings"; Departure = "departures"; DiscordGrant = "discord_grants";
    }
}
