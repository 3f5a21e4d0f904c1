//! The followers of the demo: who they are, how big, how careful, whom they follow. Data only.

use ordercast_model::{follow::Sizing, limits::Limits};
use ordercast_sim::cast::Manner;
use rust_decimal::Decimal;

/// One follower.
#[derive(Clone, Copy)]
pub struct Person {
    /// Name shown.
    pub name: &'static str,
    /// Opening cash, USD.
    pub cash: u32,
    /// How big.
    pub size: Size,
    /// Whom.
    pub follows: &'static [Manner],
    /// How careful.
    pub temper: Temper,
}

/// Sizing as data; percentages in tenths.
#[derive(Clone, Copy)]
pub enum Size {
    /// Per cent of equity, in tenths.
    Equity(u32),
    /// Per cent of equity at risk, in tenths.
    Risk(u32),
    /// US dollars.
    Dollars(u32),
    /// Shares, contracts or coins.
    Units(u32),
    /// The signal's own quantity.
    Signal,
    /// The defaults of a new follow: 2 % of equity, and a card is asked.
    Defaults,
}

/// A bundle of limits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// The defaults.
    Standard,
    /// Small positions, few of them.
    Careful,
    /// Large positions, shorting on.
    Bold,
    /// Very large positions, so that orders walk the book.
    Whale,
    /// Coins only.
    CoinsOnly,
}

use Manner::{Chatter, Coins, Embeds, Macro, Options, Shares, Swings};

const ALL: &[Manner] = &[Shares, Options, Coins, Embeds, Swings, Chatter, Macro];

const fn person(
    name: &'static str,
    cash: u32,
    size: Size,
    follows: &'static [Manner],
    temper: Temper,
) -> Person {
    Person {
        name,
        cash,
        size,
        follows,
        temper,
    }
}

/// The followers; the first is the one a visitor is logged in as.
pub const PEOPLE: &[Person] = &[
    person("Dana Whitfield", 100_000, Size::Equity(40), ALL, Temper::Standard),
    person(
        "Bruno Keller",
        25_000,
        Size::Equity(20),
        &[Shares, Embeds],
        Temper::Standard,
    ),
    person(
        "Chioma Eze",
        50_000,
        Size::Risk(10),
        &[Shares, Swings],
        Temper::Standard,
    ),
    person(
        "Diego Prado",
        10_000,
        Size::Units(100),
        &[Shares, Chatter],
        Temper::Standard,
    ),
    person(
        "Elif Arslan",
        250_000,
        Size::Dollars(15_000),
        &[Shares, Options, Coins],
        Temper::Bold,
    ),
    person(
        "Farid Haddad",
        5_000,
        Size::Equity(30),
        &[Coins],
        Temper::CoinsOnly,
    ),
    person(
        "Greta Lund",
        40_000,
        Size::Units(10),
        &[Options, Embeds],
        Temper::Standard,
    ),
    person(
        "Hiro Tanabe",
        2_000_000,
        Size::Units(1_200),
        &[Shares, Embeds],
        Temper::Whale,
    ),
    person(
        "Ines Moreau",
        60_000,
        Size::Equity(50),
        &[Swings, Macro],
        Temper::Standard,
    ),
    person(
        "Jonas Weber",
        15_000,
        Size::Dollars(2_500),
        &[Shares, Coins, Swings],
        Temper::Careful,
    ),
    person(
        "Keiko Sato",
        80_000,
        Size::Risk(5),
        &[Options, Swings],
        Temper::Careful,
    ),
    person(
        "Liam Byrne",
        30_000,
        Size::Signal,
        &[Shares, Options, Embeds],
        Temper::Standard,
    ),
    person(
        "Mirela Popa",
        12_000,
        Size::Equity(90),
        &[Chatter, Macro],
        Temper::Careful,
    ),
    person(
        "Nils Aalto",
        500_000,
        Size::Equity(60),
        &[Coins, Options],
        Temper::Bold,
    ),
    person(
        "Oona Virtanen",
        20_000,
        Size::Units(1),
        &[Options],
        Temper::Careful,
    ),
    person(
        "Paulo Reis",
        1_000_000,
        Size::Dollars(60_000),
        &[Coins, Shares],
        Temper::Whale,
    ),
    person(
        "Quynh Tran",
        18_000,
        Size::Equity(25),
        &[Embeds, Chatter],
        Temper::Standard,
    ),
    person(
        "Rosa Benitez",
        90_000,
        Size::Risk(20),
        &[Swings, Coins],
        Temper::Bold,
    ),
    person("Sven Olsen", 7_500, Size::Units(40), &[Shares], Temper::Careful),
    person(
        "Tamar Levi",
        45_000,
        Size::Equity(35),
        &[Shares, Options, Coins, Embeds],
        Temper::Standard,
    ),
    person(
        "Umar Farooq",
        33_000,
        Size::Dollars(5_000),
        &[Coins, Macro],
        Temper::CoinsOnly,
    ),
    person(
        "Vera Novak",
        120_000,
        Size::Equity(45),
        &[Options, Swings, Embeds],
        Temper::Bold,
    ),
    person(
        "Wanda Zielinska",
        9_000,
        Size::Signal,
        &[Coins, Chatter],
        Temper::Standard,
    ),
    person(
        "Xavier Dumont",
        70_000,
        Size::Units(25),
        &[Shares, Swings, Macro],
        Temper::Standard,
    ),
    person(
        "Yusuf Demir",
        22_000,
        Size::Equity(15),
        &[Embeds, Coins],
        Temper::Careful,
    ),
    person(
        "Zoe Carmichael",
        150_000,
        Size::Risk(15),
        &[Shares, Options, Swings],
        Temper::Bold,
    ),
    person(
        "Amara Okafor",
        28_000,
        Size::Defaults,
        &[Shares, Coins, Embeds],
        Temper::Standard,
    ),
    person(
        "Bela Horvath",
        35_000,
        Size::Defaults,
        &[Options, Swings, Coins],
        Temper::Standard,
    ),
];

