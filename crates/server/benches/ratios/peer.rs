//! The parser's peer: the same message read with regular expressions and named captures, as one would write it first.
//! Reads action, symbol, side and entry prices; knows no spans, no confidence and no reasons.

use regex::Regex;
use rust_decimal::Decimal;

/// What both sides must agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Core {
    pub(crate) action: String,
    pub(crate) symbol: Option<String>,
    /// 1 long, -1 short, 0 where an exit says none.
    pub(crate) side: i8,
    pub(crate) prices: Vec<Decimal>,
}

const ACTIONS: [(&str, &str); 8] = [
    ("cancel", r"(?i)^\W*(?:cancel|delete)\b"),
    (
        "update_stop",
        r"(?i)\b(?:move|raise|trail)\s+(?:stop|sl)\b|stop loss goes|exit update|:\s*\w+\s+stop to\b",
    ),
    ("update_target", r"(?i)\btargets? updated|\bextend tp"),
    (
        "reduce",
        r"(?i)\btrim|\bsold half|\bhalf off|\bpartials?\b|\b1/4 pos|\b\d+%\s*(?:raus|off)\b|\bclose \d+%",
    ),
    (
        "close",
        r"(?i)\bSTC\b|\bBTC\s+\d+\s+[A-Z]+\s*@|\bclose\b|^\W*/close|\bexit (?:short|alert)|^flat\b|^all out\b|^cut\b",
    ),
    ("add", r"(?i)\badded\b|\bavg\b|\baveraging"),
    ("short", r"(?i)\b(?:STO|short|sell)\b"),
    (
        "long",
        r"(?i)\b(?:BTO|bought|buy|long|entering|enter|kaufe|compra)\b|做多|\b[\d.]+\s*(?:c|p|calls?|puts?)\b|\bpair\b",
    ),
];

const SYMBOLS: [&str; 12] = [
    r"(?i)\b(?:(?:BTO|STC|STO) +(?:\d+ +)?|BTC +\d+ +)(?:\d+/\d+(?:/\d+)? +)?(?:[\d.]+[cp];? +)?(?:\d+/\d+(?:/\d+)?\s+)?(?:[\d.]+[cp];?\s+)?\$?(?P<sym>[A-Z]+(?:\.[A-Z])?)(?:\d{6}[CP]\d{8})?(?:\b|@)",
    r"(?i)\b(?P<sym>gold|xau)\b",
    r"(?i)\b(?P<base>[A-Z]{2,6}|US30)\s*[/-]\s*(?P<quote>USDT|USD|JPY|CAD|GBP|CHF|NZD|AUD|BTC)\b",
    r"(?i)\b(?P<base>EUR|GBP|AUD|NZD|USD|XAU|CHF|CAD) ?(?P<quote>USDT|USD|JPY|CAD|GBP|CHF|NZD|AUD|BTC)\b",
    r"(?i)\b(?P<base>[A-Z]{2,6})(?P<quote>USDT|USD|BTC)\b",
    r"(?i)\$(?P<sym>[A-Z]+(?:\.[A-Z])?)\b",
    r"(?i)\b(?:coin|ticker|symbol|pair):\s*(?P<sym>[A-Z]+)\b",
    r"(?i)\b(?:bought|sold)\s*\|\s*(?P<sym>[A-Z]+)\b",
    r"(?i)\b(?:alert\S*\s+(?:momentum weakening )?on|sold half my|half off|off|targets? on|on|exit update|cancel(?: the)?|flat|cut|usdt of)\s+(?P<sym>[A-Z]+)\b",
    r"(?i)\b(?:buy|sell|long|short|kaufe)\s+(?:short\s+|stop\s+|limit\s+)?(?:[\d,]+\s+)?(?P<sym>[A-Z]+)\b",
    r"(?i)^\W*(?P<sym>[A-Z0-9]+)\s+(?:long|short|buy|sell|targets)\b",
    r"(?i)(?:\d+/\d+\s+)?\b(?P<sym>[A-Z]{1,5})\s+[\d.]+\s*[cp]\b",
];

