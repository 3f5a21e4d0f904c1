//! What is said between trades and must never become one: greetings, questions, recaps, jokes, second thoughts.

/// Said by providers.
pub(super) const TALK: &[&str] = &[
    "gm everyone ☕ patience today, no need to force anything",
    "do not buy {sym} here, way too extended",
    "watching {sym} for later, nothing yet",
    "what a week. {sym} up again, congrats to everybody who held",
    "closed {sym} yesterday for +{pct}%, nice one team",
    "recap of last week: 7 winners, 3 losers, +{pct}% in all, see the pinned sheet",
    "might add some {sym} if it comes back, not yet though",
    "fed minutes at 2pm, expect chop before that",
    "remember: plan the trade, trade the plan",
    "not touching {sym} before earnings",
    "{sym} looks heavy. avoid for now",
    "lunch break, back in 30",
    "who else is watching the game tonight?",
    "live session starts in 10 minutes, link in the announcements",
    "charts for {sym} posted in the lounge",
    "lol that candle on {sym} 😂",
    "some of you ask about size: never more than you can lose",
    "no trade is also a position",
    "IV is high on everything today, be careful out there",
    "bids are thin, spreads are wide, coffee is strong",
    "long weekend ahead, I will be lighter than usual",
    "{sym} news: analyst day moved to next month",
    "if {sym} holds this level I will get interested",
    "great questions in the lounge today, keep them coming",
];

/// Said by members, who only ask and cheer.
pub(super) const ASKED: &[&str] = &[
    "is the {sym} call still valid?",
    "what is your stop on {sym}?",
    "should I buy {sym} or wait for a pullback?",
    "thanks, made my rent on {sym} last week 🙏",
    "anyone else long {sym} since last month?",
    "why did {sym} drop just now?",
    "can you explain the last entry?",
    "missed {sym} again 😩",
    "how do you size these?",
];

/// Names that come up in talk.
pub(super) const TALKED_ABOUT: &[&str] = &[
    "AAPL", "TSLA", "NVDA", "SPY", "QQQ", "AMD", "META", "PLTR", "COIN", "MSTR", "GME", "BTC", "ETH",
];
