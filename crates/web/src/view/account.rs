//! Connections, the catalogue of brokers, and what an account is worth.

use ordercast_app::desk::portfolio::{AccountLine, Portfolio, Total};
use ordercast_model::{
    account::EquityPoint,
    connection::{Connection, Health, Mode},
    instrument::AssetClass,
    ports::broker::{Capabilities, Dedupe},
    time::SessionZone,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal};

/// One field of a broker's credential.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CredentialFieldView {
    /// Name.
    pub name: String,
    /// Never shown again once given.
    pub secret: bool,
}

/// What a broker can do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BrokerView {
    /// Code.
    pub kind: String,
    /// Name shown.
    pub name: String,
    /// Classes it trades.
    #[schema(value_type = Vec<code::AssetClass>)]
    pub classes: Vec<AssetClass>,
    /// Order types it takes.
    pub order_types: Vec<String>,
    /// Modes it offers.
    #[schema(value_type = Vec<code::Mode>)]
    pub modes: Vec<Mode>,
    /// Credential fields to be given.
    pub credential_fields: Vec<CredentialFieldView>,
    /// What it does with a repeated client order id: `always`, `while_open` or `never`.
    pub client_id_dedupe: String,
    /// Classes whose stop and targets the broker holds; those of others are watched by Ordercast.
    #[schema(value_type = Vec<code::AssetClass>)]
    pub native_protection: Vec<AssetClass>,
    /// Orders may be changed in place.
    pub replace: bool,
    /// Requests a minute we allow ourselves; null = no limit.
    #[schema(required)]
    pub requests_per_minute: Option<u32>,
    /// Whether the broker tells if a key may withdraw.
    pub withdraw_permission_readable: bool,
    /// Whether an account can be connected on the broker's own page: `GET /connections/oauth/{kind}/start`.
    pub oauth: bool,
}

impl BrokerView {
    /// What a venue can do, and whether people connect on its page.
    #[must_use]
    pub fn of(can: &Capabilities, oauth: bool) -> Self {
        let field = |(name, secret): &(String, bool)| CredentialFieldView {
            name: name.clone(),
            secret: *secret,
        };
        Self {
            kind: can.broker.clone(),
            name: can.name.clone(),
            classes: can.classes.clone(),
            order_types: can.order_types.clone(),
            modes: can.modes.clone(),
            credential_fields: can.credential_fields.iter().map(field).collect(),
            client_id_dedupe: match can.client_id_dedupe {
                Dedupe::Always => "always",
                Dedupe::WhileOpen => "while_open",
                Dedupe::Never => "never",
            }
            .to_owned(),
            native_protection: can.native_protection.clone(),
            replace: can.replace,
            requests_per_minute: can.requests_per_minute,
            withdraw_permission_readable: can.withdraw_permission_readable,
            oauth,
        }
    }
}

/// One connection to one account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConnectionView {
    /// Id.
    pub id: String,
    /// Rises with every change; send it as `If-Match` with a change.
    pub version: u64,
    /// Broker code.
    pub broker: String,
    /// Paper or live.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// Name the user gave.
    pub label: String,
    /// Last four characters of the account id.
    pub account_last4: String,
    /// Names of the credential fields that are sealed.
    pub credential_fields: Vec<String>,
    /// Classes for which this is the default.
    #[schema(value_type = Vec<code::AssetClass>)]
    pub default_for: Vec<AssetClass>,
    /// Zone of the session day: `America/New_York` or `UTC`.
    pub zone: String,
    /// How it is doing.
    #[schema(value_type = code::Health)]
    pub health: Health,
    /// Why, in words.
    #[schema(required)]
    pub health_reason: Option<String>,
    /// When it was made.
    pub created_at: String,
}

/// The last four characters of an account's id: all that is shown of it.
pub(crate) fn last4(id: &str) -> String {
    let cut = id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    id.get(cut..).unwrap_or_default().to_owned()
}

