//! Decides how latent values move: a common factor, volatility that clusters, fat-tailed jumps, bursts, gaps at the open.
//! Refuses to know ticks, spreads and listings beyond a volatility and a beta.

use serde::{Deserialize, Serialize};

use crate::market::noise::Noise;

/// Steps that make one session; a listing's volatility is that of their sum.
const SESSION_STEPS: f64 = 500.0;
/// Variance recursion: `next = FLOOR + SHOCK x shock^2 + MEMORY x now`, mean 1.
const FLOOR: f64 = 0.02;
const SHOCK: f64 = 0.08;
const MEMORY: f64 = 0.90;
/// Variance never grows beyond this multiple of its mean.
const VARIANCE_MAX: f64 = 30.0;
/// A name jumps about every 90 s, the whole market about every 8 minutes.
const JUMP_CHANCE: f64 = 1.0 / 900.0;
const MARKET_JUMP_CHANCE: f64 = 1.0 / 5_000.0;
/// Size of a jump in session volatilities.
const JUMP_SIZE: f64 = 0.35;
/// Pull towards the listed level: half of a distance is gone after 25 sessions.
const PULL: f64 = std::f64::consts::LN_2 / (25.0 * SESSION_STEPS);
/// Size of an ordinary gap at the open in session volatilities, and chance of one three times as large.
const GAP_SIZE: f64 = 0.45;
const SURPRISE_CHANCE: f64 = 0.04;

/// A variance that remembers: its mean is 1.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cluster(f64);

impl Default for Cluster {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Cluster {
    /// One shock of unit mean variance.
    pub fn shock(&mut self, noise: &mut Noise) -> f64 {
        let shock = self.0.sqrt() * noise.normal();
        self.0 = (FLOOR + SHOCK * shock * shock + MEMORY * self.0).min(VARIANCE_MAX);
        shock
    }
    /// How much wider than usual, as a standard deviation.
    #[must_use]
    pub fn width(self) -> f64 {
        self.0.sqrt()
    }
    fn excite(&mut self, by: f64) {
        self.0 = (self.0 + by).min(VARIANCE_MAX);
    }
}

/// How busy the market is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Regime {
    /// Most of the time.
    Calm,
    /// Wide awake.
    Busy,
    /// A burst of a few seconds.
    Burst,
}

impl Regime {
    const fn scale(self) -> f64 {
        match self {
            Self::Calm => 0.65,
            Self::Busy => 1.15,
            Self::Burst => 2.3,
        }
    }
    fn turn(self, noise: &mut Noise) -> Self {
        let draw = noise.unit();
        match self {
            Self::Calm if draw < 1.0 / 400.0 => Self::Busy,
            Self::Calm if draw < 1.0 / 400.0 + 1.0 / 1_500.0 => Self::Burst,
            Self::Busy if draw < 1.0 / 150.0 => Self::Calm,
            Self::Busy if draw < 1.0 / 150.0 + 1.0 / 500.0 => Self::Burst,
            Self::Burst if draw < 1.0 / 35.0 => Self::Busy,
            same => same,
        }
    }
}

/// What moves everything at once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Climate {
    shares: Cluster,
    coins: Cluster,
    regime: Regime,
    stress: f64,
}

impl Default for Climate {
    fn default() -> Self {
        Self {
            shares: Cluster::default(),
            coins: Cluster::default(),
            regime: Regime::Calm,
            stress: 1.0,
        }
    }
}

/// The common part of one step.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Shock of all shares.
    pub shares: f64,
    /// Shock of all coins.
    pub coins: f64,
    /// Jump of everything, in session volatilities; mostly 0.
    pub jump: f64,
    /// Scale of this step.
    pub scale: f64,
}

impl Climate {
    /// One step.
    pub fn step(&mut self, noise: &mut Noise) -> Weather {
        self.regime = self.regime.turn(noise);
        self.stress += 0.02 * (self.regime.scale() - self.stress);
        let shares = self.shares.shock(noise);
        let coins = 0.4 * shares + 0.917 * self.coins.shock(noise);
        let jump = if noise.chance(MARKET_JUMP_CHANCE) {
            JUMP_SIZE * noise.jump()
        } else {
            0.0
        };
        if jump != 0.0 {
            self.shares.excite(6.0);
            self.coins.excite(6.0);
        }
        Weather {
            shares,
            coins,
            jump,
            scale: self.regime.scale(),
        }
    }
    /// Slow measure of how busy it has been; about 1.
    #[must_use]
    pub const fn stress(&self) -> f64 {
        self.stress
    }
}

/// How a listing takes part.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Session volatility.
    pub volatility: f64,
    /// Correlation with the factor, signed, within -1 and 1.
    pub correlation: f64,
    /// Logarithm of the level it returns to.
    pub home: f64,
}

/// The latent value of one listing.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Latent {
    /// Logarithm of the value.
    pub log: f64,
    cluster: Cluster,
}

impl Latent {
    /// Starts at a price.
    #[must_use]
    pub fn new(price: f64) -> Self {
        Self {
            log: price.max(1e-12).ln(),
            cluster: Cluster::default(),
        }
    }
    /// The value as a price.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.log.exp()
    }
    /// How much wider than usual its movements are now.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.cluster.width()
    }
    /// One step in an open session; `factor` is its class's shock.
    pub fn step(&mut self, share: Share, factor: f64, weather: Weather, noise: &mut Noise) {
        let own = self.cluster.shock(noise);
        let rest = (1.0 - share.correlation * share.correlation).max(0.0).sqrt();
        let sigma = share.volatility / SESSION_STEPS.sqrt();
        self.log += sigma * weather.scale * (share.correlation * factor + rest * own);
        self.log += weather.jump * share.volatility * share.correlation;
        if noise.chance(JUMP_CHANCE) {
            self.log += JUMP_SIZE * share.volatility * noise.jump();
            self.cluster.excite(5.0);
        }
        self.log += PULL * (share.home - self.log);
    }
    /// What happened while the session was closed; `common` is the market's own gap.
    pub fn gap(&mut self, share: Share, common: f64, noise: &mut Noise) {
        let rest = (1.0 - share.correlation * share.correlation).max(0.0).sqrt();
        let own = if noise.chance(SURPRISE_CHANCE) {
            3.0 * noise.jump()
        } else {
            noise.normal()
        };
        self.log += GAP_SIZE * share.volatility * (share.correlation * common + rest * own);
        self.cluster.excite(2.0);
    }
}
