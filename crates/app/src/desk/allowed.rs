//! Whether a user may have one more connection of a kind: the plan, and what real money asks for. Asks no venue.

use ordercast_model::{
    connection::{Connection, Mode},
    ports::broker::Capabilities,
    user::{Session, User},
};

use super::{DeskError, connect::NewConnection};
use crate::{context::Context, identity::factor};

/// What is typed before real money is traded.
const TYPED: &str = "LIVE";

/// The plan must allow one more of this mode.
pub(super) fn permit(user: &User, own: &[Connection], mode: Mode) -> Result<(), DeskError> {
    let entitled = user.plan.entitlement();
    let count = own.iter().filter(|c| c.mode == mode).count();
    let (allowed, words) = match mode {
        Mode::Paper => {
            let allowed = entitled.paper_connections_max.saturating_add(1);
            let words = format!("your plan allows {allowed} paper connections, the built-in one included");
            (allowed, words)
        }
        Mode::Live => {
            let allowed = entitled.live_connections_max;
            (allowed, format!("your plan allows {allowed} live connections"))
        }
    };
    if count < usize::try_from(allowed).unwrap_or(usize::MAX) {
        return Ok(());
    }
    Err(DeskError::Plan(words))
}

/// Whoever trades real money for the first time says what a tripped daily loss does.
pub(super) fn loss_action(new: &NewConnection, own: &[Connection]) -> Result<(), DeskError> {
    let field = "daily_loss_action";
    let first = !own.iter().any(|one| one.mode == Mode::Live);
    match (new.mode, new.daily_loss_action) {
        (Mode::Live, None) if first => Err(DeskError::invalid(
            field,
            "say what is done when your daily loss is reached: expected flatten (close every position Ordercast opened) or \
             block_only (open nothing more that day)",
        )),
        (Mode::Paper, Some(_)) => Err(DeskError::invalid(
            field,
            "asked for with real money only; for others it is set with the limits",
        )),
        _ => Ok(()),
    }
}

/// Real money asks for the deployment's leave, a second factor, a typed word, and knowing what the venue does not tell
/// (PRODUCT BR-20, SEC-07).
pub(super) async fn allow_live(
    ctx: &Context,
    user: &User,
    session: &Session,
    new: &NewConnection,
    can: &Capabilities,
) -> Result<(), DeskError> {
    if !ctx.live_trading {
        let why = "live trading is off in this deployment (ORDERCAST_LIVE_TRADING)";
        return Err(DeskError::Forbidden(why.to_owned()));
    }
    if new.confirm.as_deref() != Some(TYPED) {
        let expected = format!("type {TYPED} to trade real money");
        return Err(DeskError::invalid("confirm", expected));
    }
    if !can.withdraw_permission_readable && !new.rights_unread {
        let expected = format!(
            "{} does not tell whether a key may withdraw: make sure that it may not, and confirm with true",
            can.name
        );
        return Err(DeskError::invalid("rights_unread", expected));
    }
    factor::proven(ctx, user, session).await?;
    Ok(())
}