impl Person {
    /// The follower's limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        let percent = |n: u32| Decimal::from(n);
        if !matches!(self.size, Size::Defaults) {
            // Sixty sessions pass in an hour, all within one day of limits; the show goes on for an afternoon.
            limits.daily_loss_pct = percent(10);
            limits.breaker_pct = percent(15);
            limits.orders_per_day = 2_000;
        }
        match self.temper {
            Temper::Standard => limits.per_symbol_max = 2,
            Temper::Careful => {
                limits.position_pct = percent(5);
                limits.positions_max = 4;
                limits.exposure_pct = percent(40);
            }
            Temper::Bold => {
                (limits.daily_loss_pct, limits.breaker_pct) = (percent(20), percent(25));
                limits.position_pct = percent(20);
                limits.positions_max = 25;
                limits.exposure_pct = percent(95);
                limits.allow_short = true;
                limits.per_symbol_max = 3;
            }
            Temper::Whale => {
                (limits.daily_loss_pct, limits.breaker_pct) = (percent(20), percent(25));
                limits.position_pct = percent(50);
                limits.positions_max = 30;
                limits.exposure_pct = percent(100);
                limits.option_contracts_max = percent(500);
                limits.per_symbol_max = 5;
                limits.allow_short = true;
            }
            Temper::CoinsOnly => {
                limits.allow_equity = false;
                limits.allow_option = false;
                limits.per_symbol_max = 3;
            }
        }
        limits
    }
    /// The follower's sizing; none for the defaults of a new follow.
    #[must_use]
    pub fn sizing(&self) -> Option<Sizing> {
        let tenths = |n: u32| Decimal::new(i64::from(n), 1);
        Some(match self.size {
            Size::Equity(n) => Sizing::PercentOfEquity { percent: tenths(n) },
            Size::Risk(n) => Sizing::RiskPercent { percent: tenths(n) },
            Size::Dollars(n) => Sizing::FixedNotional {
                amount: Decimal::from(n),
            },
            Size::Units(n) => Sizing::FixedQuantity {
                quantity: Decimal::from(n),
            },
            Size::Signal => Sizing::Signal {
                multiplier: Decimal::ONE,
            },
            Size::Defaults => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_of_followers_is_as_promised() {
        assert!(PEOPLE.len() >= 25);
        assert_eq!(
            PEOPLE.iter().filter(|p| matches!(p.size, Size::Defaults)).count(),
            2
        );
        let mut names: Vec<_> = PEOPLE.iter().map(|p| p.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PEOPLE.len());
    }
}
