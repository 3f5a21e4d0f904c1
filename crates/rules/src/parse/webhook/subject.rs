//! Decides what a structured order is about: any spelling of a symbol, a contract in one word or in fields.

use ordercast_model::{
    instrument::{AssetClass, Right},
    signal::instruction::{Subject, WrittenExpiry, WrittenOption},
};

use super::field::{Fields, fold};
use crate::parse::{
    draft::Fault,
    expiry, hygiene,
    item::{Item, Kind},
    lexer::{self, Tok, Token},
    number::Habit,
    scan,
    symbol::{self, Symbols, Ticker},
};

pub(super) const SYMBOL: &[&str] = &[
    "symbol",
    "ticker",
    "tvinstrument",
    "paircode",
    "pair",
    "instrument",
    "coin",
    "contract",
    "tradingsymbol",
    "productid",
    "epic",
    "market",
    "asset",
    "tickerid",
    "orderticker",
    "s",
    "underlying",
    "stock",
];

/// Reads a symbol field in any of the spellings senders use.
pub(in crate::parse) fn written(text: &str, symbols: &Symbols) -> Option<Subject> {
    let text = text.trim().trim_start_matches(['$', '#']);
    let parts: Vec<&str> = text.split('_').collect();
    let joined;
    let text = match parts.as_slice() {
        // exchange, quote, base
        [_, quote, base] if symbol::quote(symbols, quote) => {
            joined = format!("{base}/{quote}");
            joined.as_str()
        }
        _ => text,
    };
    let page = hygiene::clean(text);
    let tokens = lexer::lex(&page.glyphs);
    let mut work = 0;
    let items = scan::scan(tokens.clone(), Habit::default(), symbols, &mut work);
    let option = option_of(&items);
    let named = items.iter().find_map(Item::symbol).cloned();
    let words = items.iter().filter(|i| !matches!(i.kind, Kind::Mark(_))).count();
    if option.is_none() && words > 1 {
        return None;
    }
    let named = named.filter(|_| tokens.len() > 1 || option.is_some());
    let ticker = named.or_else(|| alone(&tokens, symbols))?;
    let asset = if option.is_some() {
        Some(AssetClass::Option)
    } else {
        ticker.asset
    };
    Some(Subject {
        symbol: ticker.symbol,
        asset,
        option,
        perpetual: ticker.perpetual,
    })
}

fn option_of(items: &[Item]) -> Option<WrittenOption> {
    let mut option = None;
    let mut expiry = None;
    for item in items {
        match &item.kind {
            Kind::Contract(c) => {
                option = Some(WrittenOption {
                    expiry: c.expiry,
                    strike: c.strike,
                    right: c.right,
                })
            }
            Kind::Strike(strike, right) => {
                option = Some(WrittenOption {
                    expiry: None,
                    strike: *strike,
                    right: *right,
                })
            }
            Kind::Expiry(day) => expiry = Some(*day),
            _ => {}
        }
    }
    option.map(|o| WrittenOption {
        expiry: o.expiry.or(expiry),
        ..o
    })
}

/// A symbol in one word, perhaps with the `!` of a continuous future.
fn alone(tokens: &[Token], symbols: &Symbols) -> Option<Ticker> {
    let Tok::Word { text, .. } = &tokens.first()?.tok else {
        return None;
    };
    if tokens.len() > 2 {
        return None;
    }
    let strong = symbol::strong(symbols, tokens).map(|(t, _)| t);
    strong
        .or_else(|| symbol::candidate(symbols, &text.to_ascii_uppercase(), false))
        .or_else(|| symbol::stated(symbols, text))
}

pub(super) fn subject(fields: &Fields, symbols: &Symbols) -> Result<Subject, Fault> {
    let Some(text) = fields.text("symbol", SYMBOL) else {
        return Err(Fault::new("symbol", "missing"));
    };
    if text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
        return Err(Fault::new(
            "symbol",
            "letters of another alphabet (lookalike_symbol)",
        ));
    }
    let mut subject = written(&text, symbols).ok_or_else(|| {
        Fault::new(
            "symbol",
            format!(
                "expected a symbol such as AAPL or BTCUSDT, got {:?}",
                text.chars().take(40).collect::<String>()
            ),
        )
    })?;
    if let (None, Some(strike), Some(right)) = (
        &subject.option,
        fields.number("strike", &["strike", "strikeprice"])?,
        fields.text("right", &["right", "optiontype", "callput", "putcall"]),
    ) {
        let right = match fold(&right).as_str() {
            "c" | "call" | "calls" => Right::Call,
            "p" | "put" | "puts" => Right::Put,
            _ => return Err(Fault::new("right", "expected call or put")),
        };
        let expiry = match fields.text(
            "expiry",
            &["expiry", "expiration", "exp", "expirationdate", "expirydate"],
        ) {
            Some(text) => Some(
                day(&text).ok_or_else(|| Fault::new("expiry", format!("expected a day, got {text:?}")))?,
            ),
            None => None,
        };
        subject.option = Some(WrittenOption {
            expiry,
            strike,
            right,
        });
        subject.asset = Some(AssetClass::Option);
    }
    Ok(subject)
}

/// A day in any spelling.
pub(in crate::parse) fn day(text: &str) -> Option<WrittenExpiry> {
    let page = hygiene::clean(text);
    let mut work = 0;
    let items = scan::scan(
        lexer::lex(&page.glyphs),
        Habit::default(),
        Symbols::shipped(),
        &mut work,
    );
    items.iter().find_map(|i| match i.kind {
        Kind::Expiry(day) => Some(day),
        Kind::Slashed(a, b) => expiry::slashed(a, b, None),
        Kind::Figure(f) if f.whole && text.trim().len() == 6 => {
            expiry::six(text.trim()).map(WrittenExpiry::Date)
        }
        _ => None,
    })
}