impl From<Connection> for ConnectionView {
    fn from(connection: Connection) -> Self {
        Self {
            id: connection.id.to_string(),
            version: connection.version,
            broker: connection.broker.clone(),
            mode: connection.mode,
            label: connection.label.clone(),
            account_last4: last4(&connection.account_id),
            credential_fields: connection.credential.iter().map(|f| f.name.clone()).collect(),
            default_for: connection.default_for.clone(),
            zone: match connection.zone {
                SessionZone::NewYork => "America/New_York",
                SessionZone::Utc => "UTC",
            }
            .to_owned(),
            health: connection.health,
            health_reason: connection.health_reason,
            created_at: connection.created_at.to_string(),
        }
    }
}

/// What one account is worth.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountView {
    /// Connection.
    pub connection_id: String,
    /// Its name.
    pub label: String,
    /// Broker code.
    pub broker: String,
    /// Paper or live.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// Currency of all amounts.
    pub currency: String,
    /// Equity at the marks.
    pub equity: String,
    /// Cash.
    pub cash: String,
    /// Buying power less what working orders take up.
    pub buying_power: String,
    /// Result since the session day began.
    pub day_pnl: String,
    /// The same in per cent of the equity at the start of the day.
    pub day_pnl_pct: String,
    /// Result of what is held, at the marks.
    pub unrealised: String,
    /// Sum of absolute market values.
    pub exposure: String,
    /// The same in per cent of equity.
    pub exposure_pct: String,
    /// Fall from the day's highest equity, per cent.
    pub drawdown_pct: String,
    /// Holdings.
    pub open_positions: u32,
    /// Orders that may still fill.
    pub open_orders: u32,
    /// When the venue was last asked.
    pub synced_at: String,
}

impl From<AccountLine> for AccountView {
    fn from(line: AccountLine) -> Self {
        Self {
            connection_id: line.connection_id.to_string(),
            label: line.label,
            broker: line.broker,
            mode: line.mode,
            currency: line.currency.to_string(),
            equity: decimal(line.equity),
            cash: decimal(line.cash),
            buying_power: decimal(line.buying_power),
            day_pnl: decimal(line.day_pnl),
            day_pnl_pct: decimal(line.day_pnl_pct),
            unrealised: decimal(line.unrealised),
            exposure: decimal(line.exposure),
            exposure_pct: decimal(line.exposure_pct),
            drawdown_pct: decimal(line.drawdown_pct),
            open_positions: line.open_positions,
            open_orders: line.open_orders,
            synced_at: line.synced_at.to_string(),
        }
    }
}

/// Sum over the accounts of one mode and currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TotalView {
    /// Paper or live; never added together.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// Currency.
    pub currency: String,
    /// Equity.
    pub equity: String,
    /// Cash.
    pub cash: String,
    /// Result since the session day began.
    pub day_pnl: String,
    /// Sum of absolute market values.
    pub exposure: String,
}

impl From<Total> for TotalView {
    fn from(total: Total) -> Self {
        Self {
            mode: total.mode,
            currency: total.currency.to_string(),
            equity: decimal(total.equity),
            cash: decimal(total.cash),
            day_pnl: decimal(total.day_pnl),
            exposure: decimal(total.exposure),
        }
    }
}

/// Every account, and totals by mode.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PortfolioView {
    /// When.
    pub as_of: String,
    /// Totals, paper and live apart.
    pub totals: Vec<TotalView>,
    /// Accounts.
    pub accounts: Vec<AccountView>,
}

impl From<Portfolio> for PortfolioView {
    fn from(portfolio: Portfolio) -> Self {
        Self {
            as_of: portfolio.as_of.to_string(),
            totals: portfolio.totals.into_iter().map(TotalView::from).collect(),
            accounts: portfolio.accounts.into_iter().map(AccountView::from).collect(),
        }
    }
}

/// One point of the equity curve.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EquityPointView {
    /// Connection.
    pub connection_id: String,
    /// When.
    pub at: String,
    /// Equity.
    pub equity: String,
    /// Cash.
    pub cash: String,
}

impl From<EquityPoint> for EquityPointView {
    fn from(point: EquityPoint) -> Self {
        Self {
            connection_id: point.connection_id.to_string(),
            at: point.at.to_string(),
            equity: decimal(point.equity),
            cash: decimal(point.cash),
        }
    }
}
