//! Every setting as data: its variable, its place in the file, its default, what is expected of it, and whether it may
//! be shown. Refuses to know what a value does.

/// How much of a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Plain,
    /// All but the password of the address.
    WithoutPassword,
    /// Nothing.
    Never,
}

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// Section of the file.
    pub section: &'static str,
    /// Key within the section.
    pub key: &'static str,
    /// What holds when nothing is said; empty = nothing.
    pub default: &'static str,
    /// What is expected, to follow the word "expected".
    pub expected: &'static str,
    /// How much may be shown.
    pub shown: Shown,
}

impl Setting {
    const fn new(
        name: &'static str,
        place: (&'static str, &'static str),
        default: &'static str,
        expected: &'static str,
    ) -> Self {
        Self {
            name,
            section: place.0,
            key: place.1,
            default,
            expected,
            shown: Shown::Plain,
        }
    }
    const fn shown(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }
    /// Whether the value may also be given as the name of a file that holds it, by `NAME_FILE`.
    #[must_use]
    pub fn file_allowed(&self) -> bool {
        self.shown != Shown::Plain
    }
    /// The value as it may be shown.
    #[must_use]
    pub fn show(&self, value: &str) -> String {
        match self.shown {
            Shown::Plain => value.to_owned(),
            Shown::Never if value.is_empty() => String::new(),
            Shown::Never => "***".to_owned(),
            Shown::WithoutPassword => without_password(value),
        }
    }
}

/// An address with its password hidden; anything that may hold one in another form is hidden whole.
fn without_password(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return if value.contains('@') {
            "***".to_owned()
        } else {
            value.to_owned()
        };
    };
    let rest = match rest.rsplit_once('@') {
        None => rest.to_owned(),
        Some((login, host)) => match login.split_once(':') {
            None => format!("{login}@{host}"),
            Some((user, _)) => format!("{user}:***@{host}"),
        },
    };
    let query = rest
        .split_once('?')
        .filter(|(_, query)| query.to_ascii_lowercase().contains("password"));
    match query {
        Some((before, _)) => format!("{scheme}://{before}?***"),
        None => format!("{scheme}://{rest}"),
    }
}

const KEY: &str = "32 bytes in base64, as `openssl rand -base64 32` makes them";
const KEYS: &str = "32 bytes in base64, as `openssl rand -base64 32` makes them; older ones that are still taken behind it, separated by commas";

macro_rules! settings {
    ($($id:ident = $setting:expr;)+) => {
        $(#[allow(missing_docs, reason = "named after the variable, which the table describes")]
        pub const $id: &Setting = &$setting;)+
        /// All of them, in the order of the files.
        pub const ALL: &[&Setting] = &[$($id,)+];
    };
}

