//! What a switch request names: what is covered, and why.

use ordercast_app::switch::Also;
use ordercast_model::{ids::ConnectionId, limits::SwitchScope, user::User};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{errors::ApiError, view::code};

/// Longest reason, in characters.
const REASON_MAX: usize = 200;

/// What a switch covers, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SwitchBody {
    /// What is covered: `user` (the own account in whole; the default), `connection`, `follow`, and for staff
    /// `provider`, `community`, `platform`.
    pub scope: Option<code::SwitchScope>,
    /// Id of the connection, follow, provider or community.
    pub id: Option<String>,
    /// Why, at most 200 characters.
    #[schema(max_length = 200)]
    pub reason: Option<String>,
    /// For a kill: also close every managed position it covers, at the market (options at a limit). Repeated until nothing
    /// is held; in a closed market the closes wait for the open.
    pub flatten: bool,
    /// For a kill of the platform: nothing leaves at all, closes and protection included. Not together with `flatten`.
    pub freeze: bool,
    /// To lift a kill: `RESUME`, typed out. Setting one needs no word.
    pub confirm: Option<String>,
}

impl SwitchBody {
    /// What is covered.
    ///
    /// # Errors
    /// `NotFound` when the id is not one of the scope's kind.
    pub fn scope(&self, user: &User) -> Result<SwitchScope, ApiError> {
        let id = self.id.as_deref().unwrap_or("");
        let missing = |_| ApiError::NotFound;
        Ok(match self.scope.unwrap_or(code::SwitchScope::User) {
            code::SwitchScope::User => SwitchScope::User(user.id),
            code::SwitchScope::Platform => SwitchScope::Platform,
            code::SwitchScope::Connection => SwitchScope::Connection(id.parse().map_err(missing)?),
            code::SwitchScope::Follow => SwitchScope::Follow(id.parse().map_err(missing)?),
            code::SwitchScope::Provider => SwitchScope::Provider(id.parse().map_err(missing)?),
            code::SwitchScope::Community => SwitchScope::Community(id.parse().map_err(missing)?),
        })
    }
    /// What a kill does besides.
    #[must_use]
    pub const fn also(&self) -> Also {
        Also {
            flatten: self.flatten,
            freeze: self.freeze,
        }
    }
    /// Nothing but a kill closes or freezes.
    ///
    /// # Errors
    /// `Invalid` when this asks for it.
    pub fn plain(&self) -> Result<(), ApiError> {
        for (field, asked) in [("flatten", self.flatten), ("freeze", self.freeze)] {
            if asked {
                return Err(ApiError::invalid(field, "only POST /risk/kill takes it"));
            }
        }
        Ok(())
    }
    /// Why.
    ///
    /// # Errors
    /// `Invalid` when it is too long.
    pub fn reason(&self) -> Result<String, ApiError> {
        written(self.reason.as_deref())
    }
    /// The word that has to be typed.
    ///
    /// # Errors
    /// `Invalid` when it is another.
    pub fn confirmed(&self, word: &str) -> Result<(), ApiError> {
        confirmed(self.confirm.as_deref(), word)
    }
}

/// Why a stop of the platform is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {
    /// `RESUME`, typed out.
    pub confirm: Option<String>,
    /// Why opening may go on, at most 200 characters.
    #[schema(max_length = 200)]
    pub reason: Option<String>,
}

impl LiftBody {
    /// Why, once the word was typed.
    ///
    /// # Errors
    /// `Invalid` for another word, or a reason that is too long.
    pub fn reason(&self) -> Result<String, ApiError> {
        confirmed(self.confirm.as_deref(), "RESUME")?;
        written(self.reason.as_deref())
    }
}

/// Whose lock is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockBody {
    /// The connection that is locked.
    pub connection_id: String,
    /// `UNLOCK`, typed out.
    pub confirm: Option<String>,
}

impl UnlockBody {
    /// The connection.
    ///
    /// # Errors
    /// `NotFound` when it is no id of one.
    pub fn connection(&self) -> Result<ConnectionId, ApiError> {
        self.connection_id.parse().map_err(|_| ApiError::NotFound)
    }
    /// The word that has to be typed.
    ///
    /// # Errors
    /// `Invalid` when it is another.
    pub fn confirmed(&self) -> Result<(), ApiError> {
        confirmed(self.confirm.as_deref(), "UNLOCK")
    }
}

fn written(reason: Option<&str>) -> Result<String, ApiError> {
    let reason = reason.unwrap_or("").trim();
    if reason.chars().count() > REASON_MAX || reason.chars().any(char::is_control) {
        return Err(ApiError::invalid(
            "reason",
            format!("expected at most {REASON_MAX} characters"),
        ));
    }
    Ok(reason.to_owned())
}

/// The word that is typed out to start trading again; the second factor is asked by the use case.
pub(crate) fn confirmed(typed: Option<&str>, word: &str) -> Result<(), ApiError> {
    if typed == Some(word) {
        Ok(())
    } else {
        Err(ApiError::invalid("confirm", format!("type {word} to confirm")))
    }
}
