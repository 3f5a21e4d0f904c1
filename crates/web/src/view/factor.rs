//! The second factor as its owner sees it. Secrets and codes are in the answers that make them, and in no other.

use ordercast_app::identity::factor::{Enrolled, Offer, Shown, Standing, Stepped};
use ordercast_model::secret::Secret;
use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::errors::ApiError;

/// A code that was typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// Six digits of the authenticator, or a recovery code; spaces, dashes and case do not matter.
    #[schema(max_length = 64)]
    pub code: String,
}

/// What stands of a second factor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactorView {
    /// Whether an authenticator is in force.
    pub enrolled: bool,
    /// Since when; null when there is none.
    #[schema(required)]
    pub since: Option<String>,
    /// Recovery codes that still work.
    pub recovery_codes_left: usize,
    /// Nothing can be tried before this instant; null while one may try.
    #[schema(required)]
    pub locked_until: Option<String>,
    /// Until when this session may do what needs a second factor; null while it may not.
    #[schema(required)]
    pub stepped_up_until: Option<String>,
}

impl From<Standing> for FactorView {
    fn from(standing: Standing) -> Self {
        Self {
            enrolled: standing.since.is_some(),
            since: standing.since.map(|at| at.to_string()),
            recovery_codes_left: standing.codes_left,
            locked_until: standing.locked_until.map(|at| at.to_string()),
            stepped_up_until: standing.stepped_up_until.map(|at| at.to_string()),
        }
    }
}

/// A picture of squares to be read by a camera, as a path: `<svg viewBox="0 0 size size"><path d="path"/></svg>`, dark on
/// light. A margin of four squares is part of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QrView {
    /// Squares along each side.
    pub size: usize,
    /// Path of the dark squares.
    pub path: String,
}

/// What is shown once to set an authenticator up.
#[derive(Serialize, ToSchema)]
pub struct OfferView {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The address an authenticator opens, `otpauth://totp/...`.
    pub uri: String,
    /// The same address as a picture.
    pub qr: QrView,
    /// Until when it may be confirmed.
    pub expires_at: String,
}

impl TryFrom<&Offer> for OfferView {
    type Error = ApiError;
    fn try_from(offer: &Offer) -> Result<Self, ApiError> {
        Ok(Self {
            secret: offer.secret.expose().clone(),
            uri: offer.address.expose().clone(),
            qr: picture(offer.address.expose())?,
            expires_at: offer.until.to_string(),
        })
    }
}

/// Light squares around the code.
const MARGIN: usize = 4;

fn picture(text: &str) -> Result<QrView, ApiError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| ApiError::Internal(format!("no picture of the address: {error}")))?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + MARGIN, place / width + MARGIN);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Ok(QrView {
        size: width + 2 * MARGIN,
        path,
    })
}

/// A session that was stepped up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SteppedView {
    /// Until when it counts.
    pub stepped_up_until: String,
    /// A recovery code was used, and is used up.
    pub by_recovery_code: bool,
    /// Recovery codes that still work.
    pub recovery_codes_left: usize,
}

impl From<&Stepped> for SteppedView {
    fn from(stepped: &Stepped) -> Self {
        Self {
            stepped_up_until: stepped.until.to_string(),
            by_recovery_code: stepped.by_recovery_code,
            recovery_codes_left: stepped.codes_left,
        }
    }
}

/// Recovery codes, shown once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodesView {
    /// Each works once.
    pub recovery_codes: Vec<String>,
}

impl From<&[Secret<String>]> for RecoveryCodesView {
    fn from(codes: &[Secret<String>]) -> Self {
        Self {
            recovery_codes: codes.iter().map(|code| code.expose().clone()).collect(),
        }
    }
}

/// An authenticator that is in force now.
#[derive(Serialize, ToSchema)]
pub struct EnrolledView {
    /// Each works once; shown in this answer alone.
    pub recovery_codes: Vec<String>,
    /// Until when this session may do what needs a second factor.
    pub stepped_up_until: String,
}

impl From<&Enrolled> for EnrolledView {
    fn from(enrolled: &Enrolled) -> Self {
        Self {
            recovery_codes: RecoveryCodesView::from(enrolled.codes.as_slice()).recovery_codes,
            stepped_up_until: enrolled.stepped.until.to_string(),
        }
    }
}

/// What the demo's authenticator would show.
#[derive(Serialize, ToSchema)]
pub struct DemoCodeView {
    /// Six digits.
    pub code: String,
    /// Seconds until others are shown.
    pub seconds_left: u64,
}

impl From<Shown> for DemoCodeView {
    fn from(shown: Shown) -> Self {
        Self {
            code: shown.code.expose().clone(),
            seconds_left: shown.seconds_left,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    #[test]
    fn the_picture_has_its_margin_and_the_three_corners() {
        let picture = picture("otpauth://totp/Ordercast:A?secret=MZXW6YTBOI").unwrap();
        let last = picture.size - MARGIN - 7;
        for (x, y) in [(MARGIN, MARGIN), (last, MARGIN), (MARGIN, last)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1v1h-1z")), "{x} {y}");
        }
        assert!(!picture.path.contains("M3 "), "the margin is light");
    }
}
