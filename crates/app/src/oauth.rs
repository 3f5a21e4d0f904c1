//! Sending somebody to a vendor's page and knowing them again: a state that works once, for five minutes, for the browser
//! or session that left with it. Refuses to know what the vendor gives.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use ordercast_model::{
    oauth::{Departure, Errand},
    ports::{
        oauth::{Authority, OauthError, Portal},
        store::{Batch, CommitError, SystemQuery, find_any},
    },
    secret::Secret,
    tenant::SystemScope,
};

use crate::{
    context::Context,
    identity::{IdentityError, fresh_token, token_hash},
};

/// How long somebody may stay away.
pub const AWAY_MAX: Duration = Duration::from_secs(5 * 60);
/// What the digest of a state is made for: the verifier that the vendor is shown the hash of, and then the verifier.
pub(crate) const VERIFIER: &str = "oauth verifier";

const LEAVING: SystemScope =
    SystemScope::housekeeping("somebody comes back from a vendor before they are known here");

/// The vendors that people can be sent to.
#[derive(Default)]
pub struct Authorities {
    /// Who says who a person is; none where no login with Discord is set up.
    pub portal: Option<Arc<dyn Portal>>,
    /// By venue code.
    pub brokers: BTreeMap<String, Arc<dyn Authority>>,
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorities")
            .field("portal", &self.portal.is_some())
            .field("brokers", &self.brokers.keys())
            .finish()
    }
}

/// Why somebody who came back was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    /// Nobody can be sent there: it is not set up.
    #[error("not set up here")]
    Off,
    /// The state is not one of ours, or for something else.
    #[error("this address is not known")]
    Unknown,
    /// Another browser or session left with it.
    #[error("another browser began this")]
    Stranger,
    /// Somebody came back with it before.
    #[error("this address was used before; each works once")]
    Used,
    /// Too late.
    #[error("this took longer than five minutes")]
    Late,
    /// They did not allow it.
    #[error("it was not allowed at the vendor's page")]
    Declined,
    /// The vendor refused the code.
    #[error("the vendor refused: {0}")]
    Refused(String),
    /// The vendor does not answer.
    #[error("the vendor does not answer: {0}")]
    Away(String),
    /// Something of ours.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl Turned {
    /// A stable word for the journal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Unknown => "unknown_state",
            Self::Stranger => "another_browser",
            Self::Used => "state_used",
            Self::Late => "state_expired",
            Self::Declined => "declined",
            Self::Refused(_) => "refused",
            Self::Away(_) => "away",
            Self::Identity(_) => "failed",
        }
    }
}

impl From<OauthError> for Turned {
    fn from(error: OauthError) -> Self {
        match error {
            OauthError::Refused(why) => Self::Refused(why),
            OauthError::Away(why) => Self::Away(why),
        }
    }
}

/// Somebody on the way out.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// Handed back by the vendor.
    pub state: Secret<String>,
    /// Shown to the vendor by its hash.
    pub verifier: Secret<String>,
    /// What is kept of them.
    pub row: Departure,
}

/// What somebody brings back.
#[derive(Debug)]
pub struct Return {
    /// As the vendor handed it back.
    pub state: String,
    /// The code; none when they did not allow it.
    pub code: Option<Secret<String>>,
}

/// The verifier of a state, made again instead of kept.
fn verifier(
    ctx: &Context,
    key_version: Option<u32>,
    state: &str,
) -> Result<(u32, Secret<String>), IdentityError> {
    let digest = ctx.vault.digest(VERIFIER, key_version, &[state])?;
    // 64 characters that RFC 7636 takes.
    Ok((
        digest.key_version,
        Secret::new(hex::encode(digest.bytes.expose())),
    ))
}

/// Writes down that somebody leaves.
pub(crate) async fn depart(ctx: &Context, errand: Errand) -> Result<Ticket, IdentityError> {
    let state = fresh_token(ctx);
    let (key_version, verifier) = verifier(ctx, None, state.expose())?;
    let row = Departure {
        state_hash: token_hash(state.expose()),
        version: 1,
        key_version,
        errand,
        expires_at: ctx.now().plus(AWAY_MAX),
        used_at: None,
    };
    let mut batch = Batch::new();
    batch.insert(row.clone());
    ctx.commit(LEAVING, batch).await?;
    Ok(Ticket { state, verifier, row })
}

/// Who comes back with a state, and the verifier they left with. Safe to repeat: nothing is used up.
pub(crate) async fn recognise(ctx: &Context, state: &str) -> Result<Ticket, Turned> {
    let query = SystemQuery::Departure(token_hash(state));
    let rows = find_any::<Departure>(ctx.store.as_ref(), LEAVING, query).await;
    let row = rows.map_err(IdentityError::from)?.pop().ok_or(Turned::Unknown)?;
    let (_, verifier) = verifier(ctx, Some(row.key_version), state)?;
    Ok(Ticket {
        state: Secret::new(state.to_owned()),
        verifier,
        row,
    })
}

/// Uses a state up. Of two who come with it at once one is let through.
pub(crate) async fn spend(ctx: &Context, row: &Departure) -> Result<(), Turned> {
    if row.used_at.is_some() {
        return Err(Turned::Used);
    }
    let now = ctx.now();
    if now >= row.expires_at {
        return Err(Turned::Late);
    }
    let mut used = row.clone();
    used.version += 1;
    used.used_at = Some(now);
    let mut batch = Batch::new();
    batch.update(used);
    match ctx.commit(LEAVING, batch).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict { .. }) => Err(Turned::Used),
        Err(error) => Err(IdentityError::from(error).into()),
    }
}