const PRICES: [&str; 15] = [
    r"(?i)\bentry(?: zone| targets| orders| price)?\W{1,20}?(?:1\)\s*)?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)(?:(?:\s*[-_/]\s*| - 50.0%\s+2\) |\s+2\) |  - 50.0%\s+2\) )(?P<more>\d[\d,]*(?:\.\d+)?k?|\.\d+))?",
    r"(?i)\b(?:buy zone|buy range:?)\s*(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)\s*-\s*(?P<more>\d[\d,]*(?:\.\d+)?k?|\.\d+)",
    r"(?i)@\s*\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)(?:\s*[-–]+\s*(?P<more>\d[\d,]*(?:\.\d+)?k?|\.\d+))?",
    r"(?i)\bprice:?\s*:?\s*\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)",
    r"(?i)\$(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+) entry",
    r"(?i)\b(?:at|for|here|bei|above|below|enter|entrada|入场)\s*\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)\b",
    r"(?i)\b\d+\s*[cp]\s+\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)\b",
    r"(?i)\b(?:[cp]|calls?|puts?)\s+\d+/\d+\s+\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)\b",
    r"(?i)\b\d+/\d+\s+[\d.]+[cp]\s+\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)\b",
    r"(?i)[cp]\s+\d+/\d+\s+(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)$",
    r"(?i)\b(?:now|long|short|buy|sell|limit|stop)\s*:?\s*[:•💰]?\s*\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)(?:\s*[-–_ ]\s*(?P<more>\d+(?:\.\d+)?))?",
    r"(?i)\b(?:gold|buy|sell|long|short|limit|stop)\s+[$]?[A-Z]+(?:[-/ ]?(?:USDT|USD|JPY|CAD|GBP|BTC))?\s+[•💰]?\s*\$?(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)(?:\s*[-–]\s*(?P<more>\d[\d,]*(?:\.\d+)?k?|\.\d+))?",
    r"(?i)💰\s*(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)",
    r"(?i)^all out \$?\w+ (?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)",
    r"(?i)\bEN\s+(?P<price>\d[\d,]*(?:\.\d+)?k?|\.\d+)",
];

/// The compiled patterns, each list tried in order.
pub(crate) struct Peer {
    actions: Vec<(&'static str, Regex)>,
    symbols: Vec<Regex>,
    prices: Vec<Regex>,
}

impl Peer {
    pub(crate) fn new() -> Result<Self, regex::Error> {
        let all = |patterns: &[&str]| -> Result<Vec<Regex>, regex::Error> {
            patterns.iter().map(|p| Regex::new(p)).collect()
        };
        Ok(Self {
            actions: ACTIONS
                .iter()
                .map(|(action, pattern)| Ok((*action, Regex::new(pattern)?)))
                .collect::<Result<_, regex::Error>>()?,
            symbols: all(&SYMBOLS)?,
            prices: all(&PRICES)?,
        })
    }

    /// Reads a message; none when no action is found.
    pub(crate) fn read(&self, text: &str) -> Option<Core> {
        let (word, _) = self.actions.iter().find(|(_, pattern)| pattern.is_match(text))?;
        let (action, side) = match *word {
            "short" => ("open", -1),
            "long" => ("open", 1),
            "add" => ("add", 1),
            other => (other, 0),
        };
        let priced = matches!(action, "open" | "add" | "reduce" | "close");
        Some(Core {
            action: action.to_owned(),
            symbol: self.symbol(text),
            side,
            prices: if priced { self.prices(text) } else { Vec::new() },
        })
    }

    fn symbol(&self, text: &str) -> Option<String> {
        let found = self.symbols.iter().find_map(|pattern| pattern.captures(text))?;
        let part = |name: &str| found.name(name).map_or("", |m| m.as_str());
        let symbol = format!("{}{}{}", part("sym"), part("base"), part("quote")).to_uppercase();
        Some(match symbol.as_str() {
            "GOLD" | "XAU" => "XAUUSD".to_owned(),
            _ => symbol,
        })
    }

    fn prices(&self, text: &str) -> Vec<Decimal> {
        let found = self.prices.iter().find_map(|pattern| pattern.captures(text));
        let Some(found) = found else {
            return Vec::new();
        };
        ["price", "more"]
            .iter()
            .filter_map(|name| number(found.name(name)?.as_str()))
            .collect()
    }
}

fn number(text: &str) -> Option<Decimal> {
    let thousands = text.ends_with(['k', 'K']);
    let digits = text.trim_end_matches(['k', 'K']).replace(',', "");
    let digits = if digits.starts_with('.') {
        format!("0{digits}")
    } else {
        digits
    };
    let number: Decimal = digits.parse().ok()?;
    let number = if thousands {
        number.checked_mul(Decimal::ONE_THOUSAND)?
    } else {
        number
    };
    Some(number.normalize())
}
