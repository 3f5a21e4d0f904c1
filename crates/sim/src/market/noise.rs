//! Decides how draws come out of the seeded generator. Refuses any other source of chance.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde::{Deserialize, Serialize};

/// A seeded stream of draws that can be written down and taken up again.
#[derive(Debug, Clone)]
pub struct Noise(ChaCha8Rng);

/// Where a stream stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoiseState {
    seed: String,
    word: String,
}

impl Noise {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }
    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
    /// Normal, mean 0, variance 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
    /// Laplace, mean 0, variance 1: the size of jumps.
    pub fn jump(&mut self) -> f64 {
        let size = -(1.0 - self.unit()).ln() / std::f64::consts::SQRT_2;
        if self.chance(0.5) { size } else { -size }
    }
    /// Raw bytes, for names.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.0.fill_bytes(&mut out);
        out
    }
    /// What `restore` takes.
    #[must_use]
    pub fn state(&self) -> NoiseState {
        let seed = self.0.get_seed().iter().map(|b| format!("{b:02x}")).collect();
        NoiseState {
            seed,
            word: self.0.get_word_pos().to_string(),
        }
    }
    /// Takes a stream up where it stood; `None` when the state is not one.
    #[must_use]
    pub fn restore(state: &NoiseState) -> Option<Self> {
        let mut seed = [0_u8; 32];
        for (i, slot) in seed.iter_mut().enumerate() {
            *slot = u8::from_str_radix(state.seed.get(2 * i..2 * i + 2)?, 16).ok()?;
        }
        let mut rng = ChaCha8Rng::from_seed(seed);
        rng.set_word_pos(state.word.parse().ok()?);
        Some(Self(rng))
    }
}

/// Mixes a number into 64 well-spread bits; for figures that must not cost a draw.
#[must_use]
pub fn scatter(value: u64) -> u64 {
    let mut x = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The same as a number in [0, 1).
#[must_use]
pub fn scatter_unit(value: u64) -> f64 {
    (scatter(value) >> 11) as f64 / (1_u64 << 53) as f64
}

/// 64 bits of a text.
#[must_use]
pub fn text_bits(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
