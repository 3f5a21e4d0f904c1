//! Connecting an account on the broker's own page: the user leaves with a state bound to the session and comes back with a
//! code. What the broker gives for it passes the same checks as a credential that is typed in.

use ordercast_model::{
    connection::Connection,
    oauth::Errand,
    ports::oauth::Leave,
    user::{Session, User},
};

use super::{
    DeskError,
    connect::{self, NewConnection},
};
use crate::{
    context::Context,
    identity::{Caller, IdentityError},
    oauth::{self, Return, Turned},
};

/// Why no connection came of it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failed {
    /// On the way back.
    #[error(transparent)]
    Turned(#[from] Turned),
    /// In the checks that every connection passes.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<IdentityError> for Failed {
    fn from(error: IdentityError) -> Self {
        Self::Turned(error.into())
    }
}

/// Sends a user to a broker's page; gives its address. Everything that can be checked is checked before.
///
/// # Errors
/// `NotFound` where the broker is not set up for this; else as [`connect::create`].
pub async fn leave(
    ctx: &Context,
    user: &User,
    session: &Session,
    new: NewConnection,
) -> Result<String, DeskError> {
    let authority = ctx
        .authorities
        .brokers
        .get(&new.broker)
        .ok_or(DeskError::NotFound)?;
    connect::may(ctx, user, session, &new).await?;
    let mode = new.mode;
    let errand = Errand::Broker {
        user_id: user.id,
        session_id: session.id,
        broker: new.broker,
        mode,
        label: new.label,
        default_for: new.default_for,
        confirm: new.confirm,
        rights_unread: new.rights_unread,
        daily_loss_action: new.daily_loss_action,
    };
    let ticket = oauth::depart(ctx, errand).await?;
    let leave = Leave {
        state: ticket.state.expose(),
        verifier: &ticket.verifier,
        mode: Some(mode),
    };
    authority
        .page(leave)
        .map_err(|error| DeskError::Unavailable(error.to_string()))
}

/// Connects the account of a user who comes back from a broker's page. Not safe to repeat: a state and a code work once.
///
/// # Errors
/// Says why nobody was let through, or which check refused.
pub async fn arrive(
    ctx: &Context,
    user: &User,
    session: &Session,
    back: Return,
    caller: &Caller,
) -> Result<Connection, Failed> {
    let ticket = oauth::recognise(ctx, &back.state).await?;
    let Errand::Broker {
        user_id,
        session_id,
        broker,
        mode,
        label,
        default_for,
        confirm,
        rights_unread,
        daily_loss_action,
    } = ticket.row.errand.clone()
    else {
        return Err(Turned::Unknown.into());
    };
    if user_id != user.id || session_id != session.id {
        return Err(Turned::Stranger.into());
    }
    oauth::spend(ctx, &ticket.row).await?;
    let code = back.code.ok_or(Turned::Declined)?;
    let authority = ctx.authorities.brokers.get(&broker).cloned().ok_or(Turned::Off)?;
    let new = NewConnection {
        broker,
        mode,
        label,
        cash: None,
        credential: None,
        default_for,
        confirm,
        rights_unread,
        daily_loss_action,
    };
    let tokens = authority
        .exchange(code.expose(), &ticket.verifier)
        .await
        .map_err(Turned::from)?;
    Ok(connect::granted(ctx, user, session, new, tokens.access, caller).await?)
}