settings! {
    MODE = Setting::new("ORDERCAST_MODE", ("server", "mode"), "production", "`production` or `development`; the demo is started by `ordercast demo`");
    BIND = Setting::new("ORDERCAST_BIND", ("server", "bind"), "127.0.0.1", "an address of this machine, such as 127.0.0.1 or 0.0.0.0");
    PORT = Setting::new("PORT", ("server", "port"), "8080", "a port from 1 to 65535");
    PUBLIC_URL = Setting::new("ORDERCAST_PUBLIC_URL", ("server", "public_url"), "http://127.0.0.1:8080", "the address users see, such as https://ordercast.example, without a path");
    TRUSTED_PROXIES = Setting::new("ORDERCAST_TRUSTED_PROXIES", ("server", "trusted_proxies"), "", "addresses of proxies separated by commas, such as 10.0.0.5, 10.0.0.6");
    ALLOWED_ORIGINS = Setting::new("ORDERCAST_ALLOWED_ORIGINS", ("server", "allowed_origins"), "", "origins separated by commas, such as https://ordercast.example, without paths and without *");
    DATA_DIR = Setting::new("ORDERCAST_DATA_DIR", ("server", "data_dir"), "./data", "a folder this program may write");
    INSTANCE = Setting::new("ORDERCAST_INSTANCE", ("server", "instance"), "", "a name of 1 to 63 letters, digits, dots and dashes");
    ALLOW_CUSTOM_HOSTS = Setting::new("ORDERCAST_ALLOW_CUSTOM_HOSTS", ("server", "allow_custom_hosts"), "off", "`on` or `off`");
    DATABASE_URL = Setting::new("DATABASE_URL", ("database", "url"), "sqlite://data/ordercast.db", "sqlite://path or postgres://user:password@host:port/name").shown(Shown::WithoutPassword);
    DB_POOL = Setting::new("ORDERCAST_DB_POOL", ("database", "pool"), "16", "a number of connections from 1 to 100");
    REDIS_URL = Setting::new("REDIS_URL", ("bus", "redis_url"), "", "an address such as redis://127.0.0.1:6379").shown(Shown::WithoutPassword);
    MASTER_KEYS = Setting::new("ORDERCAST_MASTER_KEYS", ("keys", "master_keys"), "", "version:base64 of 32 bytes, newest first, such as 1: and what `openssl rand -base64 32` makes").shown(Shown::Never);
    MASTER_KEYS_COMMAND = Setting::new("ORDERCAST_MASTER_KEYS_COMMAND", ("keys", "master_keys_command"), "", "a program and its arguments separated by spaces, started without a shell, that prints the keys");
    SESSION_KEY = Setting::new("ORDERCAST_SESSION_KEY", ("keys", "session_key"), "", KEYS).shown(Shown::Never);
    SOCKET_KEY = Setting::new("ORDERCAST_SOCKET_KEY", ("keys", "socket_key"), "", KEYS).shown(Shown::Never);
    JOURNAL_KEY = Setting::new("ORDERCAST_JOURNAL_KEY", ("keys", "journal_key"), "", KEY).shown(Shown::Never);
    SOCKET_TOKEN_TTL = Setting::new("ORDERCAST_SOCKET_TOKEN_TTL", ("keys", "socket_token_ttl"), "3600", "a time from 600 s to 3600 s, such as 30m");
    SYNC_INTERVAL = Setting::new("ORDERCAST_SYNC_INTERVAL", ("trading", "sync_interval"), "60s", "a time from 15 s to 300 s, such as 60s");
    HEALTH_INTERVAL = Setting::new("ORDERCAST_HEALTH_INTERVAL", ("trading", "health_interval"), "5m", "a time from 1m to 15m, such as 5m");
    RATE_HEADROOM = Setting::new("ORDERCAST_RATE_HEADROOM", ("trading", "rate_headroom"), "0.5", "a part from 0.1 to 0.9 in hundredths, such as 0.5");
    LIVE_TRADING = Setting::new("ORDERCAST_LIVE_TRADING", ("trading", "live"), "off", "`on` or `off`");
    CAP_POSITION_PCT = Setting::new("ORDERCAST_CAP_POSITION_PCT", ("caps", "position_pct"), "50", "a percentage above 0 up to 50");
    CAP_ORDER_VALUE_MAX = Setting::new("ORDERCAST_CAP_ORDER_VALUE_MAX", ("caps", "order_value_max"), "1000000", "an amount from 1 to 1000000");
    CAP_EXPOSURE_PCT = Setting::new("ORDERCAST_CAP_EXPOSURE_PCT", ("caps", "exposure_pct"), "200", "a percentage above 0 up to 200");
    CAP_POSITIONS_MAX = Setting::new("ORDERCAST_CAP_POSITIONS_MAX", ("caps", "positions_max"), "200", "a number from 1 to 200");
    CAP_DAILY_LOSS_PCT = Setting::new("ORDERCAST_CAP_DAILY_LOSS_PCT", ("caps", "daily_loss_pct"), "20", "a percentage above 0 up to 20");
    CAP_LEVERAGE_MAX = Setting::new("ORDERCAST_CAP_LEVERAGE_MAX", ("caps", "leverage_max"), "5", "a factor from 1 to 5");
    CAP_OPTION_CONTRACTS_MAX = Setting::new("ORDERCAST_CAP_OPTION_CONTRACTS_MAX", ("caps", "option_contracts_max"), "500", "a number from 1 to 500");
    CAP_DENY_SYMBOLS = Setting::new("ORDERCAST_CAP_DENY_SYMBOLS", ("caps", "deny_symbols"), "", "symbols separated by commas, such as GME, DOGE");
    DISCORD_BOT_TOKEN = Setting::new("DISCORD_BOT_TOKEN", ("discord", "bot_token"), "", "the token of a bot, as the developer portal shows it under Bot, Token").shown(Shown::Never);
    DISCORD_PUBLIC_KEY = Setting::new("DISCORD_PUBLIC_KEY", ("discord", "public_key"), "", "64 hex digits, as the developer portal shows them under General Information, Public Key");
    DISCORD_API_BASE = Setting::new("DISCORD_API_BASE", ("discord", "api_base"), "https://discord.com/api/v10", "an address such as https://discord.com/api/v10");
    DISCORD_CLIENT_ID = Setting::new("DISCORD_CLIENT_ID", ("discord", "client_id"), "", "the application's id, as the developer portal shows it under OAuth2, Client ID");
    DISCORD_CLIENT_SECRET = Setting::new("DISCORD_CLIENT_SECRET", ("discord", "client_secret"), "", "the application's secret, as the developer portal shows it under OAuth2, Client Secret").shown(Shown::Never);
    DISCORD_REDIRECT_URI = Setting::new("DISCORD_REDIRECT_URI", ("discord", "redirect_uri"), "", "an address users see that ends in /api/v1/auth/discord/callback, registered in the developer portal under OAuth2, Redirects");
    BROKERS = Setting::new("ORDERCAST_BROKERS", ("brokers", "enabled"), "paper,alpaca", "names of venues separated by commas; known: paper, alpaca");
    PAPER_VENUE_BASE = Setting::new("PAPER_VENUE_BASE", ("brokers", "paper_venue_base"), "", "the address of a paper venue, such as http://127.0.0.1:7791");
    PAPER_VENUE_ADMIN_KEY = Setting::new("PAPER_VENUE_ADMIN_KEY", ("brokers", "paper_venue_admin_key"), "", "the venue's admin key: 16 to 128 visible characters").shown(Shown::Never);
    PAPER_PROTECTION = Setting::new("ORDERCAST_PAPER_PROTECTION", ("brokers", "paper_protection"), "native", "`native` or `emulated`");
    PAPER_DEDUPE = Setting::new("ORDERCAST_PAPER_DEDUPE", ("brokers", "paper_dedupe"), "always", "`always`, `while_open` or `never`");
    PAPER_VISIBILITY = Setting::new("ORDERCAST_PAPER_VISIBILITY", ("brokers", "paper_visibility"), "0s", "a time from 0 s to 120 s, such as 3s");
    ALPACA_PAPER_BASE = Setting::new("ALPACA_PAPER_BASE", ("brokers", "alpaca_paper_base"), "https://paper-api.alpaca.markets", "an address such as https://paper-api.alpaca.markets");
    ALPACA_LIVE_BASE = Setting::new("ALPACA_LIVE_BASE", ("brokers", "alpaca_live_base"), "https://api.alpaca.markets", "an address such as https://api.alpaca.markets");
    ALPACA_DATA_BASE = Setting::new("ALPACA_DATA_BASE", ("brokers", "alpaca_data_base"), "https://data.alpaca.markets", "an address such as https://data.alpaca.markets");
    ALPACA_DATA_KEY_ID = Setting::new("ALPACA_DATA_KEY_ID", ("brokers", "alpaca_data_key_id"), "", "the id of a key for market data, as Alpaca shows it").shown(Shown::Never);
    ALPACA_DATA_SECRET_KEY = Setting::new("ALPACA_DATA_SECRET_KEY", ("brokers", "alpaca_data_secret_key"), "", "the secret of that key").shown(Shown::Never);
    ALPACA_OAUTH_CLIENT_ID = Setting::new("ALPACA_OAUTH_CLIENT_ID", ("brokers", "alpaca_oauth_client_id"), "", "the client id of the OAuth app, as Alpaca shows it under OAuth Apps");
    ALPACA_OAUTH_CLIENT_SECRET = Setting::new("ALPACA_OAUTH_CLIENT_SECRET", ("brokers", "alpaca_oauth_client_secret"), "", "the client secret of that app").shown(Shown::Never);
    ALPACA_APP_BASE = Setting::new("ALPACA_APP_BASE", ("brokers", "alpaca_app_base"), "https://app.alpaca.markets", "an address such as https://app.alpaca.markets");
    LOG = Setting::new("ORDERCAST_LOG", ("log", "filter"), "info", "a filter such as info or warn,ordercast_app=debug");
    LOG_FORMAT = Setting::new("ORDERCAST_LOG_FORMAT", ("log", "format"), "json", "`json` or `pretty`");
}

