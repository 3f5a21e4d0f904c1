//! Decides whether a message is a conversation somebody copied: lines with a speaker, or with a name and a time of day.
//! Refuses to read what the speakers say.

use super::{
    item::{Item, Kind},
    vocabulary::{Cue, Guard},
};

/// Whether the words of a message were said by several people, or by somebody at another time.
pub(super) fn conversation(items: &[Item], authors: &[(usize, usize)]) -> bool {
    let lines: Vec<&[Item]> = items.split(|i| i.newline()).filter(|l| !l.is_empty()).collect();
    let written = |l: &&&[Item]| {
        l.first()
            .is_none_or(|f| !authors.iter().any(|(a, b)| (*a..*b).contains(&f.from)))
    };
    let headed = lines
        .iter()
        .enumerate()
        .filter(|(i, l)| i + 1 < lines.len() && written(l) && signature(l))
        .count();
    if headed > 0 {
        return true;
    }
    let bare = lines.iter().filter(written).filter(|l| timed(l)).count();
    let stamped = lines.iter().filter(|l| stamp(l).is_some()).count();
    let talk = lines.iter().filter(written).filter(|l| speaks(l)).count();
    stamped > 1 || talk > 1 || bare > 1
}

/// `JohnDoe — Yesterday at 09:45`: a name, a dash, a time of day and nothing else.
fn signature(line: &[Item]) -> bool {
    const LONGEST: usize = 14;
    let Some(time) = line.iter().position(|i| i.kind == Kind::Ratio) else {
        return false;
    };
    let dash = line
        .iter()
        .take(time)
        .position(|i| i.gap && matches!(i.kind, Kind::Mark('-' | '•')) || matches!(i.kind, Kind::Mark('[')));
    let named = dash.is_some_and(|d| d > 0);
    let plain = line.iter().enumerate().all(|(at, i)| match i.kind {
        Kind::Word | Kind::Mark(_) | Kind::Emoji(_) | Kind::Ratio | Kind::Expiry(_) | Kind::Slashed(..) => {
            true
        }
        Kind::Symbol(_) => dash.is_some_and(|d| at < d) || at > time,
        Kind::Cue(Cue::At | Cue::Filler | Cue::Guard(Guard::OtherDay)) => true,
        _ => false,
    });
    named && plain && line.len() <= LONGEST && line.len() - time <= 3
}

/// `Alice 9:41 AM`: a name and a time of day.
fn timed(line: &[Item]) -> bool {
    let words = line
        .iter()
        .take_while(|i| matches!(i.kind, Kind::Word | Kind::Symbol(_)))
        .count();
    (1..=3).contains(&words)
        && line.get(words).is_some_and(|i| i.kind == Kind::Ratio)
        && line.len() <= words + 2
}

/// The items that a leading time of day takes: `[10:31 AM]`, `09:45`.
fn stamp(line: &[Item]) -> Option<usize> {
    let open = usize::from(
        line.first()
            .is_some_and(|i| matches!(i.kind, Kind::Mark('[' | '('))),
    );
    line.get(open).filter(|i| i.kind == Kind::Ratio)?;
    let close = line
        .iter()
        .take(open + 4)
        .position(|i| matches!(i.kind, Kind::Mark(']' | ')')));
    Some(close.map_or(open + 1, |c| c + 1))
}

/// `[10:31 AM] Lina: same, stop 86.5`: an unknown word and a colon, then something said.
fn speaks(line: &[Item]) -> bool {
    let from = stamp(line).unwrap_or(0);
    let said = line.get(from..).unwrap_or(&[]);
    let [name, colon, rest @ ..] = said else {
        return false;
    };
    let worded = rest.iter().any(|i| {
        i.word() && i.gap
            || i.verb().is_some()
            || i.is('?')
            || matches!(i.cue(), Some(Cue::Guard(_) | Cue::Pronoun | Cue::Negation))
    });
    name.word() && colon.is(':') && !colon.gap && worded
}
