//! Decides whose words an order is: "Mike: Buy AMD", "per Sarah: BTO ...". Refuses names behind which nothing is ordered.

use super::*;

/// Given names that mean nothing else to a trader, sorted.
const NAMES: &[&str] = &[
    "aaron",
    "adam",
    "alan",
    "albert",
    "alejandro",
    "alessandro",
    "alex",
    "alexander",
    "alice",
    "amanda",
    "amy",
    "ana",
    "andre",
    "andrea",
    "andrei",
    "andrew",
    "andy",
    "angela",
    "anna",
    "anne",
    "anthony",
    "antonio",
    "ashley",
    "barbara",
    "ben",
    "benjamin",
    "boris",
    "brad",
    "brandon",
    "brian",
    "bruno",
    "bryan",
    "carl",
    "carla",
    "carlos",
    "carol",
    "caroline",
    "chris",
    "christian",
    "christina",
    "claire",
    "claudia",
    "cody",
    "connor",
    "craig",
    "cramer",
    "dan",
    "daniel",
    "dave",
    "david",
    "debbie",
    "dennis",
    "diego",
    "dimitri",
    "dmitry",
    "donald",
    "doug",
    "dylan",
    "ed",
    "eddie",
    "edward",
    "elena",
    "emily",
    "emma",
    "eric",
    "erik",
    "ethan",
    "eva",
    "evan",
    "felix",
    "fernando",
    "francesco",
    "francois",
    "gabriel",
    "gary",
    "george",
    "giovanni",
    "giulia",
    "greg",
    "gregory",
    "hans",
    "harry",
    "helen",
    "henry",
    "ian",
    "igor",
    "isabel",
    "ivan",
    "jacob",
    "jake",
    "james",
    "jamie",
    "jan",
    "jane",
    "jason",
    "javier",
    "jeff",
    "jen",
    "jennifer",
    "jenny",
    "jeremy",
    "jerry",
    "jesse",
    "jessica",
    "jim",
    "jimmy",
    "joan",
    "joe",
    "joel",
    "johann",
    "john",
    "johnny",
    "jon",
    "jonas",
    "jonathan",
    "jordan",
    "jorge",
    "jose",
    "joseph",
    "josh",
    "joshua",
    "juan",
    "julia",
    "julie",
    "justin",
    "karen",
    "karl",
    "kate",
    "katie",
    "keith",
    "kelly",
    "ken",
    "kevin",
    "kim",
    "klaus",
    "kyle",
    "larry",
    "laura",
    "lauren",
    "leo",
    "linda",
    "lisa",
    "logan",
    "luca",
    "lucas",
    "luis",
    "luke",
    "marco",
    "marcus",
    "maria",
    "marie",
    "mario",
    "martin",
    "mary",
    "mateo",
    "matt",
    "matthew",
    "megan",
    "melissa",
    "michael",
    "michelle",
    "miguel",
    "mike",
    "mikhail",
    "nancy",
    "natalie",
    "nathan",
    "nick",
    "nicole",
    "nikolai",
    "noah",
    "oleg",
    "oliver",
    "olivia",
    "oscar",
    "pablo",
    "pam",
    "patrick",
    "paul",
    "paula",
    "pedro",
    "peter",
    "phil",
    "philip",
    "pierre",
    "rachel",
    "ralph",
    "randy",
    "ravi",
    "rebecca",
    "ricardo",
    "richard",
    "rick",
    "rob",
    "robert",
    "roberto",
    "roger",
    "ron",
    "ronald",
    "ryan",
    "sam",
    "samantha",
    "samuel",
    "sandra",
    "sarah",
    "scott",
    "sean",
    "sergei",
    "sergey",
    "simon",
    "sofia",
    "sophie",
    "stefan",
    "stephanie",
    "stephen",
    "steve",
    "steven",
    "sue",
    "susan",
    "tanya",
    "ted",
    "teresa",
    "terry",
    "thomas",
    "tim",
    "timothy",
    "todd",
    "tom",
    "tommy",
    "tony",
    "tyler",
    "vanessa",
    "victor",
    "vincent",
    "vladimir",
    "walter",
    "wayne",
    "wendy",
    "yuri",
    "zach",
];

/// The name a handle begins with: `JohnTrades`, `mike_fx`, `sarah99`.
fn given(text: &str) -> bool {
    let mut end = text.len();
    let mut lower = false;
    for (at, c) in text.char_indices() {
        if !c.is_alphabetic() || c.is_uppercase() && lower {
            end = at;
            break;
        }
        lower |= c.is_lowercase();
    }
    let first = text.get(..end).unwrap_or("").to_lowercase();
    NAMES.binary_search(&first.as_str()).is_ok()
}

impl Scanner<'_> {
    /// "Mike: Buy AMD @ 235": a name, a colon and an order.
    pub(super) fn speaker(&mut self, text: &str) -> bool {
        const LEAD: usize = 4;
        let line = || self.out.iter().rev().take(LEAD).take_while(|i| !i.newline());
        // "Alert from Mike: BTO ...": who signs what is alerted here.
        let signed = self.tokens.iter().take(self.at).rev().take(LEAD).any(|t| {
            matches!(
                t.low(),
                "alert" | "alerts" | "signal" | "signals" | "trade" | "call" | "entry" | "new"
            )
        });
        let leads = !signed
            && line().count() < LEAD
            && line().all(|i| i.verb().is_none() && i.figure().is_none() && i.symbol().is_none());
        let mut behind = 2;
        while self
            .token(behind)
            .is_some_and(|t| matches!(t.tok, Tok::Emoji(_) | Tok::Newline | Tok::Mark('"' | '*')))
            && behind < 4
        {
            behind += 1;
        }
        let says = self.tokens.get(self.at + behind..).unwrap_or(&[]);
        let verb = (0..3).any(|n| {
            matches!(
                vocabulary::phrase(says.get(n..).unwrap_or(&[])),
                Some((Cue::Verb(..) | Cue::CloseAll(_), _))
            )
        });
        if !(leads && verb && given(text)) {
            return false;
        }
        self.push(Kind::Cue(Cue::Guard(Guard::Quote)), 2);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_beginning() {
        assert!(NAMES.is_sorted());
        for name in ["Mike", "JohnTrades", "sarah99", "mike_fx", "JOHN"] {
            assert!(given(name), "{name}");
        }
        for other in ["Swing", "Momentum", "Johnson", "ALERT", "MikeyLikes"] {
            assert!(!given(other), "{other}");
        }
    }
}