/// Names beginning with `ORDERCAST_` that are no settings: where the file is.
pub const CONFIG_FILE: &str = "ORDERCAST_CONFIG";

/// The name among `known` that was probably meant.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (distance(given, name), name))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, name)| name)
}

/// Letters to change, add or remove to get from one text to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let change = cell(&row, j) + usize::from(one != *other);
            next.push(change.min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_and_hosts_shown() {
        for (given, want) in [
            ("postgres://ada:pw@db:5432/oc", "postgres://ada:***@db:5432/oc"),
            ("postgres://ada:p@w:x@db/oc", "postgres://ada:***@db/oc"),
            ("redis://:pw@cache:6379", "redis://:***@cache:6379"),
            ("redis://cache:6379", "redis://cache:6379"),
            ("postgres://db/oc?user=a&password=b", "postgres://db/oc?***"),
            ("sqlite://data/ordercast.db", "sqlite://data/ordercast.db"),
            ("ada:pw@db", "***"),
        ] {
            assert_eq!(without_password(given), want);
        }
    }

    #[test]
    fn a_slip_finds_what_was_meant() {
        let names = || ALL.iter().map(|s| s.name);
        assert_eq!(nearest("ORDERCAST_BNID", names()), Some("ORDERCAST_BIND"));
        assert_eq!(nearest("ORDERCAST_SOMETHING_ELSE", names()), None);
    }

    #[test]
    fn no_two_settings_share_a_place() {
        let mut places: Vec<_> = ALL.iter().map(|s| (s.section, s.key)).collect();
        let mut names: Vec<_> = ALL.iter().map(|s| s.name).collect();
        places.sort_unstable();
        places.dedup();
        names.sort_unstable();
        names.dedup();
        assert_eq!((places.len(), names.len()), (ALL.len(), ALL.len()));
    }
}
