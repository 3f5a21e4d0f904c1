//! Decides which rows are the same thing under another key.

use ordercast_model::ports::store::Row;

/// The unique keys of a row beside its primary key: name and value. Values are joined by spaces.
pub(super) fn keys(row: &Row) -> Option<(&'static str, String)> {
    Some(match row {
        Row::User(r) => return r.discord_id.clone().map(|id| ("discord_id", id)),
        Row::Session(r) => ("token_hash", r.token_hash.clone()),
        Row::Community(r) => ("guild_id", r.guild_id.clone()),
        Row::Channel(r) => ("source_key", r.source_key.clone()),
        Row::Message(r) => (
            "source",
            format!("{} {} {}", r.source.key(), r.source_id, r.revision),
        ),
        Row::Signal(r) => ("source", format!("{} {}", r.source_key, r.source_id)),
        Row::Follow(r) => ("user_provider", format!("{} {}", r.user_id, r.provider_id)),
        Row::Account(r) => ("connection", r.connection_id.to_string()),
        Row::Decision(r) => {
            let what = format!("{} {} {} {}", r.signal_id, r.revision, r.instruction, r.user_id);
            ("what", what)
        }
        Row::Intent(r) => ("order", r.order_id.to_string()),
        Row::Order(r) => (
            "client_order",
            format!("{} {}", r.connection_id, r.client_order_id()),
        ),
        Row::Fill(r) => ("venue_fill", format!("{} {}", r.connection_id, r.venue_fill_id)),
        Row::Checkpoint(r) => ("size", r.size.to_string()),
        Row::Position(r) if r.closed_at.is_none() => {
            ("open", format!("{} {}", r.connection_id, r.instrument))
        }
        Row::LoginTicket(_)
        | Row::LinkTicket(_)
        | Row::Departure(_)
        | Row::DiscordGrant(_)
        | Row::NoticeSettings(_)
        | Row::Bookmark(_)
        | Row::SentCard(_)
        | Row::Keyring(_)
        | Row::DataKey(_)
        | Row::Idempotency(_)
        | Row::Membership(_)
        | Row::Provider(_)
        | Row::Hook(_)
        | Row::HookLedger(_)
        | Row::Delivery(_)
        | Row::ProfileVersion(_)
        | Row::Connection(_)
        | Row::Approval(_)
        | Row::Lot(_)
        | Row::Position(_)
        | Row::UserLimits(_)
        | Row::SecondFactor(_)
        | Row::Switch(_)
        | Row::EquityPoint(_) => return None,
    })
}
