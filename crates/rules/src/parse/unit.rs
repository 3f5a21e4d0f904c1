//! Walks one unit of a message through the stations: hygiene, lexer, scanner, guards, clauses, fields, decision.
//! Refuses to know embeds and webhooks.

use ordercast_model::signal::{
    instruction::{Instruction, PositionSide, Subject},
    reading::{Confidence, NoTrade, Span},
};

use super::{
    Context,
    clause::{self, Clause},
    decide::{self, Around, Outcome},
    draft::{Draft, Fault},
    fill, guard, hygiene,
    hygiene::Glyph,
    item::{Item, Kind},
    level,
    lexer::{self, Tok},
    number::Habit,
    place, range, scan,
    symbol::Symbols,
    table,
    vocabulary::Verb,
};

/// Unknown words beside an order that has neither a level nor an order word of its own (`BTO`, `STC`): a text of so many
/// is about something else.
const MOST_PROSE: usize = 6;

/// What the replied-to message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) subject: Subject,
    /// The side it opened.
    pub(super) side: Option<PositionSide>,
}

/// What one unit came to.
#[derive(Debug, Default)]
pub(super) struct Finding {
    pub(super) instructions: Vec<Instruction>,
    pub(super) spans: Vec<Span>,
    pub(super) inferred: Vec<&'static str>,
    pub(super) fault: Option<Fault>,
    pub(super) nothing: Option<NoTrade>,
    pub(super) reasons: Vec<String>,
    /// Numbers beside the order that nothing explains.
    pub(super) unread: Vec<String>,
    /// Some instruction has neither a level nor an order word that nothing else means.
    pub(super) bare: bool,
    /// Tokens and items looked at, to show that the work grows with the text.
    pub(super) work: usize,
    /// Something was bought, sold or priced, so that a failure is worth showing.
    pub(super) empty: bool,
}

/// Reads one unit; `offset` is where it starts in the whole text.
pub(super) fn read(
    text: &str,
    offset: usize,
    authors: &[(usize, usize)],
    context: &Context,
    reply: Option<&Before>,
) -> Finding {
    let mut finding = Finding::default();
    let page = hygiene::clean(text);
    let tokens = lexer::lex(&page.glyphs);
    finding.work = page.glyphs.len() + tokens.len();
    if tokens.is_empty() {
        finding.empty = !page.quoted;
        finding.nothing = Some(if page.quoted {
            NoTrade::Quote
        } else {
            NoTrade::Empty
        });
        return finding;
    }
    let mut habit = Habit::default();
    for token in &tokens {
        if let Tok::Number(d) = &token.tok {
            habit.learn(&d.text);
        }
    }
    habit.continental = continental(&tokens);
    let mut items = scan::scan(tokens, habit, context.symbols, &mut finding.work);
    range::complete(&mut items);
    table::unfold(&mut items);
    let places: Vec<(usize, usize)> = glyph_ranges(&page.glyphs, offset, authors);
    let watched = guard::watch(&mut items, &places);
    if let Some((reason, words)) = watched.kill {
        finding.nothing = Some(reason);
        finding.reasons.push(words);
        return finding;
    }
    let prose = items.iter().filter(|i| i.word()).count();
    items.retain(|i| !i.dead);
    finding.work += items.len();
    let told = |no: &NoTrade| !matches!(no, NoTrade::Chatter | NoTrade::Hypothetical);
    let around = Around {
        sell_means: context.sell_means,
        reply: reply.map(|b| &b.subject),
        side_before: reply.and_then(|b| b.side),
        replied: context.reply_to.is_some(),
        reported: watched.dropped.iter().any(told),
        parted: !watched.dropped.is_empty(),
    };
    clauses(&items, &page.glyphs, offset, context, around, &mut finding);
    if prose > MOST_PROSE && finding.bare {
        finding.instructions.clear();
        finding.spans.clear();
        finding.fault = None;
    }
    if finding.instructions.is_empty() && finding.fault.is_none() {
        let stranger = if page.quoted {
            NoTrade::Quote
        } else {
            NoTrade::Chatter
        };
        let found = finding.nothing.filter(|n| *n != NoTrade::Chatter);
        finding.nothing = Some(watched.dropped.first().copied().or(found).unwrap_or(stranger));
    }
    finding
}

