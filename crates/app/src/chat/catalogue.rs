//! The commands that can be typed (PRODUCT SG-08), their options and one line about each. Data only.

use ordercast_model::chat::{CommandSpec, OptionKind, OptionSpec};

const fn option(name: &'static str, kind: OptionKind, about: &'static str) -> OptionSpec {
    OptionSpec {
        name,
        about,
        required: false,
        kind,
    }
}

const fn required(name: &'static str, kind: OptionKind, about: &'static str) -> OptionSpec {
    OptionSpec {
        required: true,
        ..option(name, kind, about)
    }
}

use OptionKind::{Flag, OneOf, Suggested, Text};

const SYMBOL: OptionSpec = required("symbol", Suggested, "What, such as AAPL or BTC/USD");
const ORDER: &[OptionSpec] = &[
    SYMBOL,
    option("quantity", Text, "Shares, contracts or coins"),
    option("notional", Text, "Money instead of a quantity, such as 500"),
    option("percent", Text, "Per cent of equity instead of a quantity"),
    option(
        "type",
        OneOf(&["market", "limit", "stop", "stop_limit"]),
        "How; market when left out",
    ),
    option("price", Text, "Limit price, or trigger of a stop order"),
    option("limit", Text, "Limit of a stop_limit order"),
    option("stop", Text, "Price of the protective stop"),
    option("target", Text, "Price of the target"),
    option("connection", Suggested, "Where; your default when left out"),
];
const PROVIDER: OptionSpec = required("provider", Suggested, "Whom");
const MAYBE_PROVIDER: OptionSpec = option("provider", Suggested, "One provider only");
const CONNECTION: OptionSpec = option("connection", Suggested, "One connection only");

const fn command(name: &'static str, about: &'static str, options: &'static [OptionSpec]) -> CommandSpec {
    CommandSpec { name, about, options }
}

/// Every command.
pub(super) const COMMANDS: &[CommandSpec] = &[
    command("buy", "Buy for your own account", ORDER),
    command("sell", "Sell for your own account", ORDER),
    command(
        "close",
        "Close your own position",
        &[
            required("symbol", Suggested, "What you hold, or all"),
            option("percent", Text, "How much of it; 100 when left out"),
        ],
    ),
    command(
        "signal",
        "Providers: publish a signal to your followers",
        &[
            required(
                "action",
                OneOf(&["buy", "sell", "short", "close", "add"]),
                "What to do",
            ),
            SYMBOL,
            option("price", Text, "Entry price; market when left out"),
            option("stop", Text, "Stop price"),
            option("targets", Text, "Target prices, separated by commas"),
            option("note", Text, "A word to your followers"),
        ],
    ),
    command("positions", "What you hold", &[CONNECTION]),
    command("orders", "Your last ten orders", &[CONNECTION]),
    command(
        "status",
        "Health, limits used, and what is stopped",
        &[CONNECTION],
    ),
    command(
        "follow",
        "Follow a provider",
        &[
            PROVIDER,
            option(
                "mode",
                OneOf(&["approve", "auto"]),
                "Ask you each time (approve), or act at once",
            ),
            option(
                "percent",
                Text,
                "Size of each order in per cent of equity; 2 when left out",
            ),
        ],
    ),
    command(
        "unfollow",
        "Stop following a provider; what is open stays open",
        &[PROVIDER],
    ),
    command("pause", "Open nothing new until you resume", &[MAYBE_PROVIDER]),
    command("resume", "Open again after a pause", &[MAYBE_PROVIDER]),
    command(
        "kill",
        "Stop opening at once and cancel open entries; stops stay",
        &[
            option(
                "scope",
                OneOf(&["me", "provider", "community"]),
                "Yourself when left out; the others are for staff",
            ),
            MAYBE_PROVIDER,
            option("flatten", Flag, "Close what is held as well"),
        ],
    ),
    command("risk", "Your limits and how much of each is used", &[]),
    command("approve", "Cards that wait for your answer", &[]),
    command(
        "connect",
        "Link your Discord account with your Ordercast account",
        &[],
    ),
    command("link", "The same as /connect", &[]),
    command(
        "setup",
        "Owners: who may trade, which channels are read, who posts signals",
        &[],
    ),
    command("price", "The last quote; never trades", &[SYMBOL]),
    command("help", "What you can type", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_fit_what_a_chat_takes() {
        let plain = |name: &str| {
            (1..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        for command in COMMANDS {
            assert!(
                plain(command.name) && (1..=100).contains(&command.about.len()),
                "{}",
                command.name
            );
            assert!(command.options.len() <= 25);
            let first_optional = command.options.iter().position(|o| !o.required);
            let last_required = command.options.iter().rposition(|o| o.required);
            assert!(
                first_optional.is_none() || last_required.is_none() || last_required < first_optional,
                "{}: required options stand first",
                command.name
            );
            for option in command.options {
                assert!(
                    plain(option.name) && (1..=100).contains(&option.about.len()),
                    "{}",
                    option.name
                );
            }
        }
    }
}
