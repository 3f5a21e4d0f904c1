//! GET and PUT /me/notifications: what the user wants to be told in private, when, and whether commands are confirmed.

use axum::extract::State;
use ordercast_app::notice::settings::{self, NoticeChange};
use ordercast_model::notice::{NoticeSettings, QuietHours};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::{Reading, Writing},
    request::{IfMatch, Json},
    session::{From, Login},
    state::App,
};

/// Hours in which only outages and approval cards are told at once; the rest follows when they end.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietView {
    /// When they begin, `22:00`.
    #[schema(example = "22:00")]
    pub from: String,
    /// When they end, `07:00`; may lie on the next day.
    #[schema(example = "07:00")]
    pub to: String,
    /// Time zone.
    #[schema(example = "Europe/Berlin")]
    pub zone: String,
}

/// What is told in private.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeBody {
    /// Private messages at all.
    pub enabled: bool,
    /// Fills and closed positions.
    pub fills: bool,
    /// Refusals by risk or venue.
    pub refusals: bool,
    /// Limits, locks, kills.
    pub limits: bool,
    /// Trouble with a venue, an order or protection.
    pub outages: bool,
    /// Whether `/buy`, `/sell` and `/close` show a card first.
    pub confirm_slash: bool,
    /// Quiet hours; null for none.
    pub quiet: Option<QuietView>,
}

/// The settings with their version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeView {
    /// Version to be named in `If-Match`; 0 for the defaults.
    pub version: u64,
    /// Whether the user is linked with a Discord account, without which nothing is told there.
    pub linked: bool,
    /// The settings.
    pub settings: NoticeBody,
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn minutes(field: &'static str, text: &str) -> Result<u32, ApiError> {
    let wrong = || ApiError::invalid(field, format!("expected a time such as 22:00, got {text:?}"));
    let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
    let two = |part: &str, max: u32| -> Option<u32> {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|n| digits && *n < max)
    };
    let (hours, minutes) = two(hours, 24).zip(two(minutes, 60)).ok_or_else(wrong)?;
    Ok(hours * 60 + minutes)
}

impl NoticeBody {
    fn read(self) -> Result<NoticeChange, ApiError> {
        let quiet = match self.quiet {
            None => None,
            Some(quiet) => {
                let (from, to) = (
                    minutes("quiet.from", &quiet.from)?,
                    minutes("quiet.to", &quiet.to)?,
                );
                if from == to {
                    return Err(ApiError::invalid(
                        "quiet.to",
                        "expected another time than quiet.from",
                    ));
                }
                let hours = QuietHours::new(from, to, &quiet.zone);
                Some(hours.ok_or_else(|| {
                    ApiError::invalid(
                        "quiet.zone",
                        format!("expected a time zone such as Europe/Berlin, got {:?}", quiet.zone),
                    )
                })?)
            }
        };
        Ok(NoticeChange {
            enabled: Some(self.enabled),
            fills: Some(self.fills),
            refusals: Some(self.refusals),
            limits: Some(self.limits),
            outages: Some(self.outages),
            confirm_slash: Some(self.confirm_slash),
            quiet: Some(quiet),
        })
    }
}

fn view(settings: NoticeSettings, linked: bool) -> NoticeView {
    NoticeView {
        version: settings.version,
        linked,
        settings: NoticeBody {
            enabled: settings.enabled,
            fills: settings.fills,
            refusals: settings.refusals,
            limits: settings.limits,
            outages: settings.outages,
            confirm_slash: settings.confirm_slash,
            quiet: settings.quiet.map(|quiet| QuietView {
                from: clock(quiet.from),
                to: clock(quiet.to),
                zone: quiet.zone,
            }),
        },
    }
}

/// What the user wants to be told in private.
#[utoipa::path(get, path = "/me/notifications", tag = "me", responses((status = 200, body = NoticeView), Reading))]
pub async fn show_notices(State(app): State<App>, login: Login) -> Result<axum::Json<NoticeView>, ApiError> {
    let settings = settings::read(&app.ctx, &login.user).await;
    let settings = settings.map_err(|error| ApiError::Unavailable(error.to_string()))?;
    Ok(axum::Json(view(settings, login.user.discord_id.is_some())))
}

/// Sets what the user wants to be told in private.
#[utoipa::path(put, path = "/me/notifications", tag = "me", request_body = NoticeBody,
    params(("If-Match" = String, Header, description = "Version that is changed; 0 for the defaults")),
    responses((status = 200, body = NoticeView), Writing))]
pub async fn set_notices(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    IfMatch(version): IfMatch,
    Json(body): Json<NoticeBody>,
) -> Result<axum::Json<NoticeView>, ApiError> {
    let change = body.read()?;
    let set = settings::change(&app.ctx, &login.user, version, change, &caller).await?;
    Ok(axum::Json(view(set, login.user.discord_id.is_some())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_read_or_refused() {
        for (text, want) in [("22:00", Some(1_320)), ("00:00", Some(0)), ("23:59", Some(1_439))] {
            assert_eq!(minutes("quiet.from", text).ok(), want, "{text}");
        }
        for text in ["24:00", "7:00", "07:60", "0700", "ab:cd", "+1:00", ""] {
            assert!(minutes("quiet.from", text).is_err(), "{text}");
        }
        assert_eq!(clock(61), "01:01");
    }
}