fn glyph_ranges(glyphs: &[Glyph], offset: usize, ranges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let place = |byte: usize| glyphs.partition_point(|g| g.at as usize + offset < byte);
    ranges
        .iter()
        .map(|(a, b)| (place(*a), place(*b)))
        .filter(|(a, b)| a < b)
        .collect()
}

/// Whether some word belongs to a language that writes thousands with a point.
fn continental(tokens: &[lexer::Token]) -> bool {
    const WORDS: [&str; 44] = [
        "kaufe",
        "kaufen",
        "kauf",
        "verkaufe",
        "verkaufen",
        "bei",
        "ziel",
        "ziele",
        "einstieg",
        "hebel",
        "nicht",
        "schließen",
        "compra",
        "comprar",
        "compro",
        "venta",
        "vender",
        "vende",
        "entrada",
        "objetivo",
        "objetivos",
        "cerrar",
        "apalancamiento",
        "achat",
        "acheter",
        "achète",
        "vente",
        "vendre",
        "entrée",
        "objectif",
        "objectifs",
        "alvo",
        "alvos",
        "alavancagem",
        "acquista",
        "vendita",
        "ingresso",
        "obiettivo",
        "obiettivi",
        "купить",
        "вход",
        "цель",
        "стоп",
        "покупка",
    ];
    tokens.iter().any(|t| WORDS.contains(&t.low()))
}

fn clauses(
    items: &[Item],
    glyphs: &[Glyph],
    offset: usize,
    context: &Context,
    around: Around,
    finding: &mut Finding,
) {
    let found: Vec<Clause> = clause::split(items, &mut finding.work);
    let mut drafts: Vec<Draft> = Vec::with_capacity(found.len());
    for part in &found {
        let range = items.get(part.from..part.to).unwrap_or(&[]);
        let mut draft = fill::fill(range, context.posted_at, &mut finding.work);
        let subject = place::subject(range, &mut draft);
        place::place(range, &mut draft, subject);
        for mark in &mut draft.marks {
            (mark.from, mark.to) = bytes(glyphs, offset, mark.from, mark.to);
        }
        if let Some(before) = part.shares_verb_of.and_then(|i| drafts.get(i)) {
            draft.verbs = before.verbs.clone();
            draft.market |= before.market;
            draft.all |= before.all;
            let leaves = before.verbs.first().is_some_and(|d| {
                matches!(
                    d.verb,
                    Verb::Sell | Verb::SellClose | Verb::Close | Verb::Reduce | Verb::Take
                )
            });
            if leaves && !draft.all && draft.share.is_none() && draft.percent.is_empty() {
                // "sell half of AAPL and MSFT"
                draft.share = before
                    .share
                    .or_else(|| before.percent.first().map(|(part, _)| *part));
            }
            if before.verbs.is_empty() {
                draft.break_even |= before.break_even;
                draft.toward |= before.toward;
            }
        }
        if part.same_subject
            && draft.subject.is_none()
            && let Some(before) = drafts.last()
        {
            draft.subject.clone_from(&before.subject);
            if !draft.is_option() {
                (draft.strike, draft.right, draft.expiry) = (before.strike, before.right, before.expiry);
            }
        }
        drafts.push(draft);
    }
    if alternatives(&drafts) {
        finding.nothing = Some(NoTrade::Watchlist);
        return;
    }
    for draft in &drafts {
        conclude(draft, context, around, finding);
    }
}

