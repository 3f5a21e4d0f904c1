//! Whether a connection works (PRODUCT BR-22): one question for the account behind the credential. Decides what an answer
//! or a silence says of the connection; refuses to ask again where the credential was refused.

use std::time::Duration;

use ordercast_model::{
    connection::{Connection, Health},
    ports::{
        broker::{Access, Broker, BrokerError, VenueAccount},
        store::get,
    },
};

use crate::{
    execute::{JobError, access},
    lane::{Follow, Job},
    pulse::FAILURES,
    record::Post,
};

/// Wait before a venue that did not answer is asked again, the first times.
const SOON: Duration = Duration::from_secs(5);

/// Asks for the account and judges the connection by what comes. When it cannot be gone on with: what to do instead.
pub(super) async fn ask(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    again: Job,
) -> Result<Result<VenueAccount, Follow>, JobError> {
    let id = post.connection.id;
    let answer = broker.account(access).await;
    let now = post.ctx.clock.monotonic();
    match answer {
        Ok(venue) => {
            post.ctx.pulse.answered(id, now);
            if let Some(why) = another(post.connection, &venue) {
                post.disable(&why).await?;
                return Ok(Err(Follow::nothing()));
            }
            Ok(Ok(venue))
        }
        // Says nothing of the venue.
        Err(BrokerError::Busy { after }) => Ok(Err(Follow::after(post.ctx, after, again))),
        Err(BrokerError::Unauthorised(why)) => {
            post.ctx.pulse.answered(id, now);
            post.unauthorised(&why).await?;
            Ok(Err(Follow::nothing()))
        }
        Err(error) => {
            let failures = post.ctx.pulse.failed(id, now);
            post.health(Health::Down, Some(&error.to_string())).await?;
            // After that the regular looks go on.
            let follow = match failures < FAILURES {
                true => Follow::after(post.ctx, SOON, again),
                false => Follow::nothing(),
            };
            Ok(Err(follow))
        }
    }
}

/// The account behind the credential must be the one that was connected, and of its mode (PRODUCT BR-20, BR-25).
fn another(connection: &Connection, venue: &VenueAccount) -> Option<String> {
    if venue.mode != connection.mode {
        return Some("the account behind this credential is of another mode than was connected".to_owned());
    }
    (venue.account_id != connection.account_id)
        .then(|| "another account is behind this credential than was connected".to_owned())
}

/// Asks whether the connection works; all is compared once it works again. Safe to repeat.
pub async fn check(post: &Post<'_>, broker: &dyn Broker) -> Result<Follow, JobError> {
    let access = access(post).await?;
    if let Err(instead) = ask(post, broker, &access, Job::Check).await? {
        return Ok(instead);
    }
    let now = get::<Connection>(
        post.ctx.store.as_ref(),
        post.scope,
        &post.connection.id.to_string(),
    )
    .await?;
    Ok(match now {
        Some(c) if !matches!(c.health, Health::Ok | Health::Disabled) => Follow::at_once(Job::Sync),
        _ => Follow::nothing(),
    })
}