/// "1) long SOL 160 2) short SOL 166": a choice, not two orders.
fn alternatives(drafts: &[Draft]) -> bool {
    let side = |draft: &Draft| match draft.verbs.first().map(|d| (d.verb, d.past)) {
        Some((Verb::Long | Verb::Buy, false)) => Some(true),
        Some((Verb::Short, false)) => Some(false),
        _ => None,
    };
    let name = |draft: &Draft| draft.subject.as_ref().map(|t| t.symbol.clone());
    drafts.iter().enumerate().any(|(i, a)| {
        let bare = a.stop.is_none() && !a.market && !a.is_option();
        bare && drafts.iter().skip(i + 1).take(MOST_COMPARED).any(|b| {
            let both = matches!((side(a), side(b)), (Some(x), Some(y)) if x != y);
            both && b.stop.is_none() && !b.market && !b.is_option() && name(a).is_some() && name(a) == name(b)
        })
    })
}

/// A clause is compared with so many that follow, so that the work stays linear.
const MOST_COMPARED: usize = 4;

fn bytes(glyphs: &[Glyph], offset: usize, from: usize, to: usize) -> (usize, usize) {
    let start = glyphs.get(from).map_or(0, |g| g.at as usize);
    let end = glyphs
        .get(to.saturating_sub(1).max(from))
        .map_or(start, |g| g.at as usize + usize::from(g.len));
    (offset + start, offset + end)
}

fn conclude(draft: &Draft, context: &Context, around: Around, finding: &mut Finding) {
    match decide::decide(draft, around) {
        Outcome::Nothing(reason) => {
            finding.nothing.get_or_insert(reason);
        }
        Outcome::Act {
            instructions,
            inferred,
            fault,
        } => {
            let first = finding.instructions.len();
            for (i, _) in instructions.iter().enumerate() {
                finding.spans.extend(
                    draft
                        .marks
                        .iter()
                        .filter(|m| i == 0 || matches!(m.field, "symbol" | "stop"))
                        .map(|m| Span {
                            instruction: first + i,
                            field: m.field.to_owned(),
                            start: m.from,
                            end: m.to,
                        }),
                );
            }
            finding
                .unread
                .extend(draft.unread.iter().map(|n| n.normalize().to_string()));
            if inferred.len() > finding.inferred.len() {
                finding.inferred = inferred;
            }
            let late = (context.posted_at.seconds() > 0)
                .then(|| ordercast_model::time::SessionZone::NewYork.day_of(context.posted_at))
                .and_then(|today| instructions.iter().find_map(|one| level::expired(one, today)));
            if let Some(fault) = fault.or(late) {
                finding.fault.get_or_insert(fault);
            }
            finding.bare |= !decide::plain(draft) && draft.stop.is_none() && draft.targets.is_empty();
            finding.instructions.extend(instructions);
        }
    }
}

/// The name that the only symbol of a text gives, for a follow-up that replies to it.
pub(super) fn lone_symbol(text: &str, symbols: &Symbols) -> Option<Subject> {
    let page = hygiene::clean(text);
    let tokens = lexer::lex(&page.glyphs);
    let mut work = 0;
    let items = scan::scan(tokens, Habit::default(), symbols, &mut work);
    let mut names = items.iter().filter_map(|i| match &i.kind {
        Kind::Symbol(t) if t.grade <= super::symbol::Grade::Plausible => Some(t),
        _ => None,
    });
    let first = names.next()?;
    names.all(|t| t.symbol == first.symbol).then(|| Subject {
        symbol: first.symbol.clone(),
        asset: first.asset,
        option: None,
        perpetual: first.perpetual,
    })
}

/// Certainty by the number of things inferred (PRODUCT SG-18).
pub(super) fn confidence(inferred: usize) -> Confidence {
    Confidence::thousandths(match inferred {
        0 => 950,
        1 => 850,
        2 => 660,
        3 => 520,
        _ => 300,
    })
}
